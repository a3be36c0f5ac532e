package dev.stint.cli;

import dev.stint.model.stack.Assembly;

/// A run that ended without figures.
final class RunFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final Assembly assembly;
  private final long simulatedNs;
  private final Throwable reason;

  RunFailure(Assembly assembly, long simulatedNs, Throwable reason) {
    super(reason);
    this.assembly = assembly;
    this.simulatedNs = simulatedNs;
    this.reason = reason;
  }

  Assembly assembly() {
    return assembly;
  }

  /// The simulated time last heard of, 0 if none.
  long simulatedNs() {
    return simulatedNs;
  }

  Throwable reason() {
    return reason;
  }
}
