package dev.stint.model.mshv;

import dev.stint.model.hypervisor.VpExecution;

/// A host whose answers a test sets.
final class TestHost implements RunHost {
  private final VpExecution vp;
  boolean signal;
  boolean parentBlocked;
  boolean movable;

  TestHost(VpExecution vp) {
    this.vp = vp;
  }

  @Override
  public boolean unixSignalPending() {
    return signal;
  }

  @Override
  public boolean threadBlockedSelf() {
    return vp.threadBlocked();
  }

  @Override
  public boolean threadBlockedParent() {
    return parentBlocked || vp.threadBlocked();
  }

  @Override
  public boolean vectorsPending() {
    return vp.injectedVectors();
  }

  @Override
  public boolean writeExplicitSuspend(boolean value) {
    vp.writeExplicitSuspend(value);
    return true;
  }

  @Override
  public boolean writeInterceptSuspend(boolean value) {
    vp.writeInterceptSuspend(value);
    return true;
  }

  @Override
  public boolean readInterceptSuspend() {
    return vp.interceptSuspend();
  }

  @Override
  public boolean resolvesInterceptInKernel() {
    return movable;
  }
}
