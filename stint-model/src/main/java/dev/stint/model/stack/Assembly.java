package dev.stint.model.stack;

import dev.stint.model.hypervisor.HypervisorPolicy;

/// Which parts a scenario is assembled from: the hypervisor's policy, and who runs the VPs of
/// partitions that have a parent.
public enum Assembly {
  /// The classic scheduler over all VPs of all partitions; each LP for itself.
  CLASSIC("classic", HypervisorPolicy.CLASSIC, Children.HYPERVISOR),
  /// The core scheduler over all VPs of all partitions; an L1VH's children are its siblings.
  CORE("core", HypervisorPolicy.CORE, Children.HYPERVISOR),
  /// Linux in the root partition schedules every guest's VPs on the LPs.
  ROOT("root", HypervisorPolicy.ROOT, Children.ROOT_LINUX),
  /// The core scheduler below; an L1VH's Linux schedules its children's VPs on the L1VH's VPs.
  INTEGRATED("integrated", HypervisorPolicy.CORE, Children.L1VH_LINUX),
  /// No hypervisor below: a host Linux on the LPs runs every guest's VPs as KVM threads.
  KVM("kvm", HypervisorPolicy.ROOT, Children.HOST_LINUX),
  /// Xen's credit2 scheduler over all VPs of all partitions; each LP for itself.
  CREDIT2("credit2", HypervisorPolicy.CREDIT2, Children.HYPERVISOR);

  /// Who runs the VPs of partitions that have a parent.
  enum Children {
    /// The hypervisor, like all others.
    HYPERVISOR,
    /// The L1VH's Linux.
    L1VH_LINUX,
    /// The root partition's Linux.
    ROOT_LINUX,
    /// A Linux without a hypervisor: KVM.
    HOST_LINUX
  }

  private final String text;
  private final HypervisorPolicy policy;
  private final Children children;

  Assembly(String text, HypervisorPolicy policy, Children children) {
    this.text = text;
    this.policy = policy;
    this.children = children;
  }

  /// Whether Microsoft's hypervisor is below, with its driver and its counters.
  public boolean mshv() {
    return children != Children.HOST_LINUX && policy.microsoft();
  }

  /// Who schedules what no Linux schedules.
  public HypervisorPolicy policy() {
    return policy;
  }

  /// Whether a Linux schedules the VPs of the guests below it, and not the hypervisor.
  public boolean linuxSchedulesChildren() {
    return children != Children.HYPERVISOR;
  }

  Children children() {
    return children;
  }

  /// The name in scenarios, options and results.
  public String text() {
    return text;
  }
}
