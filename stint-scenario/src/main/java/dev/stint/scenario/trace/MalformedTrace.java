package dev.stint.scenario.trace;

import java.io.Serial;

/// A trace from which nothing can be told: the message says where, what, the rule and the fix.
public final class MalformedTrace extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  MalformedTrace(String place, String rule, String fix) {
    super(place + ": " + rule + ". " + fix + ".");
  }
}
