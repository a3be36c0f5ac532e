package dev.stint.model.hypervisor;

/// Which LPs a VP is moved over while it waits for its turn. Assumed: Microsoft says only
/// "typically round-robin over all allocated physical CPUs" (kernel commit "mshv: Add support for
/// integrated scheduler").
public enum Rotation {
  /// One run list for all LPs: whichever becomes free takes the next VP, so VPs rotate over all
  /// allowed LPs.
  ROUND_ROBIN("round-robin"),
  /// A VP waits for the LP that it last ran on, unless another allowed one is idle.
  IDEAL_PROCESSOR("ideal-processor");

  private final String text;

  Rotation(String text) {
    this.text = text;
  }

  /// The name in scenarios.
  public String text() {
    return text;
  }
}
