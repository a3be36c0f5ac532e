package dev.stint.model.hypervisor;

/// Where the hypervisor sends a VP's intercept messages: SINT 0 of its parent.
public interface InterceptPort {
  /// There is no parent: an intercept is a fault of the model.
  InterceptPort NONE =
      nowNs -> {
        throw new IllegalStateException("an intercept of a VP that has no VMM");
      };

  /// HVMSG_OPAQUE_INTERCEPT is sent.
  void interceptMessage(long nowNs);
}
