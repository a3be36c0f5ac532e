package dev.stint.model.stack;

import dev.stint.model.linux.KernelInspector;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.trace.LiveState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// The state of every Linux of a stack.
final class StackState implements LiveState {
  private final List<KernelInspector> kernels = new ArrayList<>();

  StackState(Collection<LinuxKernel> kernels) {
    kernels.forEach(kernel -> this.kernels.add(new KernelInspector(kernel)));
  }

  @Override
  public long lagNs(int id) {
    for (int kernel = 0; kernel < kernels.size(); kernel++) {
      long lagNs = kernels.get(kernel).lagNs(id);
      if (lagNs != UNKNOWN) {
        return lagNs;
      }
    }
    return UNKNOWN;
  }

  @Override
  public long quotaLeftNs(int id) {
    for (int kernel = 0; kernel < kernels.size(); kernel++) {
      long leftNs = kernels.get(kernel).quotaLeftNs(id);
      if (leftNs != UNKNOWN) {
        return leftNs;
      }
    }
    return UNKNOWN;
  }
}
