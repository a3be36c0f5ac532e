package dev.stint.host.live;

/// A scenario cannot be run on this machine.
public final class CannotRunLive extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean scenario;

  private CannotRunLive(String reason, boolean scenario) {
    super(reason);
    this.scenario = scenario;
  }

  /// The scenario asks for what no single real Linux can do for it.
  public static CannotRunLive scenario(String reason) {
    return new CannotRunLive(reason, true);
  }

  /// This machine, or this user, cannot.
  public static CannotRunLive machine(String reason) {
    return new CannotRunLive(reason, false);
  }

  /// Whether another scenario could be run here.
  public boolean isOfTheScenario() {
    return scenario;
  }

  /// Words for a reader.
  public String reason() {
    return String.valueOf(getMessage());
  }
}
