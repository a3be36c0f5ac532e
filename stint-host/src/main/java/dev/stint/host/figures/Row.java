package dev.stint.host.figures;

/// A figure of a case beside the kernel's.
///
/// @param name the case
/// @param figure what was measured, and of which task or group
/// @param kernel the kernel's value
/// @param model the model's value
/// @param error how far apart they are
/// @param tolerance how far they may be; `-` for none
/// @param verdict whether they are that close
public record Row(
    String name,
    String figure,
    String kernel,
    String model,
    String error,
    String tolerance,
    Verdict verdict) {
  /// Whether a figure is within its tolerance.
  public enum Verdict {
    /// It is.
    PASS("pass"),
    /// It is not.
    MISS("**MISS**"),
    /// It has no tolerance.
    REPORTED("reported");

    private final String text;

    Verdict(String text) {
      this.text = text;
    }

    /// Of a figure with a tolerance.
    public static Verdict of(boolean pass) {
      return pass ? PASS : MISS;
    }
  }

  /// A row of a Markdown table.
  public String markdown() {
    return "| "
        + String.join(" | ", name, figure, kernel, model, error, tolerance, verdict.text)
        + " |\n";
  }
}
