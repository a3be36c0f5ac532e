package dev.stint.cli;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// What kind of file `--trace` writes, told by the end of its name.
enum TraceFormat {
  PERFETTO(List.of(".pftrace", ".perfetto-trace")),
  PERFETTO_GZIP(List.of(".pftrace.gz", ".perfetto-trace.gz")),
  FTRACE(List.of(".ftrace.txt", ".ftrace", ".txt"));

  private final List<String> extensions;

  TraceFormat(List<String> extensions) {
    this.extensions = extensions;
  }

  static TraceFormat of(String file) {
    String name = file.toLowerCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(format -> format.extensions.stream().anyMatch(name::endsWith))
        .findFirst()
        .orElseThrow(() ->
            Refusal.input(
                "--trace "
                    + file
                    + ": the end of the name says what to write. Perfetto: "
                    + PERFETTO.choices()
                    + ", with .gz for a tenth of the size. The ftrace text of one Linux: "
                    + FTRACE.choices()
                    + "."));
  }

  private String choices() {
    return extensions.stream().collect(Collectors.joining(" or "));
  }
}
