package dev.stint.model.linux;

/// When a kernel acts on its wish to reschedule (`preempt=`, CONFIG_PREEMPT_*).
public enum PreemptModel {
  /// At the return to user mode and where the kernel offers it. With no time spent in the kernel,
  /// as here, `NONE`, `VOLUNTARY` and `FULL` act alike.
  NONE("none"),
  /// As `NONE`, offered in more places.
  VOLUNTARY("voluntary"),
  /// Also at the return from an interrupt to the kernel.
  FULL("full"),
  /// The fair class's wishes wait for the CPU's next entry into the kernel, at the latest its next
  /// tick: no interrupt is sent for them to another CPU. From 6.13.
  LAZY("lazy");

  private final String text;

  PreemptModel(String text) {
    this.text = text;
  }

  /// The name in scenarios.
  public String text() {
    return text;
  }
}
