package dev.stint.model.mshv;

import dev.stint.model.hypervisor.VirtualProcessor;

/// A [RunHost] over a simulated VP. Its thread gets no Unix signals, and its memory never moves.
final class VpHost implements RunHost {
  private final VirtualProcessor vp;
  private long nowNs;

  VpHost(VirtualProcessor vp) {
    this.vp = vp;
  }

  /// The steps that follow are taken now.
  void at(long newNowNs) {
    nowNs = newNowNs;
  }

  @Override
  public boolean unixSignalPending() {
    return false;
  }

  @Override
  public boolean threadBlockedSelf() {
    return vp.execution().threadBlocked();
  }

  @Override
  public boolean threadBlockedParent() {
    return vp.execution().threadBlocked();
  }

  @Override
  public boolean vectorsPending() {
    return vp.execution().injectedVectors();
  }

  @Override
  public boolean writeExplicitSuspend(boolean value) {
    if (value) {
      vp.suspendExplicitly();
    } else {
      vp.clearExplicitSuspend(nowNs);
    }
    return true;
  }

  @Override
  public boolean writeInterceptSuspend(boolean value) {
    if (value) {
      vp.execution().writeInterceptSuspend(true);
    } else {
      vp.clearInterceptSuspend(nowNs);
    }
    return true;
  }

  @Override
  public boolean readInterceptSuspend() {
    return vp.execution().interceptSuspend();
  }

  @Override
  public boolean resolvesInterceptInKernel() {
    return false;
  }
}
