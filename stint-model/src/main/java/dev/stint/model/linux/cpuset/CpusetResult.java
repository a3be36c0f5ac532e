package dev.stint.model.linux.cpuset;

/// The kernel's answer to an operation on cpusets.
public sealed interface CpusetResult {
  /// The one accepted answer.
  CpusetResult ACCEPTED = new Accepted();

  /// The operation took effect. A partition may be invalid all the same: see [Cpuset#partition()].
  record Accepted() implements CpusetResult {}

  /// Nothing changed.
  ///
  /// @param errno what the writer sees
  /// @param reason the rule, in words
  record Refused(Errno errno, String reason) implements CpusetResult {
    @Override
    public String toString() {
      return errno + ": " + reason;
    }
  }

  /// Requires an operation that the caller knows to be allowed to be accepted.
  static void require(CpusetResult result) {
    if (result instanceof Refused refused) {
      throw new IllegalArgumentException(refused.toString());
    }
  }

  /// Whether the operation took effect.
  default boolean accepted() {
    return this instanceof Accepted;
  }
}
