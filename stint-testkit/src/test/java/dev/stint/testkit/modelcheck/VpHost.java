package dev.stint.testkit.modelcheck;

import dev.stint.model.hypervisor.VpExecution;
import dev.stint.model.mshv.RunHost;

/// What a driver without faults sees of a searched VP: its registers and pages as they are.
interface VpHost extends RunHost {
  /// The hypervisor's side of the VP.
  VpExecution vp();

  @Override
  default boolean threadBlockedSelf() {
    return vp().threadBlocked();
  }

  @Override
  default boolean threadBlockedParent() {
    return vp().threadBlocked();
  }

  @Override
  default boolean vectorsPending() {
    return vp().injectedVectors();
  }

  @Override
  default boolean writeExplicitSuspend(boolean value) {
    vp().writeExplicitSuspend(value);
    return true;
  }

  @Override
  default boolean writeInterceptSuspend(boolean value) {
    vp().writeInterceptSuspend(value);
    return true;
  }

  @Override
  default boolean readInterceptSuspend() {
    return vp().interceptSuspend();
  }
}
