package dev.stint.scenario;

/// One finding about a text: where, what, which rule, what to do.
///
/// @param severity error or warning
/// @param file the file's name as the caller gave it
/// @param line from 1; 0 when the finding is about the file as a whole
/// @param column from 1, in code points; 0 as `line`
/// @param value the text that is wrong, as written; empty when something is missing
/// @param rule what is wrong with which value, and the rule, as a clause without a full stop
/// @param fix what to do, as a sentence without a full stop
/// @param code the catalogue's entry
public record Diagnostic(
    Severity severity,
    String file,
    int line,
    int column,
    String value,
    String rule,
    String fix,
    DiagnosticCode code) {

  /// One line: `file:line:column: rule. Fix. [S014]`; warnings say so after the place.
  public String render() {
    String place = line == 0 ? file : file + ":" + line + ":" + column;
    String warning =
        switch (severity) {
          case ERROR -> "";
          case WARNING -> "warning: ";
        };
    return Texts.oneLine(place)
        + ": "
        + warning
        + Texts.oneLine(rule)
        + ". "
        + Texts.oneLine(fix)
        + (fix.endsWith("?") ? " [" : ". [")
        + code.id()
        + "]";
  }

  @Override
  public String toString() {
    return render();
  }
}
