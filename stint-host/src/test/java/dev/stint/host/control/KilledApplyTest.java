package dev.stint.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.scenario.Policy;
import dev.stint.scenario.PolicyReader;
import dev.stint.scenario.PolicyResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `apply` that dies, or is refused, at every position: a rollback restores everything, also one
/// that dies itself.
final class KilledApplyTest {
  static final String POLICY =
      """
      owns: machine
      cgroups:
        gold: {cpu.weight: 300, cpu.max: 90000 100000, cpu.max.burst: 5000, cpuset.cpus: 2-3}
        gold/web: {cpu.max: 40000 50000, cpuset.cpus: 2}
        gold/db: {cpu.idle: 0, cpu.weight: 7, cpuset.cpus: 3}
        bronze: {cpu.idle: 1}
      """;

  static Policy policy(String text) {
    return switch (PolicyReader.read(text, "p.yaml")) {
      case PolicyResult.Loaded(Policy policy, var _) -> policy;
      case PolicyResult.Refused refused -> throw new AssertionError(refused.toString());
    };
  }

  /// A kernel on which the policy has much to do: moved CPUs, a smaller quota, lost weights.
  static FakeKernel kernel(int version) throws IOException {
    FakeKernel kernel = new FakeKernel(version, 4);
    for (String group :
        List.of("machine/gold", "machine/gold/web", "machine/gold/db", "machine/bronze")) {
      kernel.make(group);
    }
    if (version == 2) {
      return kernel;
    }
    kernel.write(new ControlFile("cpuset", "machine/gold/web", "cpuset.cpus"), "0");
    kernel.write(new ControlFile("cpuset", "machine/gold/db", "cpuset.cpus"), "1");
    kernel.write(new ControlFile("cpuset", "machine/gold", "cpuset.cpus"), "0-1");
    kernel.write(new ControlFile("cpu", "machine/gold", "cpu.cfs_quota_us"), "50000");
    kernel.write(new ControlFile("cpu", "machine/gold/web", "cpu.cfs_quota_us"), "50000");
    kernel.write(new ControlFile("cpu", "machine/gold/web", "cpu.cfs_burst_us"), "9000");
    kernel.write(new ControlFile("cpu", "machine/bronze", "cpu.shares"), "77");
    kernel.write(new ControlFile("cpu", "machine/gold/db", "cpu.idle"), "1");
    return kernel;
  }

  static Plan plan(ControlFiles files) {
    Plan plan = new Control(new HostFiles(Path.of("/nowhere"))).plan(policy(POLICY), files);
    assertThat(plan.problems()).isEmpty();
    return plan;
  }

  static Application.Outcome apply(Plan plan, ControlFiles files, JournalDisk disk)
      throws IOException {
    return new Application(files, Journal.read(disk)).apply(plan, 0, "", "p.yaml", "machine");
  }

  private static boolean dies(Plan plan, FakeKernel kernel, MemoryDisk disk, int position)
      throws IOException {
    Mortal process = Mortal.until(kernel, disk, position);
    try {
      apply(plan, process.files(), process.disk());
      return false;
    } catch (Mortal.Killed _) {
      return true;
    }
  }

  @Test
  void emptyCpusOfRunningProcesses_comeBackAsTheParents_whereverItDies() throws IOException {
    String empty = "cpuset.cpus=}";
    String text = "owns: machine\ncgroups: {gold: {cpuset.cpus: 2}, gold/web: {cpuset.cpus: 2}}";
    int positions = 0;
    for (boolean dies = true; dies; positions++) {
      FakeKernel kernel = kernel(2);
      kernel.write(new ControlFile("cpuset", "machine", ControlFile.SUBTREE), "+cpuset");
      kernel.populate("machine/gold/web");
      String before = kernel.toString();
      MemoryDisk disk = new MemoryDisk();
      Plan plan = new Control(new HostFiles(Path.of("/nowhere"))).plan(policy(text), kernel);
      assertThat(plan.notes()).anyMatch(note -> note.contains("machine/gold/cpuset.cpus is empty"));
      apply(plan, kernel, disk);
      Mortal process = Mortal.until(kernel, disk, positions);
      try {
        new Application(process.files(), Journal.read(process.disk())).rollback(false);
        dies = false;
      } catch (Mortal.Killed _) {
        rollBack(kernel, disk);
      }
      // The inner group's controller was enabled for it: that goes, and its list with it.
      String cpus = kernel.read(new ControlFile("cpuset", "machine/gold", "cpuset.cpus"));
      assertThat(cpus).isEqualTo("0-3\n");
      assertThat(kernel.toString().replace("cpuset.cpus=0-3}", empty)).isEqualTo(before);
    }
    assertThat(positions).isGreaterThan(10);
  }

