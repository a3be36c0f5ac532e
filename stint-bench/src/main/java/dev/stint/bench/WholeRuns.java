package dev.stint.bench;

import dev.stint.report.bench.BenchRequest;
import dev.stint.report.bench.BenchResult;
import dev.stint.report.bench.BenchRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Measures whole runs of the model in turns with the floor, so that both meet the same machine.
public final class WholeRuns implements BenchRunner {
  private static final int[] FLOOR_LPS = {10, 100, 1000, 10_000};

  /// Made by [java.util.ServiceLoader].
  public WholeRuns() {}

  /// How much to measure.
  ///
  /// @param coreSeconds simulated in a round
  /// @param floorCoreSeconds the same of the floor
  /// @param rounds of each case
  private record Effort(double coreSeconds, double floorCoreSeconds, int rounds) {
    static Effort of(BenchRequest request) {
      Effort usual = request.quick() ? QUICK : FULL;
      int rounds = request.rounds().orElse(usual.rounds);
      return new Effort(usual.coreSeconds, usual.floorCoreSeconds, rounds);
    }
  }

  private static final Effort QUICK = new Effort(400, 500, 3);
  private static final Effort FULL = new Effort(10_000, 4_000, 7);

  @Override
  public BenchResult run(BenchRequest request, Consumer<String> progress) {
    Effort effort = Effort.of(request);
    progress.accept("floor");
    List<BenchResult.Floor> floor = new ArrayList<>();
    for (int lps : FLOOR_LPS) {
      floor.add(floor(lps, effort));
    }
    Pattern only = Pattern.compile(request.only());
    List<CaseFigures> cases = new ArrayList<>();
    for (BenchCase benchCase : BenchCases.all()) {
      boolean wanted = benchCase.quick() || !request.quick();
      if (wanted && only.matcher(benchCase.name()).find()) {
        progress.accept("memory of " + benchCase.name());
        cases.add(new CaseFigures(benchCase, effort.coreSeconds));
      }
    }
    // In turns, so that what else goes on here is shared by all, and none comes first when the code
    // is not compiled yet.
    for (int round = 1; round <= effort.rounds; round++) {
      for (CaseFigures figures : cases) {
        progress.accept(
            String.format(Locale.ROOT, "round %d of %d: %s", round, effort.rounds, figures.name()));
        figures.round(effort.floorCoreSeconds);
      }
    }
    return new BenchResult(
        request.quick(),
        machine(),
        floor,
        cases.stream().map(CaseFigures::result).toList(),
        peakRssBytes());
  }

  private static BenchResult.Floor floor(int lps, Effort effort) {
    double hostNs = Double.MAX_VALUE;
    double heapNs = Double.MAX_VALUE;
    for (int round = 0; round < 2 * effort.rounds; round++) {
      hostNs = Math.min(hostNs, FloorRound.hostNs(lps, effort.floorCoreSeconds));
      heapNs = Math.min(heapNs, FloorRound.heapNs(lps, effort.floorCoreSeconds));
    }
    double events = FloorRound.eventsPerCoreSecond(lps, effort.floorCoreSeconds);
    return new BenchResult.Floor(lps, hostNs, heapNs, events);
  }

  private static String machine() {
    String processor =
        firstValue(Path.of("/proc/cpuinfo"), "model name").orElse(System.getProperty("os.arch"));
    return String.format(
        Locale.ROOT,
        "%s, %d processors, %s %s, Java %s",
        processor,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name"),
        System.getProperty("os.version"),
        Runtime.version());
  }

  private static long peakRssBytes() {
    String kilobytes = firstValue(Path.of("/proc/self/status"), "VmHWM").orElse("0 kB");
    return Long.parseLong(kilobytes.replaceAll("\\D", "")) << 10;
  }

  private static Optional<String> firstValue(Path file, String key) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
