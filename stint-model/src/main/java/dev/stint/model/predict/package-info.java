/// Answers that need no simulation: entitled shares, closed forms and bounds; also the tests'
/// oracle.
@org.jspecify.annotations.NullMarked
package dev.stint.model.predict;
