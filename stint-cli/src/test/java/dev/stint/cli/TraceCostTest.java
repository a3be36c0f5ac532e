package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.testkit.Skip;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a trace costs: time, bytes, memory. Files are left out, for they are the disk's.
class TraceCostTest {
  private static final double TIME_MOST = 1.5;
  private static final double NOISE_MOST = 1.15;
  private static final int BYTES_PER_EVENT_MOST = 40;
  private static final int ROUNDS = 6;

  @ParameterizedTest
  @CsvSource({"study/io-intercepts, 20", "l1vh/core-vs-integrated, 60"})
  void trace_ofARun_costsAtMostHalfOfItMore(String name, long seconds) throws IOException {
    Skip.unless(
        Runtime.getRuntime().availableProcessors() > 1, "the trace has no processor of its own");
    Scenario scenario = TracedForNobody.scenario(name, seconds * 1_000_000_000L);
    long[] plainNs = {Long.MAX_VALUE, Long.MAX_VALUE};
    long tracedNs = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long beginNs = System.nanoTime();
      Experiment.run(scenario, Assembly.INTEGRATED, RunOptions.DEFAULT);
      long middleNs = System.nanoTime();
      TracedForNobody.of(scenario, Assembly.INTEGRATED);
      plainNs[round % 2] = Math.min(plainNs[round % 2], middleNs - beginNs);
      tracedNs = Math.min(tracedNs, System.nanoTime() - middleNs);
    }
    long leastNs = Math.min(plainNs[0], plainNs[1]);
    double noise = (double) Math.max(plainNs[0], plainNs[1]) / leastNs;
    double ratio = (double) tracedNs / leastNs;
    String measured =
        String.format(
            Locale.ROOT,
            "%s: %.2f times as long with a trace; the same run twice without one: %.2f",
            name,
            ratio,
            noise);
    System.out.println(measured);
    Skip.unless(
        noise <= NOISE_MOST || ratio <= TIME_MOST, "too noisy here to be told: " + measured);
    assertThat(ratio).as(measured).isLessThanOrEqualTo(TIME_MOST);
  }

  @ParameterizedTest
  @CsvSource({"study/io-intercepts, 3", "l1vh/core-vs-integrated, 10", "study/overcommit, 2"})
  void trace_ofARun_hasAtMostFortyBytesAnEvent(String name, long seconds) throws IOException {
    Scenario scenario = TracedForNobody.scenario(name, seconds * 1_000_000_000L);
    TracedForNobody trace = TracedForNobody.of(scenario, Assembly.INTEGRATED);
    assertThat(trace.bytes()).isLessThanOrEqualTo(BYTES_PER_EVENT_MOST * trace.events());
  }

  /// Some 2 million events of the simulator in 256 MiB; 50 million with `-Dstint.soak=true`.
  @Test
  void trace_ofALongRun_fitsIntoLittleMemory() throws IOException, InterruptedException {
    boolean soak = Boolean.getBoolean("stint.soak");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            TracedForNobody.class.getName(),
            "study/io-intercepts",
            Assembly.INTEGRATED.name(),
            soak ? "2450" : "100");
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(Long.parseLong(said.strip())).isGreaterThan(soak ? 350_000_000L : 10_000_000L);
  }
}
