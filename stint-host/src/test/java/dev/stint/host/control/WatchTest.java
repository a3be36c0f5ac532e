package dev.stint.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import dev.stint.scenario.Policy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// [Watch] on a kernel in memory, with a clock that only its sleeps move.
final class WatchTest {
  private static final long SECOND_NS = 1_000_000_000;
  private static final ControlFile WEIGHT =
      new ControlFile("cpu", "machine/kubepods/a", "cpu.weight");
  private static final ControlFile MAX = new ControlFile("cpu", "machine/b", "cpu.max");

  private final FakeKernel kernel = new FakeKernel(2, 4);
  private final MemoryDisk disk = new MemoryDisk();
  private final List<String> said = new ArrayList<>();
  private final Measured measured = new Measured();
  private String before = "";

  /// What the guard reads; a test sets it between looks.
  private static final class Measured implements Readings {
    private OptionalDouble steal = OptionalDouble.empty();
    private OptionalDouble pressure = OptionalDouble.empty();
    private OptionalLong wake = OptionalLong.empty();

    @Override
    public OptionalDouble stealPercent() {
      return steal;
    }

    @Override
    public OptionalDouble pressurePercent() {
      return pressure;
    }

    @Override
    public OptionalLong wakeNs() {
      return wake;
    }
  }

  /// A clock that somebody else acts by: before each look, told its number.
  private static final class Looks implements Watch.Pulse {
    private final int count;
    private final IntConsumer rival;
    private long nowNs = 7;
    private int look;

    Looks(int count, IntConsumer rival) {
      this.count = count;
      this.rival = rival;
    }

    @Override
    public long nowNs() {
      return nowNs;
    }

    @Override
    public boolean sleep(long ns) {
      nowNs += ns;
      if (look == count) {
        return false;
      }
      rival.accept(look++);
      return true;
    }
  }

  @BeforeEach
  void apply() throws IOException {
    for (String group : List.of("machine/kubepods", "machine/kubepods/a", "machine/b")) {
      kernel.make(group);
    }
    before = kernel.toString();
    Policy policy =
        KilledApplyTest.policy(
            "owns: machine\ncgroups: {kubepods/a: {cpu.weight: 300}, b: {cpu.max: 5000 10000}}\n");
    Plan plan = new Control(new HostFiles(Path.of("/nowhere"))).plan(policy, kernel);
    assertThat(KilledApplyTest.apply(plan, kernel, disk))
        .isInstanceOf(Application.Outcome.Applied.class);
  }

