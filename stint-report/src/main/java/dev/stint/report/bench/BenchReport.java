package dev.stint.report.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes what the benchmarks found: for people, for a page, as JSON.
public final class BenchReport {
  private static final List<String> COLUMNS =
      List.of(
          "case",
          "LPs",
          "VMs",
          "tasks",
          "events",
          "ns/event",
          "median",
          "floor",
          "ratio",
          "ns/timer",
          "core-s/CPU-s",
          "B/event",
          "live MB");

  private BenchReport() {}

  /// A table for a terminal.
  public static String text(BenchResult result) {
    StringBuilder text = new StringBuilder();
    for (BenchResult.Floor floor : result.floor()) {
      text.append(
          String.format(
              Locale.ROOT,
              "floor, %,6d LPs: %5.1f ns/event in one heap, %5.1f host by host (%.0f events per"
                  + " core-second)%n",
              floor.lps(),
              floor.heapNs(),
              floor.hostNs(),
              floor.eventsPerCoreSecond()));
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%n%-26s %6s %6s %7s %11s %9s %8s %7s %6s %9s %13s %8s %8s%n",
            COLUMNS.toArray()));
    for (BenchResult.Case one : result.cases()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-26s %,6d %,6d %,7d %,11d %9s %8s %7.1f %6s %9.1f %,13.0f %8s %8.1f%n",
              cells(one)));
    }
    return text.toString();
  }

  private static Object[] cells(BenchResult.Case one) {
    return new Object[] {
      one.name(),
      one.lps(),
      one.vms(),
      one.tasks(),
      one.events(),
      perEvent(one, "%.1f", one.eventNs()),
      perEvent(one, "%.1f", one.eventMedianNs()),
      one.floorNs(),
      perEvent(one, "%.2f", one.floorRatio()),
      one.timerEventNs(),
      one.coreSecondsPerCpuSecond(),
      perEvent(one, "%.3f", one.bytesPerEvent()),
      one.peakBytes() / 1e6
    };
  }

  private static String perEvent(BenchResult.Case one, String format, double value) {
    return one.eventful() ? String.format(Locale.ROOT, format, value) : "-";
  }

  /// The same as tables of Markdown.
  public static String markdown(BenchResult result) {
    StringBuilder text =
        new StringBuilder(
            "| LPs | one heap, ns/event | host by host, ns/event | events per core-second |\n"
                + "|---:|---:|---:|---:|\n");
    for (BenchResult.Floor floor : result.floor()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| %,d | %.1f | %.1f | %.0f |\n",
              floor.lps(),
              floor.heapNs(),
              floor.hostNs(),
              floor.eventsPerCoreSecond()));
    }
    text.append("\n| ").append(String.join(" | ", COLUMNS)).append(" |\n|---|");
    text.append("---:|".repeat(COLUMNS.size() - 1)).append('\n');
    for (BenchResult.Case one : result.cases()) {
      text.append(
          String.format(
              Locale.ROOT,
              "| `%s` | %,d | %,d | %,d | %,d | %s | %s | %.1f | %s | %.1f | %,.0f | %s | %.1f |\n",
              cells(one)));
    }
    return text.toString();
  }

  /// `{quick, machine, peak_rss_bytes, floor:{...}, cases:[...]}` in UTF-8 with a final line break;
  /// leaves `out` open.
  public static void json(BenchResult result, OutputStream out) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode root = mapper.createObjectNode();
    root.put("quick", result.quick());
    root.put("machine", result.machine());
    root.put("peak_rss_bytes", result.peakRssBytes());
    ObjectNode floor = root.putObject("floor");
    for (BenchResult.Floor size : result.floor()) {
      floor
          .putObject(Integer.toString(size.lps()))
          .put("ns_per_event", rounded(size.heapNs()))
          .put("host_by_host_ns_per_event", rounded(size.hostNs()))
          .put("events_per_core_s", rounded(size.eventsPerCoreSecond()));
    }
    ArrayNode cases = root.putArray("cases");
    result.cases().forEach(one -> put(one, cases.addObject()));
    try {
      out.write(mapper.writeValueAsBytes(root));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void put(BenchResult.Case one, ObjectNode json) {
    json.put("name", one.name())
        .put("assembly", one.assembly())
        .put("lps", one.lps())
        .put("vms", one.vms())
        .put("tasks", one.tasks())
        .put("hosts", one.hosts())
        .put("simulated_ns", one.simulatedNs())
        .put("events", one.events())
        .put("ns_per_event", perEvent(one, one.eventNs()))
        .put("median_ns_per_event", perEvent(one, one.eventMedianNs()))
        .put("floor_ns_per_event", rounded(one.floorNs()))
        .put("floor_ratio", perEvent(one, one.floorRatio()))
        .put("timer_events", one.timerEvents())
        .put("ns_per_timer_event", rounded(one.timerEventNs()))
        .put("core_s_per_cpu_s", rounded(one.coreSecondsPerCpuSecond()))
        .put("bytes_per_event", perEvent(one, one.bytesPerEvent()))
        .put("peak_bytes", one.peakBytes());
  }

  private static @Nullable Double perEvent(BenchResult.Case one, double value) {
    return one.eventful() ? rounded(value) : null;
  }

  /// To thousandths.
  private static double rounded(double value) {
    return Math.rint(value * 1000) / 1000;
  }
}