  @Test
  void cpusOfAControllerThatItEnabled_areGoneWithIt_thoughProcessesRun() throws IOException {
    FakeKernel kernel = kernel(2);
    kernel.populate("machine/gold/web");
    String before = kernel.toString();
    MemoryDisk disk = new MemoryDisk();
    apply(plan(kernel), kernel, disk);
    rollBack(kernel, disk);
    assertThat(kernel).hasToString(before);
  }

  private static void rollBack(FakeKernel kernel, MemoryDisk disk) throws IOException {
    List<Undone> undone = new Application(kernel, Journal.read(disk)).rollback(false);
    // What enabling a controller made is gone when that is taken back.
    assertThat(undone)
        .allMatch(each -> each.how() == Undone.How.RESTORED || each.how() == Undone.How.GONE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void apply_undisturbed_isWhatThePolicySays_andComesBack(int version) throws IOException {
    FakeKernel kernel = kernel(version);
    String before = kernel.toString();
    MemoryDisk disk = new MemoryDisk();
    assertThat(apply(plan(kernel), kernel, disk)).isInstanceOf(Application.Outcome.Applied.class);
    assertThat(plan(kernel).changes()).as("nothing is left to do").isEmpty();
    assertThat(kernel.toString()).isNotEqualTo(before);
    rollBack(kernel, disk);
    assertThat(kernel).hasToString(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void apply_killedAtEveryPosition_isRolledBackExactly(int version) throws IOException {
    int positions = 0;
    for (boolean killed = true; killed; positions++) {
      FakeKernel kernel = kernel(version);
      String before = kernel.toString();
      MemoryDisk disk = new MemoryDisk();
      killed = dies(plan(kernel), kernel, disk, positions);
      rollBack(kernel, disk);
      assertThat(kernel).as("killed at %d", positions).hasToString(before);
      assertThat(new Application(kernel, Journal.read(disk)).rollback(false)).isEmpty();
    }
    assertThat(positions).isGreaterThan(100);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void rollback_killedAtEveryPosition_ofEveryKilledApply_isFinishedByAnother(int version)
      throws IOException {
    int pairs = 0;
    boolean applyDies = true;
    for (int first = 0; applyDies; first++) {
      FakeKernel left = kernel(version);
      String before = left.toString();
      MemoryDisk leftDisk = new MemoryDisk();
      applyDies = dies(plan(left), left, leftDisk, first);
      boolean rollbackDies = true;
      for (int second = 0; rollbackDies; second++) {
        FakeKernel kernel = new FakeKernel(left);
        MemoryDisk disk = new MemoryDisk();
        disk.append(leftDisk.read());
        Mortal process = Mortal.until(kernel, disk, second);
        try {
          new Application(process.files(), Journal.read(process.disk())).rollback(false);
          rollbackDies = false;
        } catch (Mortal.Killed _) {
          rollBack(kernel, disk);
        }
        assertThat(kernel).as("killed at %d, then at %d", first, second).hasToString(before);
        pairs++;
      }
    }
    assertThat(pairs).isGreaterThan(2_000);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void apply_refusedAtEveryWrite_restoresAllByItself(int version) throws IOException {
    int writes = plan(kernel(version)).changes().size();
    for (int refused = 0; refused < writes; refused++) {
      for (Faults.Kind kind : Faults.Kind.values()) {
        FakeKernel kernel = kernel(version);
        String before = kernel.toString();
        MemoryDisk disk = new MemoryDisk();
        Faults faults = new Faults(kernel, disk, kind, refused);
        Application.Outcome outcome = apply(plan(kernel), faults.files(), faults.disk());
        if (!faults.happened()) {
          continue;
        }
        assertThat(outcome).isInstanceOf(Application.Outcome.Restored.class);
        assertThat(kernel).as("%s at %d", kind, refused).hasToString(before);
        assertThat(Journal.read(disk).interrupted() && kind != Faults.Kind.DISK_FULL).isFalse();
        rollBack(kernel, disk);
        assertThat(kernel).hasToString(before);
      }
    }
  }

  @Test
  void valueOfSomebodyElse_isKept_unlessForced() throws IOException {
    FakeKernel kernel = kernel(1);
    String before = kernel.toString();
    MemoryDisk disk = new MemoryDisk();
    apply(plan(kernel), kernel, disk);
    ControlFile weight = new ControlFile("cpu", "machine/gold", "cpu.shares");
    kernel.write(weight, "555");
    assertThat(new Application(kernel, Journal.read(disk)).rollback(false))
        .filteredOn(each -> each.how() == Undone.How.KEPT)
        .extracting(Undone::file)
        .containsExactly(weight);
    assertThat(kernel.read(weight)).isEqualTo("555\n");
    new Application(kernel, Journal.read(disk)).rollback(true);
    assertThat(kernel).hasToString(before);
  }

  @Test
  void secondPolicy_onTopOfTheFirst_isRolledBackWithIt() throws IOException {
    FakeKernel kernel = kernel(1);
    String before = kernel.toString();
    MemoryDisk disk = new MemoryDisk();
    apply(plan(kernel), kernel, disk);
    String text = "owns: machine\ncgroups: {gold: {cpu.weight: 50}, gold/web: {cpuset.cpus: 3}}";
    Plan second = new Control(new HostFiles(Path.of("/nowhere"))).plan(policy(text), kernel);
    apply(second, kernel, disk);
    rollBack(kernel, disk);
    assertThat(kernel).hasToString(before);
  }

  @Test
  void damage_inTheMiddleOfTheJournal_isToldAndNotOverwritten() throws IOException {
    FakeKernel kernel = kernel(1);
    MemoryDisk disk = new MemoryDisk();
    apply(plan(kernel), kernel, disk);
    byte[] bytes = disk.read();
    bytes[bytes.length / 2] ^= 1;
    disk.close();
    disk.append(bytes);
    Journal journal = Journal.read(disk);
    assertThat(journal.damage()).hasSize(1);
    Application application = new Application(kernel, journal);
    assertThat(application.apply(plan(kernel(1)), 0, "", "p.yaml", "machine"))
        .isInstanceOfSatisfying(
            Application.Outcome.Restored.class, none -> assertThat(none.undone()).isEmpty());
    assertThat(disk.read()).isEqualTo(bytes);
  }

  /// Whichever line it is: the steps that the others announce are taken back, the last first.
  @Test
  void damage_inAnyLine_losesThatLineOnly() throws IOException {
    FakeKernel original = kernel(1);
    MemoryDisk whole = new MemoryDisk();
    apply(plan(original), original, whole);
    String[] lines = new String(whole.read(), StandardCharsets.US_ASCII).split("\n");
    int steps = Journal.read(whole).entries().size();
    for (int i = 0; i < lines.length; i++) {
      FakeKernel kernel = kernel(1);
      String before = kernel.toString();
      apply(plan(kernel), kernel, new MemoryDisk());
      String[] damaged = lines.clone();
      damaged[i] = "X" + damaged[i].substring(1);
      MemoryDisk disk = new MemoryDisk();
      disk.append((String.join("\n", damaged) + "\n").getBytes(StandardCharsets.US_ASCII));
      byte[] bytes = disk.read();
      Journal journal = Journal.read(disk);
      assertThat(journal.damage()).extracting(JournalDamage::line).containsExactly(i + 1);
      boolean lost = lines[i].contains("\twill\t");
      assertThat(journal.entries()).hasSize(lost ? steps - 1 : steps);
      assertThat(journal.owns()).isEqualTo("machine");
      new Application(kernel, journal).rollback(true);
      assertThat(disk.read()).isEqualTo(bytes);
      if (!lost) {
        assertThat(kernel).as(lines[i]).hasToString(before);
      }
    }
  }

  @Test
  void secondPolicy_whoseBeginningCannotBeWritten_leavesTheFirstInForce() throws IOException {
    FakeKernel kernel = kernel(1);
    MemoryDisk disk = new MemoryDisk();
    apply(plan(kernel), kernel, disk);
    String inForce = kernel.toString();
    JournalDisk full =
        new ForwardedDisk() {
          @Override
          public JournalDisk to() {
            return disk;
          }

          @Override
          public void append(byte[] bytes) throws IOException {
            throw new IOException("No space left on device");
          }
        };
    assertThat(apply(plan(kernel(1)), kernel, full))
        .isInstanceOf(Application.Outcome.Restored.class);
    assertThat(kernel).hasToString(inForce);
    assertThat(Journal.read(disk).settled()).isFalse();
  }
}
