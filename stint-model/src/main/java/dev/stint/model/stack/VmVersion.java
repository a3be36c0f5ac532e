package dev.stint.model.stack;

import dev.stint.model.machine.Machine;

/// The configuration version of a VM, which decides how its VPs share cores where nobody says it
/// (Windows Server, "About Hyper-V hypervisor scheduler type selection").
public enum VmVersion {
  /// Knows no SMT. With more VPs than the machine has cores it is scheduled as if it had, and is
  /// not told (Hyper-V event 3498).
  V8_2("8.2"),
  /// Inherits the machine's threads per core.
  V9_0("9.0");

  private final String text;

  VmVersion(String text) {
    this.text = text;
  }

  /// The version as Hyper-V writes it.
  public String text() {
    return text;
  }

  /// How many VPs share a core of a VM with so many.
  public int threadsPerCore(int vps, Machine machine) {
    return switch (this) {
      case V8_2 -> vps <= machine.coreCount() ? 1 : machine.threadsPerCore();
      case V9_0 -> machine.threadsPerCore();
    };
  }

  /// Whether its guest sees which VPs share a core.
  public boolean showsCores() {
    return this != V8_2;
  }
}
