package dev.stint.model.linux;

import dev.stint.model.linux.RecordedEvent.Who;
import dev.stint.model.sched.Program;
import dev.stint.model.trace.EntityKind;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The model's tasks of a [DecisionReplay], by the process ids of the recording.
final class RecordedTasks {
  private final LinuxKernel kernel;
  private final Map<String, RecordedPlace> places;
  private final Unrecorded unrecorded;
  private final ReplayTally tally;
  private final Map<Integer, Task> byPid = new LinkedHashMap<>();
  private final Set<Task> pollers = new LinkedHashSet<>();
  private final Function<Who, Program> programs;
  private final ModelRecording recording;

  /// Tasks of `kernel`.
  ///
  /// @param places where tasks of some name belong
  /// @param programs what each would do if the recording did not say it
  /// @param recording is told of each
  RecordedTasks(
      LinuxKernel kernel,
      Map<String, RecordedPlace> places,
      Unrecorded unrecorded,
      ReplayTally tally,
      Function<Who, Program> programs,
      ModelRecording recording) {
    this.kernel = kernel;
    this.places = places;
    this.unrecorded = unrecorded;
    this.tally = tally;
    this.programs = programs;
    this.recording = recording;
  }

  /// All of them so far, by process id.
  Map<Integer, Task> byPid() {
    return byPid;
  }

  /// Whether it reads its CPU-time clock all the time, and alone.
  boolean polls(Task task) {
    return pollers.contains(task);
  }

  /// The task that the recording names so, made when it is first named.
  ///
  /// @param forkedOn the CPU whose current task made it; absent if it is older than the recording
  Task of(Who who, @Nullable Runqueue forkedOn) {
    return byPid.computeIfAbsent(who.pid(), _ -> make(who, forkedOn));
  }

  private Task make(Who who, @Nullable Runqueue forkedOn) {
    Task parent = forkedOn == null ? null : forkedOn.current();
    RecordedPlace inherited =
        new RecordedPlace(
            parent == null ? kernel.rootGroup() : parent.group,
            OptionalLong.empty(),
            RecordedPlace.boundCpu(who.comm(), kernel.cpuCount()),
            false);
    RecordedPlace place = places.getOrDefault(who.comm(), inherited);
    TaskParameters parameters =
        new TaskParameters(
            who.toString(),
            EntityKind.TASK,
            who.priority() - 120,
            place.sliceNs(),
            place.affinity());
    Task task = kernel.newTask(parameters, place.group(), programs.apply(who));
    recording.task(task.id(), who);
    if (place.pollsClock() && kernel.cpuCount() == 1) {
      pollers.add(task);
    }
    if (forkedOn == null) {
      tally.older(task, who.pid());
      task.entity.vlag = task.entity.virtual(unrecorded.lagsNs().getOrDefault(who.pid(), 0L));
    }
    return task;
  }
}
