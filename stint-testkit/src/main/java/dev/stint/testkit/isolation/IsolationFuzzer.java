package dev.stint.testkit.isolation;

import dev.stint.model.hypervisor.Partition;
import dev.stint.model.hypervisor.SchedulerType;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Failure;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Success;
import dev.stint.model.hypervisor.hypercall.HypercallStatus;
import dev.stint.model.hypervisor.hypercall.PartitionCall;
import dev.stint.model.sim.RandomStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/// Hostile partitions make random hypercalls while time goes on. After each call:
///
/// - what the [OwnershipOracle] forbids was refused;
/// - a refused call changed nothing at all;
/// - a call that succeeded changed nothing outside the caller, its children, and whom a connection
///   reaches that an owner of both ends made;
/// - no page was made or lost, and nobody has LPs that its creator has not.
public final class IsolationFuzzer {
  private static final int CALLS_PER_STEP = 40;
  private static final int MOST_KNOWN = 200;

  private final HostileWorld world;
  private final Hypercalls hypercalls;
  private final RandomStream random;
  private final HypercallDraw draw;
  private final List<Long> known = new ArrayList<>();
  private final Map<HypercallStatus, Long> statuses = new EnumMap<>(HypercallStatus.class);
  private final Map<String, Long> succeeded = new TreeMap<>();
  private final long seed;
  private long calls;
  private Map<Long, String> partitions = Map.of();
  private String scheduler = "";

  /// A fuzzer of the hypervisor itself.
  public IsolationFuzzer(long seed) {
    this(seed, world -> world.hypervisor::hypercall);
  }

  /// A fuzzer of whatever `wrapper` makes of the world's hypervisor.
  IsolationFuzzer(long seed, Function<HostileWorld, Hypercalls> wrapper) {
    this.seed = seed;
    world = new HostileWorld(seed, SchedulerType.CORE_SMT);
    hypercalls = wrapper.apply(world);
    random = world.simulation.random().stream("fuzzer");
    draw = new HypercallDraw(world.simulation.random().stream("calls"));
    known.addAll(world.callers());
    world.startAll();
  }

  /// Makes so many calls; [AssertionError] with the seed and the number of the call if one breaks a
  /// rule.
  public void run(long count) {
    for (long i = 0; i < count; i++) {
      if (calls % CALLS_PER_STEP == 0) {
        world.simulation.run(world.simulation.nowNs() + random.nextBelow(5_000_000));
        world.hypervisor.checkInvariants(world.simulation.nowNs());
        partitions = snapshot();
        scheduler = world.hypervisor.toString();
      }
      calls++;
      long caller = caller();
      HypercallRequest request = draw.next(caller, world.oracle.childrenOf(caller), known);
      check(caller, request);
    }
  }

  /* Any that lives, the L1VHs most often: they can do most. */
  private long caller() {
    List<Long> all = world.oracle.all();
    return switch ((int) random.nextBelow(8)) {
      case 0, 1, 2 -> world.l1vh.partitionId();
      case 3, 4, 5 -> world.otherL1vh.partitionId();
      case 6 -> oneOf(world.callers().stream().filter(all::contains).toList());
      default -> oneOf(all);
    };
  }

  private long oneOf(List<Long> ids) {
    return ids.get((int) random.nextBelow(ids.size()));
  }

  private void check(long caller, HypercallRequest request) {
    Map<Long, String> before = partitions;
    String schedulerBefore = scheduler;
    Optional<String> forbidden = world.oracle.forbidden(caller, request);
    HypercallResult result = hypercalls.answer(caller, request);
    partitions = snapshot();
    scheduler = world.hypervisor.toString();
    switch (result) {
      case Failure(HypercallStatus status) -> {
        statuses.merge(status, 1L, Long::sum);
        require(before.equals(partitions), caller, request, result, "refused, yet it changed");
        require(scheduler.equals(schedulerBefore), caller, request, result, "the scheduler saw it");
      }
      case Success(long output) -> {
        statuses.merge(HypercallStatus.SUCCESS, 1L, Long::sum);
        succeeded.merge(request.getClass().getSimpleName(), 1L, Long::sum);
        require(forbidden.isEmpty(), caller, request, result, "forbidden: " + forbidden);
        outsideIsUnchanged(caller, request, result, before);
        Optional<String> wrong = world.oracle.follow(caller, request, output);
        require(wrong.isEmpty(), caller, request, result, "wrong output: " + wrong);
        require(ids().equals(world.oracle.all()), caller, request, result, "others exist");
        partitions = snapshot();
        remember(request, output);
      }
    }
  }

  private void outsideIsUnchanged(
      long caller, HypercallRequest request, HypercallResult result, Map<Long, String> before) {
    Optional<Long> reached = world.oracle.reached(caller, request);
    before.forEach((id, text) ->
        require(
            world.oracle.within(caller, id)
                || reached.filter(id::equals).isPresent()
                || text.equals(partitions.get(id)),
            caller,
            request,
            result,
            "it changed partition " + id));
  }

  private void remember(HypercallRequest request, long output) {
    if (request instanceof CpuGroupCall.CreateCpuGroup) {
      draw.grouped(output);
    }
    if (request instanceof PartitionCall.CreatePartition) {
      if (known.size() >= MOST_KNOWN) {
        known.remove(known.size() / 2);
      }
      known.add(output);
    }
  }

  private List<Long> ids() {
    return world.hypervisor.partitions().stream().map(Partition::partitionId).sorted().toList();
  }

  private Map<Long, String> snapshot() {
    Map<Long, String> texts = new TreeMap<>();
    texts.put(1L, world.hypervisor.describe(1));
    for (long id : world.oracle.all()) {
      texts.put(id, world.hypervisor.describe(id));
    }
    return texts;
  }

  private void require(
      boolean condition,
      long caller,
      HypercallRequest request,
      HypercallResult result,
      String what) {
    if (!condition) {
      throw new AssertionError(
          "seed "
              + seed
              + " call "
              + calls
              + ": "
              + caller
              + " "
              + request
              + " -> "
              + result
              + ": "
              + what
              + "\n"
              + world.hypervisor.describe());
    }
  }

  /// How many calls were made, how they ended, and which ever succeeded.
  @Override
  public String toString() {
    return calls + " calls " + statuses + "\nsucceeded " + succeeded;
  }

  /// How often a call with this simple name succeeded.
  long successes(String call) {
    return succeeded.getOrDefault(call, 0L);
  }
}
