package dev.stint.model.linux;

import java.util.Optional;

/// A Linux kernel whose fair scheduler is modelled: the points at which its rules changed. Where
/// rules differ between versions, the model asks the methods here, so this is also the list of
/// differences. A stable release between two points follows the earlier one.
public enum KernelVersion {
  /// 6.1, scheduled by CFS: no eligibility, deadlines or lag.
  V6_1("6.1"),
  /// 6.12 (rules read at 6.12.117).
  V6_12("6.12"),
  /// 6.18.3: slice protection (`vprot`), task-based throttling, the dequeue buddy.
  V6_18_3("6.18.3"),
  /// 6.18.13: the dice of newidle balancing (`NI_RANDOM`).
  V6_18_13("6.18.13"),
  /// 6.18.26: lag clamped by the queue's longest slice, protection kept relative on a reweight.
  V6_18_26("6.18.26"),
  /// 6.18.35: wake-up preemption rewritten.
  V6_18_35("6.18.35"),
  /// 6.18 (rules read at 6.18.44): the default.
  V6_18("6.18");

  private final String text;

  KernelVersion(String text) {
    this.text = text;
  }

  /// The name in scenarios: `6.12`, `6.18`, `6.18.13`.
  public String text() {
    return text;
  }

  /// The rules of a release such as `6.18.15` or `6.18.15+deb13-cloud-amd64`: those of the last
  /// point up to it; empty when its series is not modelled. `6.18` alone is the newest 6.18.
  public static Optional<KernelVersion> parse(String release) {
    String[] parts = release.split("[^0-9]+", 4);
    if (parts.length < 2) {
      return Optional.empty();
    }
    String series = parts[0] + "." + parts[1];
    boolean patched = parts.length > 2 && !parts[2].isEmpty() && release.startsWith(series + ".");
    if (!series.equals(V6_18.text) || !patched) {
      for (KernelVersion version : values()) {
        if (version.text.equals(series)) {
          return Optional.of(version);
        }
      }
      return Optional.empty();
    }
    int patch = Integer.parseInt(parts[2]);
    KernelVersion found = V6_18_3;
    for (KernelVersion version : values()) {
      if (version.text.startsWith(series) && version.patch() <= patch) {
        found = version;
      }
    }
    return Optional.of(found);
  }

  private int patch() {
    return this == V6_18 ? 44 : Integer.parseInt(text.substring(text.lastIndexOf('.') + 1));
  }

  private boolean since(KernelVersion first) {
    return compareTo(first) >= 0;
  }

  /// Whether EEVDF schedules, from 6.6 on; before, CFS.
  public boolean eevdf() {
    return since(V6_12);
  }

  /// Protection of the running entity ends at a point of virtual time (`vprot`) that shorter
  /// waiting requests bring nearer; before, it lasts until its request is served.
  boolean sliceProtection() {
    return since(V6_18_3);
  }

  /// The buddy that a sleeping task leaves behind is picked when eligible (`PICK_BUDDY`).
  boolean pickBuddy() {
    return since(V6_18_3);
  }

  /// Tasks of a throttled group leave one by one at their return to user mode; before, the group
  /// leaves as a whole.
  boolean taskThrottling() {
    return since(V6_18_3);
  }

  /// `cpu.stat` has `nice_usec`.
  boolean niceInCpuStat() {
    return since(V6_12);
  }

  /// A newidle balance that rarely succeeds is run rarely (`NI_RANDOM`).
  boolean newidleDice() {
    return this == V6_12 || since(V6_18_13);
  }

  /// Balancing first leaves tasks that are ahead of their share where they are.
  boolean balanceSparesIneligible() {
    return since(V6_18_3);
  }

  /// Lag is clamped to the queue's longest slice and a tick; before, to twice the entity's own
  /// slice and at least a tick.
  boolean lagClampedByQueue() {
    return since(V6_18_26);
  }

  /// A running task that changes its attributes is not protected anew.
  boolean protectsOnlyFirst() {
    return since(V6_18_26);
  }

  /// What a task asked for by sched_setaffinity outlives changes of its cpuset (from 6.2 on).
  boolean remembersAffinity() {
    return since(V6_12);
  }

  /// There is a lazy preemption model (PREEMPT_LAZY).
  public boolean lazyPreemption() {
    return since(V6_18_3);
  }

  /// A reweight keeps the protection that was left, in service; before, its end stays where it is.
  boolean protectionFollowsReweight() {
    return since(V6_18_26);
  }

  /// A fork does not preempt unless its slice is shorter, and every wake-up that fails to preempt
  /// shortens the running entity's protection.
  boolean wakeupPreemptionRewritten() {
    return since(V6_18_35);
  }
}
