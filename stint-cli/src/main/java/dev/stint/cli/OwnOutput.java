package dev.stint.cli;

import java.util.List;
import java.util.Locale;

/// What Stint writes for people to look at, and does not read again.
enum OwnOutput {
  PAGE("a page for a browser", List.of(".html", ".htm")),
  TRACE(
      "a trace for ui.perfetto.dev",
      List.of(".pftrace", ".perfetto-trace", ".pftrace.gz", ".perfetto-trace.gz"));

  private final String words;
  private final List<String> extensions;

  OwnOutput(String words, List<String> extensions) {
    this.words = words;
    this.extensions = extensions;
  }

  /// Refuses to read such a file, and says which one to read.
  ///
  /// @param command what was to read it
  static void refuse(String file, String command) {
    String name = file.toLowerCase(Locale.ROOT);
    for (OwnOutput output : values()) {
      if (output.extensions.stream().anyMatch(name::endsWith)) {
        throw Refusal.input(
            file
                + ": is "
                + output.words
                + " by its name, which Stint writes and does not read. Give "
                + command
                + (command.equals("explain")
                    ? " the scenario, a run directory that --out made, or"
                    : "")
                + " a trace of a real machine (ftrace, trace-cmd or perf text).");
      }
    }
  }

  /// Refuses the name of a page that does not look like one; devices have any name.
  static void checkPage(String option, String file) {
    String name = file.toLowerCase(Locale.ROOT);
    if (PAGE.extensions.stream().noneMatch(name::endsWith) && !name.startsWith("/dev/")) {
      throw Refusal.input(
          option
              + " \""
              + file
              + "\": the name of a page for a browser ends in "
              + String.join(" or ", PAGE.extensions)
              + ".");
    }
  }
}
