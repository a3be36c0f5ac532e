package dev.stint.checks.golden;

import dev.stint.host.figures.Measured;
import dev.stint.host.figures.Measured.Jobs;
import dev.stint.host.figures.Measured.OfGroup;
import dev.stint.host.figures.Measured.OfTask;
import dev.stint.host.figures.Measured.Spread;
import dev.stint.host.figures.Range;
import dev.stint.host.figures.RunLengths;
import dev.stint.scenario.recording.GoldenScenario;
import dev.stint.scenario.recording.GoldenScenario.Found;
import dev.stint.scenario.recording.MalformedRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the `golden` directory.
public final class GoldenFiles {
  private static final String LIVE = "live-6.18.44";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path root;

  /// The files below `root`, the `golden` directory.
  public GoldenFiles(Path root) {
    this.root = root;
  }

  /// A guest's run.
  ///
  /// @param windowNs length of its window
  /// @param measured its figures; run lengths are those of the JSON file, in steps of 0.5 ms
  public record Guest(long windowNs, Measured measured) {}

  /// A live case: medians over its repetitions.
  public record Live(GoldenScenario scenario, Measured measured) {}

  /// The cases of a folder, in order.
  public List<String> cases(String folder) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve(folder))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".json"))
          .map(name -> name.substring(0, name.length() - ".json".length()))
          .sorted()
          .toList();
    }
  }

  /// The scenario of this name.
  public GoldenScenario scenario(String name) throws IOException {
    Path file = root.resolve(LIVE).resolve(name + ".json");
    try {
      return switch (GoldenScenario.read(file.toString(), Files.readString(file))) {
        case Found.Text(GoldenScenario scenario) -> scenario;
        case Found.Named _, Found.Other _ -> throw new IOException(file + " has no scenario");
      };
    } catch (MalformedRecording e) {
      throw new IOException(e);
    }
  }

  /// The trace of a guest's case, if it was kept.
  public Optional<Path> trace(String folder, String name) {
    Path file = root.resolve(folder).resolve(name + ".ftrace.txt.gz");
    return Files.exists(file) ? Optional.of(file) : Optional.empty();
  }

  private static JsonNode read(Path file) throws IOException {
    return JSON.readTree(Files.readAllBytes(file));
  }

  private static Map<String, JsonNode> children(JsonNode node) {
    Map<String, JsonNode> children = new LinkedHashMap<>();
    node.properties().forEach(entry -> children.put(entry.getKey(), entry.getValue()));
    return children;
  }

  /// A guest's case.
  public Guest guest(String folder, String name) throws IOException {
    JsonNode node = read(root.resolve(folder).resolve(name + ".json"));
    long windowNs = node.path("window_ns").asLong();
    Map<String, OfTask> tasks = new LinkedHashMap<>();
    for (JsonNode task : node.path("tasks")) {
      JsonNode app = task.path("app");
      Optional<Jobs> jobs =
          app.has("jobs")
              ? Optional.of(
                  new Jobs(
                      app.path("jobs").asDouble(),
                      app.path("misses").asDouble(),
                      app.path("skipped").asDouble(),
                      spread(app, "start_", ""),
                      spread(app, "resp_", "")))
              : Optional.empty();
      tasks.put(
          task.path("name").asString(),
          new OfTask(
              100.0 * task.path("run_ms").asDouble() * 1e6 / windowNs,
              Optional.of(lengths(task)),
              task.path("sw_inv").asDouble() * 1e9 / windowNs,
              task.path("sw_vol").asDouble() * 1e9 / windowNs,
              jobs));
    }
    Map<String, OfGroup> groups = new LinkedHashMap<>();
    children(node.path("groups")).forEach((group, text) -> groups.put(group, cpuStat(text)));
    return new Guest(windowNs, new Measured(tasks, groups));
  }

  private static RunLengths lengths(JsonNode task) {
    List<Long> lengths = new ArrayList<>();
    children(task.path("slice_hist_ms"))
        .forEach((floorMs, count) -> {
          long middleNs = Math.round((Double.parseDouble(floorMs) + 0.25) * 1e6);
          for (int i = 0; i < count.asInt(); i++) {
            lengths.add(middleNs);
          }
        });
    return RunLengths.of(lengths);
  }

  private static OfGroup cpuStat(JsonNode text) {
    Map<String, Double> values = new TreeMap<>();
    String[] words = text.asString().split(" ", -1);
    for (int i = 0; i + 1 < words.length; i += 2) {
      values.put(words[i], Double.parseDouble(words[i + 1]));
    }
    return new OfGroup(
        values.getOrDefault("nr_periods", 0.0),
        values.getOrDefault("nr_throttled", 0.0),
        values.getOrDefault("throttled_usec", 0.0) * 1_000,
        values.getOrDefault("nr_bursts", 0.0));
  }

  /// A live case.
  public Live live(String name) throws IOException {
    JsonNode node = read(root.resolve(LIVE).resolve(name + ".json"));
    Map<String, OfTask> tasks = new LinkedHashMap<>();
    children(node.path("tasks")).forEach((task, figures) -> tasks.put(task, liveTask(figures)));
    Map<String, OfGroup> groups = new LinkedHashMap<>();
    children(node.path("groups"))
        .forEach((group, figures) ->
            groups.put(
                group,
                new OfGroup(
                    range(figures.path("nr_periods")).median(),
                    range(figures.path("nr_throttled")).median(),
                    range(figures.path("throttled_time")).median(),
                    range(figures.path("nr_bursts")).median())));
    return new Live(scenario(name), new Measured(tasks, groups));
  }

  private static OfTask liveTask(JsonNode node) {
    JsonNode app = node.path("app");
    Optional<Jobs> jobs =
        app.has("jobs")
            ? Optional.of(
                new Jobs(
                    range(app.path("jobs")).median(),
                    range(app.path("misses")).median(),
                    range(app.path("skipped")).median(),
                    spread(app, "start_", "_ns"),
                    spread(app, "resp_", "_ns")))
            : Optional.empty();
    Optional<RunLengths> runs =
        node.has("slice_us")
            ? Optional.of(
                new RunLengths(
                    Map.of(),
                    Math.round(range(node.path("slice_us").path("p50")).median() * 1_000)))
            : Optional.empty();
    return new OfTask(
        range(node.path("cpu_pct")).median(),
        runs,
        range(node.path("involuntary_switches_per_s")).median(),
        range(node.path("voluntary_switches_per_s")).median(),
        jobs);
  }

  private static Spread spread(JsonNode app, String before, String after) {
    return new Spread(
        range(app.path(before + "p50" + after)), range(app.path(before + "p99" + after)));
  }

  private static Range range(JsonNode node) {
    return node.isNumber()
        ? Range.of(node.asDouble())
        : new Range(
            node.path("median").asDouble(),
            node.path("min").asDouble(),
            node.path("max").asDouble());
  }
}
