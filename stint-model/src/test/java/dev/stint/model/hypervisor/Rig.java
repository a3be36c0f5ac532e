package dev.stint.model.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.Machine;
import dev.stint.model.sim.Simulation;
import dev.stint.model.time.Time;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Metric;
import dev.stint.model.trace.TraceKind;
import dev.stint.model.trace.TraceSink;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A hypervisor with fake guests, and what its trace says. Invariants are checked after every
/// instant.
final class Rig implements TraceSink {
  /// A time slice of the default configuration.
  static final long SLICE = 10 * Time.MS;

  record Event(long timeNs, TraceKind kind, int a, int b, int c, int d) {}

  private record Span(long fromNs, int vp) {}

  final Simulation simulation = new Simulation(1);
  final Entities entities = new Entities();
  final Machine machine;
  final Hypervisor hypervisor;
  final List<Event> events = new ArrayList<>();
  private final List<List<Span>> spans = new ArrayList<>();
  private final Map<Integer, Character> letters = new LinkedHashMap<>();

  Rig(Machine machine, HypervisorConfig config, SchedulerType type) {
    this(machine, config, type, false);
  }

  /// With `naive`, the oracle schedules.
  Rig(Machine machine, HypervisorConfig config, SchedulerType type, boolean naive) {
    this.machine = machine;
    hypervisor =
        naive
            ? new Hypervisor(
                simulation,
                entities,
                this,
                machine,
                config,
                type,
                trace -> new NaiveScheduler(simulation, entities, trace, machine, config, type))
            : new Hypervisor(simulation, entities, this, machine, config, type);
    watch(type);
  }

  /// Under credit2 or, with `naive`, its oracle.
  Rig(Machine machine, Credit2Config config, boolean naive) {
    this.machine = machine;
    hypervisor =
        naive
            ? new Hypervisor(
                simulation,
                entities,
                this,
                machine,
                HypervisorConfig.DEFAULT,
                SchedulerType.LP_SMT,
                trace -> new NaiveCredit2(simulation, trace, machine, config))
            : new Hypervisor(
                simulation,
                entities,
                this,
                machine,
                HypervisorConfig.DEFAULT,
                SchedulerType.LP_SMT,
                trace -> new Credit2Scheduler(simulation, entities, trace, machine, config));
    watch(SchedulerType.LP_SMT);
  }

  private void watch(SchedulerType type) {
    for (int i = 0; i < machine.lpCount(); i++) {
      spans.add(new ArrayList<>(List.of(new Span(0, Entities.NONE))));
    }
    simulation.afterEachInstant(() -> hypervisor.checkInvariants(simulation.nowNs()));
    if (type == SchedulerType.CORE_SMT) {
      simulation.afterEachInstant(this::assertNoCoreIsShared);
    }
  }

  /* From the trace alone: sibling threads never run VPs of two partitions. */
  private void assertNoCoreIsShared() {
    for (int lp = 1; lp < machine.lpCount(); lp++) {
      int vp = spans.get(lp).getLast().vp();
      int sibling = spans.get(machine.firstLpOf(machine.coreOf(lp))).getLast().vp();
      if (vp != Entities.NONE && sibling != Entities.NONE) {
        assertThat(entities.get(vp).parent()).isEqualTo(entities.get(sibling).parent());
      }
    }
  }

  static Rig classic(int lps) {
    return new Rig(Machine.flat(lps, 1), HypervisorConfig.DEFAULT, SchedulerType.LP_SMT);
  }

  static HypervisorConfig config(Rotation rotation, boolean wakePreemption, FamilyShare share) {
    return new HypervisorConfig(SLICE, 100 * Time.MS, rotation, wakePreemption, share, false);
  }

  Partition partition(PartitionRequest request) {
    return created(hypervisor.createPartition(request));
  }

  Partition child(Partition creator, PartitionRequest request) {
    return created(hypervisor.createPartition(creator, request));
  }

  static Partition created(PartitionResult result) {
    return switch (result) {
      case PartitionResult.Created created -> created.partition();
      case PartitionResult.Refused refused -> throw new AssertionError(refused.toString());
    };
  }