  private void set(ControlFile file, String value) {
    try {
      kernel.write(file, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String reads(ControlFile file) throws IOException {
    return kernel.read(file).strip();
  }

  private Watch.End watch(int looks, long intervalNs, IntConsumer rival) throws IOException {
    return watch("", looks, intervalNs, rival);
  }

  private Watch.End watch(String guard, int looks, long intervalNs, IntConsumer rival)
      throws IOException {
    Optional<Policy.Guard> stated =
        KilledApplyTest.policy("owns: machine\ncgroups: {b: {cpu.weight: 1}}\n" + guard).guard();
    return new Watch(
            kernel, Journal.read(disk), stated, measured, new Looks(looks, rival), said::add)
        .run(intervalNs);
  }

  @Test
  void undisturbed_writesNothing_andStopsWhenTold() throws IOException {
    String applied = kernel.toString();
    assertThat(watch(100, SECOND_NS, _ -> {})).isEqualTo(new Watch.End.Stopped());
    assertThat(kernel).hasToString(applied);
    assertThat(said).isEmpty();
  }

  @Test
  void drift_isWrittenAgain_andTold() throws IOException {
    watch(2, SECOND_NS, look -> set(look == 0 ? MAX : WEIGHT, look == 0 ? "max 10000" : "55"));
    assertThat(reads(MAX)).isEqualTo("5000 10000");
    assertThat(reads(WEIGHT)).isEqualTo("300");
    assertThat(said)
        .containsExactly(
            MAX + " was max 10000; set to 5000 10000 again", WEIGHT + " was 55; set to 300 again");
  }

  @Test
  void drift_eachTime_isGivenUpAfterFive_withAGuessWho_andTheOthersAreKeptTo() throws IOException {
    watch(
        9,
        SECOND_NS,
        look -> {
          set(WEIGHT, "55");
          if (look == 8) {
            set(MAX, "max 10000");
          }
        });
    assertThat(said).hasSize(Watch.AGAIN_MAX + 2);
    assertThat(said.get(Watch.AGAIN_MAX))
        .startsWith(WEIGHT + " is given up: somebody changes it to 55 each time.")
        .contains("A kubelet made this cgroup");
    assertThat(said.getLast()).startsWith(MAX + " was max 10000");
    assertThat(reads(WEIGHT)).as("as the rival left it").isEqualTo("55");
    assertThat(reads(MAX)).isEqualTo("5000 10000");
  }

  @Test
  void drift_asOftenAsTheIntervalAllows_isNeverGivenUp() throws IOException {
    watch(50, Watch.AGAIN_INTERVAL_NS, _ -> set(WEIGHT, "55"));
    assertThat(said).hasSize(50).allMatch(line -> line.endsWith("set to 300 again"));
  }

  @Test
  void whatWasWrittenAgain_isRolledBackToTheBeginning() throws IOException {
    watch(3, SECOND_NS, _ -> set(MAX, "1000 10000"));
    new Application(kernel, Journal.read(disk)).rollback(false);
    assertThat(kernel).hasToString(before);
  }

  @Test
  void group_madeAnewUnderTheName_isGivenUpAtOnce() throws IOException {
    ControlFiles anew = new Anew(kernel, WEIGHT.group());
    new Watch(
            anew,
            Journal.read(disk),
            Optional.empty(),
            measured,
            new Looks(3, _ -> set(WEIGHT, "55")),
            said::add)
        .run(SECOND_NS);
    assertThat(said).containsExactly(WEIGHT + " is given up: another cgroup has the name now");
    assertThat(reads(WEIGHT)).isEqualTo("55");
  }

  /// A kernel on which one group is another than it was.
  private record Anew(ControlFiles files, String group) implements ControlFiles {
    @Override
    public int version(String controller) {
      return files.version(controller);
    }

    @Override
    public String read(ControlFile file) throws IOException {
      return files.read(file);
    }

    @Override
    public void write(ControlFile file, String text) throws IOException {
      files.write(file, text);
    }

    @Override
    public String identity(ControlFile file) throws IOException {
      return file.group().equals(group) ? "another" : files.identity(file);
    }

    @Override
    public List<String> children(String controller, String parent) throws IOException {
      return files.children(controller, parent);
    }
  }

  @Test
  void guard_worseForAsLongAsStated_takesEverythingBack() throws IOException {
    List<Integer> looks = new ArrayList<>();
    Watch.End end =
        watch(
            "guard: {steal: 10%, for: 3s}\n",
            100,
            SECOND_NS,
            look -> {
              looks.add(look);
              measured.steal = OptionalDouble.of(look < 5 ? 10 : 10.5);
            });
    assertThat(end).isInstanceOf(Watch.End.Broken.class);
    Watch.End.Broken broken = (Watch.End.Broken) end;
    assertThat(broken.why()).isEqualTo("steal 10.5%, above 10.0%");
    assertThat(broken.undone())
        .extracting(Undone::how)
        .contains(Undone.How.RESTORED)
        .doesNotContain(Undone.How.KEPT, Undone.How.FAILED);
    assertThat(kernel).hasToString(before);
    assertThat(looks).as("worse at 5, and 3 s later still").hasSize(9);
  }

  @Test
  void guard_betterBetween_beginsAnew() throws IOException {
    Watch.End end =
        watch(
            "guard: {psi: 40%, p99: 5ms, for: 3s}\n",
            90,
            SECOND_NS,
            look -> {
              measured.pressure = OptionalDouble.of(look % 3 == 0 ? 40 : 90);
              measured.wake = OptionalLong.of(look % 3 == 0 ? 5_000_000 : 5_000_001);
            });
    assertThat(end).isEqualTo(new Watch.End.Stopped());
    assertThat(reads(WEIGHT)).isEqualTo("300");
  }

  @Test
  void guard_readingThatIsAbsent_isNotWorse() throws IOException {
    assertThat(watch("guard: {p99: 1us, for: 1s}\n", 20, SECOND_NS, _ -> {}))
        .isEqualTo(new Watch.End.Stopped());
  }
}
