package dev.stint.scenario;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Collects the findings about one text, at most [#SHOWN_MAX] of each severity.
final class Problems {
  /// As many errors as a reader can use.
  static final int SHOWN_MAX = 20;

  private final String file;
  private final List<Diagnostic> errors = new ArrayList<>();
  private final List<Diagnostic> warnings = new ArrayList<>();

  Problems(String file) {
    this.file = file;
  }

  /// Records a finding. The fix ends without a full stop.
  void add(DiagnosticCode code, Position at, String value, String rule, String fix) {
    List<Diagnostic> list =
        switch (code.severity()) {
          case ERROR -> errors;
          case WARNING -> warnings;
        };
    Diagnostic diagnostic =
        new Diagnostic(code.severity(), file, at.line(), at.column(), value, rule, fix, code);
    // What stands in an alias's target is read once for every alias.
    if (list.size() < SHOWN_MAX && !list.contains(diagnostic)) {
      list.add(diagnostic);
    }
  }

  /// Records a finding about a scalar.
  void add(DiagnosticCode code, Tree.Scalar scalar, String rule, String fix) {
    add(code, scalar.at(), scalar.text(), rule, fix);
  }

  boolean hasErrors() {
    return !errors.isEmpty();
  }

  /// The errors in order of their places.
  List<Diagnostic> errors() {
    return sorted(errors);
  }

  /// The warnings in order of their places.
  List<Diagnostic> warnings() {
    return sorted(warnings);
  }

  private static List<Diagnostic> sorted(List<Diagnostic> list) {
    return list.stream()
        .sorted(Comparator.comparingInt(Diagnostic::line).thenComparingInt(Diagnostic::column))
        .toList();
  }
}
