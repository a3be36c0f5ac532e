package dev.stint.scenario;

import java.util.OptionalDouble;

/// Whether a run met an [Expectation].
///
/// @param expectation what was expected
/// @param path of the entity, or the expectation's own if no entity fits it
/// @param actual the run's figure; empty if the run has no such entity or figure
/// @param pass whether there is a figure and it is within the tolerance
public record Outcome(Expectation expectation, String path, OptionalDouble actual, boolean pass) {
  /// One line: what was expected of whom, what came, and whether that is good enough.
  public String render() {
    FigureUnit unit = expectation.unit();
    String got = actual.isPresent() ? unit.format(actual.getAsDouble()) : "nothing";
    return (pass ? "ok    " : "FAILED ")
        + expectation.assembly().text()
        + " "
        + path
        + " "
        + expectation.figure()
        + ": "
        + got
        + ", expected "
        + unit.format(expectation.value())
        + " within "
        + unit.format(expectation.tolerance())
        + " ("
        + expectation.source()
        + ")";
  }

  @Override
  public String toString() {
    return render();
  }
}
