package dev.stint.model.hypervisor;

import dev.stint.model.sim.Simulation;
import dev.stint.model.sim.TimerRank;
import dev.stint.model.time.Invariant;
import java.util.ArrayList;
import java.util.List;

/// The cap of a CPU group in use: how much LP time its members have left in the window, together.
final class GroupCap {
  /// The group of VPs that are in none, or in one without a cap.
  static final GroupCap NONE = new GroupCap();

  /* The rule of the trace that throttles. */
  int rule = -1;
  private final List<VirtualProcessor> members = new ArrayList<>();
  private final int lpCount;
  private final int timer;
  private boolean limited;
  private long capNs;
  private long budgetNs;
  private long usedNs;
  private long sinceNs;
  private int runningCount;
  private boolean usedUp;

  private GroupCap() {
    lpCount = 0;
    timer = -1;
  }

  /// A group of `lpCount` LPs; `usedUp` is told of each running member when the budget is gone.
  GroupCap(Simulation simulation, int lpCount, Marker marker) {
    this.lpCount = lpCount;
    timer =
        simulation.newTimer(
            TimerRank.HYPERVISOR,
            (nowNs, id) -> {
              usedUp = true;
              marker.mark(members);
            });
  }

  /// Told of VPs whose state must be looked at.
  interface Marker {
    void mark(List<VirtualProcessor> vps);
  }

  void add(VirtualProcessor vp) {
    members.add(vp);
  }

  void remove(VirtualProcessor vp) {
    members.remove(vp);
  }

  List<VirtualProcessor> members() {
    return members;
  }

  boolean limited() {
    return limited;
  }

  /*
   * capacity = lpCount * cap / 0x10000 LPs; at most 2^11 LPs * 2^16 * 10^9 ns < 2^63.
   */
  /// Has this cap from now on, over windows of `windowNs`. What was used of this window already
  /// stays used.
  void limit(int cap, long windowNs, long nowNs) {
    settle(nowNs);
    if (!limited) {
      usedNs = 0;
    }
    limited = cap < Controls.ONE_LP;
    capNs = windowNs * lpCount * cap / Controls.ONE_LP;
    budgetNs = Math.max(capNs, usedNs);
    usedUp = limited && remainingNs() < Math.max(1, runningCount);
  }

  /// Whether no member may run until the next window: what is left is less than a nanosecond each.
  boolean usedUp(long nowNs) {
    if (!limited) {
      return false;
    }
    settle(nowNs);
    usedUp |= remainingNs() < Math.max(1, runningCount);
    return usedUp;
  }

  void newWindow(long nowNs) {
    usedNs = 0;
    sinceNs = nowNs;
    budgetNs = capNs;
    usedUp = limited && budgetNs < 1;
  }

  void started(long nowNs) {
    settle(nowNs);
    runningCount++;
  }

  void stopped(long nowNs) {
    settle(nowNs);
    runningCount--;
  }

  /// Has the timer fire when the budget is gone, if that is before `endNs`.
  void arm(Simulation simulation, long nowNs, long endNs) {
    if (!limited || runningCount == 0) {
      simulation.cancel(timer);
      return;
    }
    long stopNs = nowNs + Math.max(0, remainingNs()) / runningCount;
    if (stopNs < endNs) {
      simulation.arm(timer, stopNs);
    } else {
      simulation.cancel(timer);
    }
  }

  /// Stops the run if more was used than may be, or if members are kept from running for nothing.
  void check(long nowNs) {
    long used = usedNs + runningCount * (nowNs - sinceNs);
    Invariant.check(!limited || used <= budgetNs, "a group's cap holds to the ns", used, budgetNs);
    Invariant.check(
        !usedUp || budgetNs - used < Math.max(1, members.size()),
        "a group is throttled only when its cap is used up",
        used,
        budgetNs);
  }

  boolean usedUp() {
    return usedUp;
  }

  private long remainingNs() {
    return budgetNs - usedNs;
  }

  private void settle(long nowNs) {
    usedNs += runningCount * (nowNs - sinceNs);
    sinceNs = nowNs;
  }

  @Override
  public String toString() {
    return "used " + usedNs + " of " + budgetNs + (usedUp ? " used up" : "");
  }
}
