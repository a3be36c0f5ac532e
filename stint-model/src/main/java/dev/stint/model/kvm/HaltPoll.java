package dev.stint.model.kvm;

/// How long one vCPU polls when its guest halts: grows while halts are short, shrinks when they are
/// long (Linux `Documentation/virt/kvm/halt-polling.rst`; defaults of `virt/kvm/kvm_main.c`).
final class HaltPoll {
  /// `halt_poll_ns_grow_start`: the first interval.
  static final long GROW_START_NS = 10_000;

  /// `halt_poll_ns_grow`: by what the interval is multiplied.
  static final int GROW = 2;

  private final long mostNs;
  private final int shrink;
  private long intervalNs;

  HaltPoll(KvmConfig config) {
    mostNs = config.haltPollNs();
    shrink = config.haltPollShrink();
  }

  /// How long to poll at the next halt, 0 for not at all.
  long intervalNs() {
    return intervalNs;
  }

  /// A halt ended after `haltNs`, from its beginning until the vCPU could run again: within the
  /// interval, the interval is right; longer than the longest poll, no poll helps; else a longer
  /// poll would have caught the wake-up.
  void haltEnded(long haltNs) {
    if (haltNs <= intervalNs) {
      return;
    }
    if (haltNs > mostNs) {
      shrunk();
    } else if (intervalNs < mostNs && haltNs < mostNs) {
      intervalNs = Math.min(mostNs, Math.max(GROW_START_NS, intervalNs * GROW));
    }
  }

  private void shrunk() {
    intervalNs = shrink == 0 ? 0 : intervalNs / shrink;
    if (intervalNs < GROW_START_NS) {
      intervalNs = 0;
    }
  }

  @Override
  public String toString() {
    return "halt poll " + intervalNs + " of " + mostNs + " ns";
  }
}
