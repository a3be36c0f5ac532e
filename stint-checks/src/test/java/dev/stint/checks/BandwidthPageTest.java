package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// The table of docs/models/bandwidth.md is a fold over docs/fidelity.md, which another test keeps
/// up to date. `.ci/fidelity` rewrites it.
final class BandwidthPageTest {
  private static final String BEGIN = "<!-- From docs/fidelity.md: written by .ci/fidelity. -->\n";
  private static final String END = "<!-- End of table. -->\n";
  private static final String SECTION = "## Free run against guest-";
  private static final Map<String, List<String>> KERNELS =
      Map.of(
          "6.1.192", List.of("6.1.192_smp1"),
          "6.12.107", List.of("6.12.107_smp1"),
          "6.18.15", List.of("6.18.15_smp1", "6.18.15_smp2"));

  /// Kernel and model, by section, case and figure.
  private record Measured(String kernel, String model) {}

  private final Map<String, Measured> measured = new LinkedHashMap<>();

  @Test
  void table_foldedFromTheFidelityPage_isTheOneInDocs() throws IOException {
    readFidelity();
    Path file = Checkout.root().resolve("docs/models/bandwidth.md");
    String page = Files.readString(file);
    int begin = page.indexOf(BEGIN) + BEGIN.length();
    String made = page.substring(0, begin) + table() + page.substring(page.indexOf(END));
    if (System.getProperty("fidelity", "").equals("update")) {
      Files.writeString(file, made);
    }
    assertThat(Files.readString(file))
        .as("docs/models/bandwidth.md; run .ci/fidelity")
        .isEqualTo(made);
  }

  private void readFidelity() throws IOException {
    String section = "";
    for (String line : Files.readAllLines(Checkout.root().resolve("docs/fidelity.md"))) {
      if (line.startsWith("## ")) {
        section = line.startsWith(SECTION) ? line.substring(SECTION.length()) : "";
      } else if (!section.isEmpty() && line.startsWith("| d")) {
        String[] cells = line.split(" *\\| *");
        measured.put(section + " " + cells[1] + " " + cells[2], new Measured(cells[3], cells[4]));
      }
    }
  }

  private String table() {
    StringBuilder text = new StringBuilder("| case | figure | 6.1.192 | 6.12.107 | 6.18.15 |\n");
    text.append("|---|---|---|---|---|\n");
    String stretch = "throttled time per throttled period, ms";
    ratio(text, "50/100 ms, 1 hog", stretch, "d1_quota50_1hog", "throttled_usec", "nr_throttled");
    ratio(
        text,
        "50/100 ms, 2 hogs on 1 CPU",
        "same",
        "d3_quota50_2hog_cpu1",
        "throttled_usec",
        "nr_throttled");
    ratio(
        text,
        "50/100 ms, 2 hogs on 2 CPUs",
        "same, summed over CPUs",
        "d2_quota50_2hog_2cpu",
        "throttled_usec",
        "nr_throttled");
    String job = "100 of 400 ms";
    String alone = "d4_noburst_per100_400";
    count(text, job + ", no burst, 27 jobs", "throttled periods", alone, "nr_throttled");
    count(text, "same", "periods", alone, "nr_periods since the go");
    ratio(text, "same", stretch, alone, "throttled_usec", "nr_throttled");
    String burst = "d5_burst50_per100_400";
    count(text, job + ", burst 50 ms, 27 jobs", "throttled periods", burst, "nr_throttled");
    count(text, "same", "bursts", burst, "nr_bursts");
    return text.toString();
  }

  private void count(StringBuilder text, String label, String what, String of, String figure) {
    row(text, label, what, section -> cell(section + " " + of + " " + figure));
  }

  private String cell(String key) {
    Measured found = measured.get(key);
    return found == null ? "" : found.kernel + " / " + found.model;
  }

  private void ratio(
      StringBuilder text, String label, String what, String of, String over, String under) {
    row(
        text,
        label,
        what,
        section -> {
          Measured above = measured.get(section + " " + of + " " + over);
          Measured below = measured.get(section + " " + of + " " + under);
          return above == null || below == null
              ? ""
              : divided(above.kernel, below.kernel) + " / " + divided(above.model, below.model);
        });
  }

  private static String divided(String milliseconds, String count) {
    double ms = Double.parseDouble(milliseconds.replace(" ms", ""));
    return String.format(Locale.ROOT, "%.2f", ms / Long.parseLong(count));
  }

  private static void row(
      StringBuilder text, String label, String what, Function<String, String> figure) {
    text.append("| ").append(label).append(" | ").append(what).append(" |");
    for (String kernel : List.of("6.1.192", "6.12.107", "6.18.15")) {
      String found = "";
      for (String section : KERNELS.getOrDefault(kernel, List.of())) {
        String here = figure.apply(section);
        found = here.isEmpty() ? found : here;
      }
      text.append(' ').append(found).append(found.isEmpty() ? "|" : " |");
    }
    text.append('\n');
  }
}
