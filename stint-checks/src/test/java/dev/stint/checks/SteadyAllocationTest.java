package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Simulating allocates nothing once the run has seen all that it will see.
final class SteadyAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @EnumSource(Assembly.class)
  void secondHalfOfARun_allocatesAlmostNothing(Assembly assembly) {
    ReadResult read =
        ScenarioReader.read(
            Checkout.root().resolve("scenarios/l1vh/core-vs-integrated/scenario.yaml"));
    Scenario scenario = ((ReadResult.Loaded) read).scenario();
    long halfNs = scenario.durationNs() / 2;
    long[] bytesAt = new long[2];
    RunOptions options =
        new RunOptions(
            false,
            Optional.empty(),
            timeNs -> {
              if (timeNs == halfNs || timeNs == 2 * halfNs) {
                bytesAt[(int) (timeNs / halfNs) - 1] = THREADS.getCurrentThreadAllocatedBytes();
              }
            });
    RunResult result = Experiment.run(scenario, assembly, options);
    assertThat(bytesAt[1] - bytesAt[0])
        .as("bytes in about half of %d events", result.events())
        .isLessThan(result.events() / 4);
  }
}
