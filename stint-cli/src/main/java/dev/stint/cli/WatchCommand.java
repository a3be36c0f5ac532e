package dev.stint.cli;

import dev.stint.host.HostFiles;
import dev.stint.host.control.Application;
import dev.stint.host.control.ControlFiles;
import dev.stint.host.control.HostReadings;
import dev.stint.host.control.Journal;
import dev.stint.host.control.Watch;
import dev.stint.scenario.Policy;

/// `apply --watch`: stays until a signal comes or the guard is broken.
final class WatchCommand {
  private final Surroundings surroundings;
  private final HostFiles host;
  private final ControlFiles files;
  private final Journal journal;

  WatchCommand(Surroundings surroundings, HostFiles host, ControlFiles files, Journal journal) {
    this.surroundings = surroundings;
    this.host = host;
    this.files = files;
    this.journal = journal;
  }

  private record Clock(StopSignal stop) implements Watch.Pulse {
    @Override
    public long nowNs() {
      return System.nanoTime();
    }

    @Override
    public boolean sleep(long ns) {
      return stop.sleep(ns);
    }
  }

  ExitCode execute(Policy policy, long intervalNs, boolean rollbackOnExit) {
    try (StopSignal stop = new StopSignal();
        HostReadings readings = new HostReadings(host, policy.owns())) {
      surroundings.print("Watching; Ctrl-C ends it.\n");
      surroundings.out().flush();
      Watch watch =
          new Watch(
              files, journal, policy.guard(), readings, new Clock(stop), surroundings::complain);
      ExitCode code = end(watch.run(intervalNs), rollbackOnExit);
      surroundings.out().flush();
      return code;
    }
  }

  private ExitCode end(Watch.End end, boolean rollbackOnExit) {
    return switch (end) {
      case Watch.End.Broken(String why, var undone) -> {
        surroundings.complain("stint: taken back: " + why);
        boolean left = UndoneLines.print(surroundings, undone);
        surroundings.print(left ? "Not all is as before: stint rollback\n" : "All is as before.\n");
        yield ExitCode.NEGATIVE;
      }
      case Watch.End.Stopped() -> {
        if (rollbackOnExit) {
          boolean left =
              UndoneLines.print(surroundings, new Application(files, journal).rollback(false));
          surroundings.print(
              left ? "Not all is as before: stint rollback\n" : "All is as before.\n");
        } else {
          surroundings.print("It stays applied. Undo: stint rollback\n");
        }
        yield ExitCode.DONE;
      }
    };
  }
}
