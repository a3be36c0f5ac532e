package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.sched.Program;
import dev.stint.model.sched.TaskControl;
import dev.stint.model.workload.WorkloadSpec;
import dev.stint.model.workload.Workloads;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The hint that a waker is about to sleep (WF_SYNC; `wake_affine_idle`): who gives it, and what it
/// does.
final class SyncWakeTest {
  private static final long MS = LoadedBox.MS;

  /// Where a sleeper of CPU 1 is put, with a lighter hog there and its waker alone on CPU 0.
  private static int wokenOn(boolean sync) {
    LoadedBox box = new LoadedBox(2);
    Task waker = box.task("waker", box.kernel.rootGroup(), 0, LoadedBox.hog());
    Task hog = box.task("hog", box.kernel.rootGroup(), 1, LoadedBox.hog());
    box.kernel.setAttributes(hog, hog.attributes().withNice(5), 0);
    boolean[] slept = new boolean[1];
    Program sleeper =
        (task, _) -> {
          if (slept[0]) {
            task.compute(TaskControl.FOREVER);
          } else {
            slept[0] = true;
            task.block();
          }
        };
    Task wakee = box.task("wakee", box.kernel.rootGroup(), 1, sleeper);
    box.simulation.run(20 * MS);
    assertThat(wakee.entity.onQueue).isFalse();
    box.kernel.cpusets().setAffinity(wakee, CpuSet.range(0, 2));
    wakee.signal(20 * MS, waker.id(), sync);
    return wakee.runqueue().cpu;
  }

  @Test
  void wake_syncFromATaskAloneOnItsCpu_putsTheWakeeThere() {
    assertThat(wokenOn(true)).isZero();
    assertThat(wokenOn(false)).isOne();
  }

  @Test
  void pingPong_passingTheToken_wakesWithTheHint() {
    Workloads workloads = new Workloads(new LoadedBox(1).simulation);
    WorkloadSpec spec = new WorkloadSpec.PingPong("x", MS);
    Program first = workloads.program(spec, "a", 0);
    Program second = workloads.program(spec, "b", 0);
    List<String> calls = new ArrayList<>();
    TaskControl a = recorder("a", calls);
    TaskControl b = recorder("b", calls);
    second.step(b, 0);
    first.step(a, 0);
    first.step(a, MS);
    first.step(a, MS);
    assertThat(calls)
        .containsExactly(
            "b block []",
            "a compute [1000000]",
            "b signal [1000000, 7, true]",
            "a sleepUntil [1000000]",
            "a block []");
  }

  private static TaskControl recorder(String name, List<String> calls) {
    return (TaskControl)
        Proxy.newProxyInstance(
            TaskControl.class.getClassLoader(),
            new Class<?>[] {TaskControl.class},
            (_, method, arguments) -> {
              if (method.getName().equals("id")) {
                return 7;
              }
              List<Object> given = arguments == null ? List.of() : List.of(arguments);
              calls.add(name + " " + method.getName() + " " + given);
              return null;
            });
  }
}