  /// A guest partition; VP i is drawn as character i of `name`, and computes for ever from time 0.
  List<Guest> hogs(String name, PartitionRequest request) {
    return hogs(name, partition(request));
  }

  List<Guest> hogs(String name, Partition partition) {
    List<Guest> guests = new ArrayList<>();
    for (int i = 0; i < partition.vps().size(); i++) {
      guests.add(guest(name.charAt(i), partition.vp(i), Guest.FOREVER, 0).startAt(0));
    }
    return guests;
  }

  /// One hog with one VP and this weight.
  Guest hog(String name, int weight) {
    return hogs(name, guest(name, 1).withControls(new Controls(weight, Controls.ONE_LP, 0))).get(0);
  }

  /// A guest with one VP that computes bursts; it does nothing before [Guest#startAt].
  Guest bursts(String name, long burstNs, long pauseNs) {
    return guest(name.charAt(0), partition(guest(name, 1)).vp(0), burstNs, pauseNs);
  }

  Guest guest(char letter, VirtualProcessor vp, long burstNs, long pauseNs) {
    letters.put(vp.id(), letter);
    return new Guest(simulation, vp, burstNs, pauseNs);
  }

  static PartitionRequest guest(String path, int vps) {
    return PartitionRequest.of(path, Partition.Kind.GUEST, vps);
  }

  void run(long untilNs) {
    simulation.run(untilNs);
  }

  /// What each LP ran in each cell of `cellNs`, bars every `cellsPerBar` cells.
  String timeline(long cellNs, int cells, int cellsPerBar) {
    StringBuilder text = new StringBuilder();
    for (int lp = 0; lp < machine.lpCount(); lp++) {
      text.append("LP").append(lp).append(' ');
      for (int cell = 0; cell < cells; cell++) {
        text.append(cell % cellsPerBar == 0 ? "|" : "");
        text.append(letter(at(lp, cell * cellNs)));
      }
      text.append("|\n");
    }
    return text.toString();
  }

  void assertTimeline(long cellNs, int cellsPerBar, String expected) {
    String first = expected.lines().findFirst().orElseThrow();
    int cells = (int) first.substring(first.indexOf('|')).chars().filter(c -> c != '|').count();
    run(cells * cellNs);
    assertThat(timeline(cellNs, cells, cellsPerBar)).isEqualTo(expected);
  }

  private char letter(int vp) {
    return vp == Entities.NONE ? '.' : letters.get(vp);
  }

  /// The VP on `lp` at `timeNs`, after everything of that instant.
  int at(int lp, long timeNs) {
    int vp = Entities.NONE;
    for (Span span : spans.get(lp)) {
      if (span.fromNs() <= timeNs) {
        vp = span.vp();
      }
    }
    return vp;
  }

  /// The events of one kind, as text with entity paths.
  List<String> told(TraceKind kind) {
    return events.stream().filter(event -> event.kind() == kind).map(this::tell).toList();
  }

  List<String> told() {
    return events.stream().map(this::tell).toList();
  }

  private String tell(Event event) {
    String head = Time.format(event.timeNs()) + " " + event.kind() + " ";
    String a = entities.path(event.a());
    String b = entities.path(event.b());
    return switch (event.kind()) {
      case SWITCH -> head + a + " " + b + " " + entities.path(event.c()) + " " + event.d();
      case MOVE, THROTTLE -> head + a + " " + b + " " + entities.path(event.c());
      case READY, UNTHROTTLE, ENTER, LEAVE, HOLD -> head + a + " " + b;
      case COST -> head + a + " " + event.b() + " " + event.c();
      case UNKNOWN -> head + a;
    };
  }

  @Override
  public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
    events.add(new Event(timeNs, kind, a, b, c, d));
    if (kind == TraceKind.SWITCH) {
      List<Span> lp = spans.get(entities.path(a).charAt(2) - '0');
      assertThat(lp.getLast().vp()).as("previous of SWITCH").isEqualTo(b);
      lp.add(new Span(timeNs, c));
    }
  }

  @Override
  public void sample(long timeNs, Metric metric, int entity, long value) {
    throw new AssertionError("the hypervisor samples nothing");
  }
}
