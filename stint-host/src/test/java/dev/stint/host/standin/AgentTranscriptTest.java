package dev.stint.host.standin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.host.live.CannotRunLive;
import dev.stint.model.machine.CpuSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AgentTranscriptTest {
  private static final List<String> LINES =
      List.of(
          "policy fifo",
          "late 60000 300000 1200000",
          "turns 100",
          "from thread 11 1000 500 7 3",
          "from thread 12 1000 100 7 3",
          "from file proc/stat cpu  9 0 0 0 0 0 0 0 0 0\tcpu0 0 0 0 0 0 0 0 0 0 0\t",
          "from own cpu 5000000",
          "to thread 11 1000001000 700000500 7 3",
          "to thread 12 1000001000 200000100 7 3",
          "to file proc/stat cpu  9 0 0 0 0 0 0 0 0 0\tcpu0 91 0 2 5 0 0 0 2 0 0\t",
          "to own cpu 17000000");

  private static AgentTranscript transcript(List<String> lines) {
    AgentTranscript transcript = new AgentTranscript();
    lines.forEach(transcript::add);
    return transcript;
  }

  private static Map<String, String> families() {
    Map<String, String> families = new LinkedHashMap<>();
    families.put("11", "gold");
    families.put("12", "bronze");
    return families;
  }

  @Test
  void transcript_givesTimeOfGroups_andNoise() throws CannotRunLive {
    StandInRepetition made = transcript(LINES).read(families(), CpuSet.of(0), true);
    assertThat(made.runNs())
        .containsEntry("gold", 700_000_000L)
        .containsEntry("bronze", 200_000_000L);
    assertThat(made.windowNs()).isEqualTo(1_000_000_000L);
    assertThat(made.foreignPercent()).isEqualTo(3.0);
    assertThat(made.agentPercent()).isZero();
    assertThat(made.stealPercent()).isEqualTo(2.0);
    assertThat(made.agent())
        .isEqualTo(new StandInRepetition.Agent(true, 100, 60_000, 300_000, 1_200_000));
  }

  @Test
  void transcript_ofAnAgentOnTheLps_countsItApartFromOthers() throws CannotRunLive {
    StandInRepetition made = transcript(LINES).read(families(), CpuSet.of(0), false);
    assertThat(made.agentPercent()).isEqualTo(1.2);
    assertThat(made.foreignPercent()).isEqualTo(1.8);
  }

  @Test
  void transcript_withoutTheAgentsOwnTime_isRefused() {
    List<String> lines = LINES.stream().filter(line -> !line.startsWith("to own")).toList();
    assertThatThrownBy(() -> transcript(lines).read(families(), CpuSet.of(0), false))
        .isInstanceOf(CannotRunLive.class)
        .hasMessageContaining("took itself");
  }

  @Test
  void transcript_withoutAThreadsTime_isNoZero() {
    List<String> lines = LINES.stream().filter(line -> !line.startsWith("to thread 12")).toList();
    assertThatThrownBy(() -> transcript(lines).read(families(), CpuSet.of(0), true))
        .isInstanceOf(CannotRunLive.class)
        .hasMessageContaining("schedstat of 12");
  }

  @Test
  void transcript_withoutNoiseFigures_isRefused() {
    List<String> lines = LINES.stream().filter(line -> !line.contains("proc/stat")).toList();
    assertThatThrownBy(() -> transcript(lines).read(families(), CpuSet.of(0), true))
        .isInstanceOf(CannotRunLive.class)
        .hasMessageContaining("/proc/stat");
  }
}
