package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TimelineOutputTest {
  private static final String TWO =
      """
      name: two
      duration: 100ms
      machine: {cores: 1}
      under: [classic]
      hypervisor: {time-slice: 10ms}
      partitions:
        a: {vps: 1, tasks: {spin: {busy: {}}}}
        b: {vps: 1, tasks: {spin: {busy: {}}}}
      """;

  @TempDir private Path directory;

  @Test
  void timeline_twoVmsOnOneLp_drawsTheirTurns() {
    Shell shell = Shell.in(directory).withFile("two.yaml", TWO);
    Shell.Answer answer = shell.stint("run", "two.yaml", "--timeline", "0..100ms");
    assertThat(answer.out().lines().limit(10))
        .containsExactly(
            "two under classic: 0ns to 100ms, a column is 1.667ms",
            "lp0   |AAAAAABBBB|BBAAAAAABB|BBBBAAAAAA|BBBBBBAAAA|AABBBBBBAA|AAAABBBBBB|",
            "a/vp0 |CCCCCC----|--CCCCCC--|----CCCCCC|------CCCC|CC------CC|CCCC------|",
            "b/vp0 |------DDDD|DD------DD|DDDD------|DDDDDD----|--DDDDDD--|----DDDDDD|",
            "A  a/vp0",
            "B  b/vp0",
            "C  a/task:spin",
            "D  b/task:spin",
            "-  ready, not running",
            ".  idle or blocked");
  }

  @Test
  void timeline_alone_takesNoOtherWordAndFitsTheTerminal() {
    Shell shell = Shell.in(directory).withSmallScenario();
    Shell.Answer answer = shell.stint("compare", "--timeline", "small.yaml");
    assertThat(answer.code()).isEqualTo(ExitCode.DONE);
    List<String> bars = answer.out().lines().filter(line -> line.endsWith("|")).toList();
    assertThat(bars).hasSizeGreaterThan(20).allMatch(line -> line.length() <= 80);
    assertThat(answer.out()).contains("small under core: 100ms to 200ms");
    List<String> wide =
        shell
            .atTerminal(Map.of("COLUMNS", "150"))
            .stint("run", "small.yaml", "--timeline")
            .out()
            .lines()
            .filter(line -> line.endsWith("|"))
            .toList();
    assertThat(wide).allMatch(line -> line.length() > 120 && line.length() <= 150);
  }

  @Test
  void timeline_wrongRange_isRefused() {
    Shell shell = Shell.in(directory).withSmallScenario();
    for (String range : List.of("5ms", "5..x", "9ms..5ms", "150ms..300ms", "1ms..1ms")) {
      Shell.Answer answer = shell.stint("run", "small.yaml", "--timeline=" + range);
      assertThat(answer.code()).as(range).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(answer.err()).as(range).contains("--timeline=" + range);
    }
  }
}
