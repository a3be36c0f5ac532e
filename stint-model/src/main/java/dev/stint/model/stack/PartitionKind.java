package dev.stint.model.stack;

/// A partition's kind in a scenario.
public enum PartitionKind {
  /// The root partition: Linux with one VP per LP, fixed to it.
  ROOT("root"),
  /// A Level-1 virtual host: may have children of its own.
  L1VH("l1vh"),
  /// A guest.
  GUEST("guest");

  private final String text;

  PartitionKind(String text) {
    this.text = text;
  }

  /// The name in scenarios.
  public String text() {
    return text;
  }
}
