package dev.stint.testkit.isolation;

import dev.stint.model.hypervisor.SchedulerType;
import dev.stint.model.hypervisor.hypercall.CpuGroupCall;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.HypercallResult.Success;
import dev.stint.model.sim.RandomStream;
import java.util.ArrayList;
import java.util.List;

/// Noninterference: one L1VH and its children make the same calls in two worlds; in the second all
/// others make calls too. Every answer must be the same, refusals included.
///
/// All happens at one instant: that a VP runs later because others run is what a scheduler is for.
public final class TwoWorlds {
  private final HostileWorld quiet;
  private final HostileWorld busy;
  private final Hypercalls quietCalls;
  private final Hypercalls busyCalls;
  private final HypercallDraw draw;
  private final HypercallDraw othersDraw;
  private final RandomStream random;
  private final List<Long> known;

  /// Two worlds of the hypervisor itself.
  public TwoWorlds(long seed) {
    quiet = new HostileWorld(seed, SchedulerType.CORE_SMT);
    busy = new HostileWorld(seed, SchedulerType.CORE_SMT);
    quietCalls = quiet.hypervisor::hypercall;
    busyCalls = busy.hypervisor::hypercall;
    draw = new HypercallDraw(quiet.simulation.random().stream("calls"));
    othersDraw = new HypercallDraw(quiet.simulation.random().stream("others"));
    random = quiet.simulation.random().stream("callers");
    known = new ArrayList<>(quiet.callers());
  }

  /// Makes so many calls of the L1VH and its children; says how many succeeded.
  public long run(long count) {
    long l1vh = quiet.l1vh.partitionId();
    long succeeded = 0;
    for (long i = 0; i < count; i++) {
      others(l1vh);
      List<Long> children = quiet.oracle.childrenOf(l1vh);
      boolean byChild = !children.isEmpty() && random.nextBelow(4) == 0;
      long caller = byChild ? children.get((int) random.nextBelow(children.size())) : l1vh;
      HypercallRequest request = draw.next(caller, quiet.oracle.childrenOf(caller), known);
      HypercallResult inQuiet = quietCalls.answer(caller, request);
      HypercallResult inBusy = busyCalls.answer(caller, request);
      if (!inQuiet.equals(inBusy)) {
        throw new AssertionError(
            "call "
                + i
                + ": "
                + caller
                + " "
                + request
                + " is answered with "
                + inQuiet
                + " while others are quiet and with "
                + inBusy
                + " while they are not");
      }
      if (inQuiet instanceof Success(long output)) {
        succeeded++;
        if (request instanceof CpuGroupCall.CreateCpuGroup) {
          draw.grouped(output);
        }
        quiet.oracle.follow(caller, request, output);
        busy.oracle.follow(caller, request, output);
      }
    }
    return succeeded;
  }

  private void others(long l1vh) {
    List<Long> outside =
        busy.oracle.all().stream().filter(id -> !busy.oracle.within(l1vh, id)).toList();
    for (long i = random.nextBelow(3); i > 0; i--) {
      long caller =
          random.nextBelow(2) == 0
              ? busy.otherL1vh.partitionId()
              : outside.get((int) random.nextBelow(outside.size()));
      HypercallRequest request = othersDraw.next(caller, busy.oracle.childrenOf(caller), known);
      if (busyCalls.answer(caller, request) instanceof Success(long output)) {
        busy.oracle.follow(caller, request, output);
      }
    }
  }
}
