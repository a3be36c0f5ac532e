package dev.stint.model.stack;

/// Which parts a scenario is assembled from: who schedules whom.
public enum Assembly {
  /// The classic scheduler over all VPs of all partitions; each LP for itself.
  CLASSIC("classic"),
  /// The core scheduler over all VPs of all partitions; an L1VH's children are its siblings.
  CORE("core"),
  /// Linux in the root partition schedules every guest's VPs on the LPs.
  ROOT("root"),
  /// The core scheduler below; an L1VH's Linux schedules its children's VPs on the L1VH's VPs.
  INTEGRATED("integrated"),
  /// No hypervisor below: a host Linux on the LPs runs every guest's VPs as KVM threads.
  KVM("kvm"),
  /// Xen's credit2 scheduler over all VPs of all partitions; each LP for itself.
  CREDIT2("credit2");

  private final String text;

  Assembly(String text) {
    this.text = text;
  }

  /// Whether Microsoft's hypervisor is below, with its driver and its counters.
  public boolean mshv() {
    return switch (this) {
      case CLASSIC, CORE, ROOT, INTEGRATED -> true;
      case KVM, CREDIT2 -> false;
    };
  }

  /// The name in scenarios, options and results.
  public String text() {
    return text;
  }
}
