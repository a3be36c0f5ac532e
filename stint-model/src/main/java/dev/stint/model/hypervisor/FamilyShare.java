package dev.stint.model.hypervisor;

/// What the children of an L1VH draw on when the hypervisor schedules them. Assumed: not public
/// (facts: U-INT-5).
public enum FamilyShare {
  /// The L1VH and its children together weigh what the L1VH's VPs weigh: children are made "from
  /// its own resources".
  FAMILY("family"),
  /// Every child VP weighs for itself, as an independent partition's would.
  OWN("own");

  private final String text;

  FamilyShare(String text) {
    this.text = text;
  }

  /// The name in scenarios.
  public String text() {
    return text;
  }
}
