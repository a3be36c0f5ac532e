package dev.stint.model.stack;

import dev.stint.model.linux.KernelInspector;
import dev.stint.model.linux.LinuxKernel;
import dev.stint.model.trace.LiveState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/// The state of every Linux of a stack.
final class StackState implements LiveState {
  private final List<KernelInspector> kernels = new ArrayList<>();

  /// Which kernel has a task or group, plus one; 0 while that is not known.
  private int[] home = {};

  StackState(Collection<LinuxKernel> kernels) {
    kernels.forEach(kernel -> this.kernels.add(new KernelInspector(kernel)));
  }

  @Override
  public long lagNs(int id) {
    if (isAtHome(id)) {
      return kernels.get(home[id] - 1).lagNs(id);
    }
    for (int kernel = 0; kernel < kernels.size(); kernel++) {
      long lagNs = kernels.get(kernel).lagNs(id);
      if (lagNs != UNKNOWN) {
        remember(id, kernel);
        return lagNs;
      }
    }
    return UNKNOWN;
  }

  @Override
  public long quotaLeftNs(int id) {
    if (isAtHome(id)) {
      return kernels.get(home[id] - 1).quotaLeftNs(id);
    }
    for (int kernel = 0; kernel < kernels.size(); kernel++) {
      long leftNs = kernels.get(kernel).quotaLeftNs(id);
      if (leftNs != UNKNOWN) {
        remember(id, kernel);
        return leftNs;
      }
    }
    return UNKNOWN;
  }

  @Override
  public String queues(int processor) {
    StringBuilder text = new StringBuilder();
    kernels.forEach(kernel -> text.append(kernel.queues(processor)));
    return text.toString();
  }

  private boolean isAtHome(int id) {
    return id < home.length && home[id] > 0;
  }

  private void remember(int id, int kernel) {
    if (id >= home.length) {
      home = Arrays.copyOf(home, 2 * (id + 1));
    }
    home[id] = kernel + 1;
  }
}
