package dev.stint.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the commands say of a journal that somebody or something damaged: never that all is well.
///
/// ```
/// 1 begin   2 will 0 (batch)   3 did 0   4 will 1 (web)   5 did 1   6 applied
/// ```
final class DamagedJournalTest {
  private static final int LINES = 6;

  @TempDir private Path directory;
  private Shell shell;

  @BeforeEach
  void apply() throws IOException {
    shell =
        Shell.in(directory)
            .withFile(
                "proc/self/mountinfo", "30 23 0:28 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n")
            .withFile("proc/self/cgroup", "0::/\n")
            .withFile("run/empty", "")
            .withFile("sys/fs/cgroup/cgroup.controllers", "cpuset cpu\n")
            .withFile(weight("batch"), "100\n")
            .withFile(weight("web"), "200\n")
            .withFile("sys/fs/cgroup/machine.slice/batch/cpu.idle", "0\n")
            .withFile("sys/fs/cgroup/machine.slice/web/cpu.idle", "0\n")
            .withFile(
                "p.yaml",
                "owns: machine.slice\n"
                    + "cgroups: {batch: {cpu.weight: 11}, web: {cpu.weight: 22}}\n");
    assertThat(shell.stint("apply", "p.yaml", "--yes").status()).isZero();
    assertThat(Files.readAllLines(journal())).hasSize(LINES);
    assertThat(Files.readAllLines(journal()).get(1)).contains("batch");
  }

  private static String weight(String group) {
    return "sys/fs/cgroup/machine.slice/" + group + "/cpu.weight";
  }

  private Path journal() {
    return directory.resolve("run/stint/journal");
  }

