package dev.stint.model.sim;

/// What happens when a timer expires.
public interface TimerHandler {
  /// Called once at the timer's expiry; the timer is then disarmed and may be armed again.
  ///
  /// @param nowNs the expiry time
  /// @param timer the id that [Simulation#newTimer] returned
  void expire(long nowNs, int timer);
}
