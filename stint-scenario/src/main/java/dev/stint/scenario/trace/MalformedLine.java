package dev.stint.scenario.trace;

import java.io.Serial;

/// A line of a trace that cannot be read.
public final class MalformedLine extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String rule;
  private final String fix;

  MalformedLine(String rule, String fix) {
    super(rule + ". " + fix + ".", null, false, false);
    this.rule = rule;
    this.fix = fix;
  }

  /// What is wrong.
  public String rule() {
    return rule;
  }

  /// What to do about it.
  public String fix() {
    return fix;
  }
}