  private void damage(int line) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(journal()));
    lines.set(line - 1, "X" + lines.get(line - 1).substring(1));
    Files.write(journal(), lines);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, LINES})
  void status_ofADamagedLine_isThatItCannotBeTold(int line) throws IOException {
    damage(line);
    Shell.Answer text = shell.stint("status");
    assertThat(text.status()).isEqualTo(3);
    assertThat(text.out()).doesNotContain("Nothing is applied", "is applied below");
    assertThat(text.err()).contains("journal:" + line + ": the line is damaged", "cannot be told");
    Shell.Answer answer = shell.stint("status", "--json", "-");
    assertThat(answer.status()).isEqualTo(3);
    JsonNode json = new JsonMapper().readTree(answer.out());
    assertThat(json.path("applied").isNull()).isTrue();
    assertThat(json.path("damaged").asBoolean()).isTrue();
    assertThat(json.path("damage").get(0).asString()).contains("journal:" + line + ":");
    assertThat(json.has("interrupted")).isFalse();
  }

  @Test
  void rollback_ofAFirstLineThatIsNotWhole_putsItAside() throws IOException {
    shell.stint("rollback");
    Files.writeString(journal(), "1234abcd beg");
    Shell.Answer answer = shell.stint("rollback");
    assertThat(answer.status()).isZero();
    assertThat(answer.out()).isEqualTo("All is as before.\n");
    assertThat(journal()).doesNotExist();
    assertThat(shell.stint("rollback").out()).isEqualTo("Nothing is applied.\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, LINES})
  void rollback_ofADamagedLine_restoresTheOthers_andKeepsTheJournal(int line) throws IOException {
    damage(line);
    byte[] before = Files.readAllBytes(journal());
    for (String[] command :
        new String[][] {{"rollback"}, {"rollback", "--force"}, {"rollback", "--keep"}}) {
      Shell.Answer answer = shell.stint(command);
      assertThat(answer.status()).isEqualTo(3);
      assertThat(answer.out()).doesNotContain("as before", "Nothing is applied");
      assertThat(answer.err())
          .contains("journal:" + line + ": the line is damaged", "by hand", "below machine.slice");
      assertThat(journal()).hasBinaryContent(before);
    }
    assertThat(directory.resolve(weight("batch"))).hasContent(line == 2 ? "11" : "100");
    assertThat(directory.resolve(weight("web"))).hasContent(line == 4 ? "22" : "200");
  }

  @Test
  void rollback_ofADamagedLine_saysWhatTheLineReads() throws IOException {
    damage(2);
    assertThat(shell.stint("rollback").err())
        .contains("will 0 cpu machine.slice/batch cpu.weight", "100%0A 11 WRITE");
  }

  @Test
  void rollback_ofADamagedLine_leavesWhatOthersChanged_unlessForced() throws IOException {
    damage(2);
    shell.withFile(weight("web"), "77\n");
    Shell.Answer kept = shell.stint("rollback");
    assertThat(kept.status()).isEqualTo(3);
    assertThat(kept.out()).contains("kept      machine.slice/web/cpu.weight");
    assertThat(kept.err()).contains("not all that the other lines name is as before");
    assertThat(directory.resolve(weight("web"))).hasContent("77");
    assertThat(shell.stint("rollback", "--force").status()).isEqualTo(3);
    assertThat(directory.resolve(weight("web"))).hasContent("200");
  }

  @Test
  void apply_onADamagedJournal_isRefused_untilItIsPutAside() throws IOException {
    damage(2);
    Shell.Answer same = shell.stint("apply", "p.yaml", "--yes");
    assertThat(same.status()).isEqualTo(3);
    assertThat(same.out()).doesNotContain("Nothing to write");
    assertThat(same.err()).contains("journal:2: the line is damaged", "stint rollback");
    shell.withFile("q.yaml", "owns: machine.slice\ncgroups: {batch: {cpu.weight: 5}}\n");
    assertThat(shell.stint("apply", "q.yaml", "--yes").status()).isEqualTo(3);
    assertThat(directory.resolve(weight("batch"))).hasContent("11");
    Files.move(journal(), directory.resolve("run/stint/journal.damaged"));
    assertThat(shell.stint("apply", "q.yaml", "--yes").status()).isZero();
  }

  @Test
  void journal_ofNothingButDamage_restoresNothing_andSaysSo() throws IOException {
    Files.writeString(journal(), "no journal\nat all\n");
    assertThat(shell.stint("status").status()).isEqualTo(3);
    Shell.Answer answer = shell.stint("rollback", "--force");
    assertThat(answer.status()).isEqualTo(3);
    assertThat(answer.err()).contains("journal:1:", "journal:2:", "by hand");
    assertThat(journal()).exists();
  }

  @Test
  void lineThatWasTakenOut_isDamage() throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(journal()));
    lines.remove(1);
    Files.write(journal(), lines);
    assertThat(shell.stint("status").err()).contains("journal:2: the line does not follow");
    assertThat(shell.stint("rollback").status()).isEqualTo(3);
    assertThat(directory.resolve(weight("web"))).hasContent("200");
  }

  @Test
  void lastLineThatIsTorn_isNoDamage() throws IOException {
    byte[] bytes = Files.readAllBytes(journal());
    Files.write(journal(), java.util.Arrays.copyOf(bytes, bytes.length - 3));
    Shell.Answer status = shell.stint("status");
    assertThat(status.status()).isEqualTo(1);
    assertThat(status.out()).contains("interrupted");
    assertThat(shell.stint("rollback").out()).endsWith("All is as before.\n");
    assertThat(journal()).doesNotExist();
  }

  @Test
  void journalThatIsNamed_andIsNotThere_isWrongUsage() {
    for (String command : new String[] {"rollback", "status"}) {
      Shell.Answer answer = shell.stint(command, "--journal", "nope");
      assertThat(answer.status()).isEqualTo(2);
      assertThat(answer.err()).contains("--journal nope: there is no such file");
    }
    assertThat(shell.stint("rollback", "--journal", "run/stint/journal").status()).isZero();
  }
}
