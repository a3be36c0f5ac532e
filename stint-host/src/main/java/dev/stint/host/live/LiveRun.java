package dev.stint.host.live;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.CgroupRefused;
import dev.stint.host.cgroup.CgroupWrites;
import dev.stint.host.cgroup.Cgroups;
import dev.stint.host.cgroup.CpuGroup;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.cgroup.OwnedGroups;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.stack.GroupSpec;
import dev.stint.model.stack.TaskSpec;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Runs a plan once on this machine's kernel. All that it makes goes when it ends, also when the
/// process is told to stop; what a killed process left, the next run removes.
final class LiveRun {
  private static final long PATIENCE_S = 120;

  private final LivePlan plan;
  private final HostFiles files;
  private final LiveValidation.Options options;

  LiveRun(LivePlan plan, HostFiles files, LiveValidation.Options options) {
    this.plan = plan;
    this.files = files;
    this.options = options;
  }

  /// Runs it.
  LiveRepetition run(long warmUpNs, long windowNs) throws CannotRunLive {
    Cgroups cgroups = Cgroups.of(files);
    GroupMarker marker = GroupMarker.ofThisProcess(files);
    try (OwnedGroups owned = OwnedGroups.open(files, cgroups, CgroupWrites.KERNEL, marker)) {
      try (Worker worker = new Worker(marker, options.workerClass());
          Interruptions.Handle _ =
              options
                  .interruptions()
                  .whenStopped(() -> {
                    worker.kill();
                    owned.remove();
                  })) {
        return conduct(owned.top(), worker, warmUpNs, windowNs);
      }
    } catch (CgroupRefused | IOException e) {
      throw CannotRunLive.machine(String.valueOf(e.getMessage()));
    }
  }

  private LiveRepetition conduct(CpuGroup top, Worker worker, long warmUpNs, long windowNs)
      throws CannotRunLive, IOException {
    if (options.boost()) {
      top.heaviest();
    }
    CpuGroup control = top.child("control");
    Map<String, CpuGroup> groups = new LinkedHashMap<>();
    Map<String, String> stats = new LinkedHashMap<>();
    for (Map.Entry<String, GroupSpec> entry : plan.groups().entrySet()) {
      CpuGroup group = make(top, groups, entry.getKey(), entry.getValue());
      groups.put(entry.getKey(), group);
      if (entry.getValue().quota().isPresent()) {
        stats.put(entry.getKey(), group.path("cpu") + "/cpu.stat");
      }
    }
    worker.say("watch proc/stat");
    stats.values().forEach(path -> worker.say("watch " + path));
    CpuSet spare = plan.cpus().minus(plan.used());
    if (!spare.isEmpty()) {
      worker.say("control " + spare);
    }
    plan.tasks().forEach(task -> worker.say(LiveTask.words(task)));
    worker.say("threads");
    Map<String, Long> threads = worker.threads();
    top.addProcess(worker.pid());
    control.addProcess(worker.pid());
    for (TaskSpec task : plan.tasks()) {
      CpuGroup group = task.group().isEmpty() ? top : groups.getOrDefault(task.group(), top);
      group.addThread(threads.getOrDefault(task.name(), 0L));
    }
    worker.say("go " + warmUpNs + " " + windowNs);
    return worker.transcript(warmUpNs + windowNs).read(plan, stats, windowNs);
  }

  private static CpuGroup make(
      CpuGroup top, Map<String, CpuGroup> groups, String path, GroupSpec spec) {
    int slash = path.lastIndexOf('/');
    CpuGroup parent = slash < 0 ? top : groups.getOrDefault(path.substring(0, slash), top);
    CpuGroup group = parent.child(path.substring(slash + 1));
    group.weight(spec.weight());
    spec.quota().ifPresent(group::quota);
    spec.cpus().ifPresent(group::cpus);
    return group;
  }

  /// The process with the tasks.
  private static final class Worker implements AutoCloseable {
    private final Process process;
    private final PrintStream to;
    private final BufferedReader from;
    private String last = "nothing";

    Worker(GroupMarker marker, String workerClass) throws IOException {
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      ProcessBuilder builder =
          new ProcessBuilder(
              List.of(
                  java,
                  "-XX:+UseSerialGC",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:-UsePerfData",
                  "-Xms64m",
                  "-Xmx64m",
                  "--enable-native-access=ALL-UNNAMED",
                  "-cp",
                  System.getProperty("java.class.path").replace("::", File.pathSeparator),
                  workerClass,
                  marker.name()));
      process = builder.redirectErrorStream(true).start();
      to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
      from = process.inputReader(StandardCharsets.UTF_8);
    }

    long pid() {
      return process.pid();
    }

    void say(String words) {
      to.println(words);
    }

    /// The threads of the tasks, by name.
    Map<String, Long> threads() throws CannotRunLive, IOException {
      Map<String, Long> threads = new LinkedHashMap<>();
      Thread watchdog = watchdog(PATIENCE_S);
      for (String line = next(); !line.equals("ready"); line = next()) {
        String[] words = line.split(" ");
        if (words[0].equals("thread")) {
          threads.put(words[1], Long.parseLong(words[2]));
        }
      }
      watchdog.interrupt();
      return threads;
    }

    LiveTranscript transcript(long lastingNs) throws CannotRunLive, IOException {
      LiveTranscript transcript = new LiveTranscript();
      Thread watchdog = watchdog(PATIENCE_S + TimeUnit.NANOSECONDS.toSeconds(lastingNs));
      for (String line = next(); !line.equals("done"); line = next()) {
        transcript.add(line);
      }
      watchdog.interrupt();
      return transcript;
    }

    private String next() throws CannotRunLive, IOException {
      String line = from.readLine();
      if (line == null) {
        throw CannotRunLive.machine(
            "the worker process ended before its run was over; it said last: " + last);
      }
      last = line;
      if (line.startsWith("failed ")) {
        throw CannotRunLive.machine(line.substring("failed ".length()));
      }
      return line;
    }

    /// Kills the process after some time, unless it is interrupted before.
    private Thread watchdog(long seconds) {
      return Thread.ofPlatform()
          .daemon()
          .start(() -> {
            try {
              TimeUnit.SECONDS.sleep(seconds);
              process.destroyForcibly();
            } catch (InterruptedException _) {
              Thread.currentThread().interrupt();
            }
          });
    }

    @Override
    public void close() {
      kill();
    }

    void kill() {
      process.destroyForcibly();
      try {
        process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
