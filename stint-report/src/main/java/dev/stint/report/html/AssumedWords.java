package dev.stint.report.html;

/// What the assumed parameters mean, in plain words.
final class AssumedWords {
  private AssumedWords() {}

  /// The meaning of a parameter; empty if there is nothing to say beyond its name.
  static String of(String parameter) {
    return switch (parameter) {
      case "costs" -> "what switches, interrupts and cold caches cost";
      case "hypervisor.time-slice" -> "how long a VP may run before another gets its LP";
      case "hypervisor.rotation" -> "over which LPs a waiting VP is moved";
      case "hypervisor.wake-preemption" -> "whether a VP that becomes ready preempts another";
      case "hypervisor.window" -> "over which time caps and reserves hold";
      case "hypervisor.long-spin" -> "when a spinning VP tells the hypervisor";
      case "hypervisor.family-share" -> "what the children of an L1VH draw on";
      case "hypervisor.l1vh-vps" -> "whether an L1VH's VPs stay on their LPs when it schedules";
      case "credit2.wake-margin" -> "how far ahead a woken VP must be to preempt";
      case "credit2.migrate-resist" -> "how far out of balance LPs must be for a VP to move";
      default -> "";
    };
  }
}
