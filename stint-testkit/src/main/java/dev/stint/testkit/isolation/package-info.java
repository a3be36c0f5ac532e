/// Hostile partitions: random hypercalls against a naive idea of who owns what.
@org.jspecify.annotations.NullMarked
package dev.stint.testkit.isolation;
