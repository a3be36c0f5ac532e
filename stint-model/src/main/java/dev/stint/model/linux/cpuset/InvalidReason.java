package dev.stint.model.linux.cpuset;

/// Why a partition that was asked for is not valid; the text is the kernel's, as
/// `cpuset.cpus.partition` shows it in brackets.
public enum InvalidReason {
  /// None of the CPUs asked for can be had exclusively.
  NO_EXCLUSIVE_CPUS("Invalid cpu list in cpuset.cpus.exclusive"),
  /// The parent asked to be a partition and is not valid.
  INVALID_PARENT("Parent is an invalid partition root"),
  /// The parent is a member.
  PARENT_NOT_PARTITION("Parent is not a partition root"),
  /// A sibling names one of its CPUs.
  NOT_EXCLUSIVE("Cpu list in cpuset.cpus not exclusive"),
  /// The parent's tasks would be left without a CPU.
  PARENT_NEEDS_CPUS("Parent unable to distribute cpu downstream"),
  /// Its own tasks would be left without an online CPU.
  NO_ONLINE_CPU("No cpu available due to hotplug"),
  /// Neither list is set.
  NO_CPUS("cpuset.cpus and cpuset.cpus.exclusive are empty"),
  /// It is no isolated partition and names CPUs isolated at boot.
  BOOT_ISOLATED("partition config conflicts with housekeeping setup"),
  /// A remote partition lies below it.
  REMOTE_BELOW("Have remote partition underneath");

  private final String text;

  InvalidReason(String text) {
    this.text = text;
  }

  /// The kernel's words.
  public String text() {
    return text;
  }
}
