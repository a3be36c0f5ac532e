package dev.stint.cli;

/// What the process tells its caller.
enum ExitCode {
  /// Done.
  DONE(0),
  /// Done, and the answer is no: an expected figure was missed.
  NEGATIVE(1),
  /// Wrong usage or a wrong scenario.
  BAD_INPUT(2),
  /// Not possible here: no privilege, no memory, no space, an unsupported kernel.
  NOT_HERE(3),
  /// A bug in Stint.
  INTERNAL(70);

  private final int status;

  ExitCode(int status) {
    this.status = status;
  }

  int status() {
    return status;
  }
}
