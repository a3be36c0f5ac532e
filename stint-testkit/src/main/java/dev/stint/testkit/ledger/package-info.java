/// The ledger's naive oracle, and random traces to try both on.
@org.jspecify.annotations.NullMarked
package dev.stint.testkit.ledger;
