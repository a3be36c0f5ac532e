package dev.stint.model.linux;

/// A Linux kernel whose fair scheduler is modelled. Where rules differ between versions, the model
/// asks this.
public enum KernelVersion {
  /// 6.12 (rules read at 6.12.117).
  V6_12("6.12"),
  /// 6.18 (rules read at 6.18.44): the default.
  V6_18("6.18");

  private final String text;

  KernelVersion(String text) {
    this.text = text;
  }

  /// The name in scenarios: `6.12`, `6.18`.
  public String text() {
    return text;
  }
}
