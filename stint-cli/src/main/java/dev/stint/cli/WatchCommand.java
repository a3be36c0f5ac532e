package dev.stint.cli;

import dev.stint.host.HostFiles;
import dev.stint.host.control.Application;
import dev.stint.host.control.ControlFiles;
import dev.stint.host.control.HostReadings;
import dev.stint.host.control.Journal;
import dev.stint.host.control.Watch;
import dev.stint.scenario.Policy;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// `apply --watch`: stays until a signal comes or the guard is broken.
final class WatchCommand {
  private static final long END_SECONDS = 10;

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

  private record Clock(CountDownLatch stop) implements Watch.Pulse {
    @Override
    public long nowNs() {
      return System.nanoTime();
    }

    @Override
    public boolean sleep(long ns) {
      try {
        return !stop.await(ns, TimeUnit.NANOSECONDS);
      } catch (InterruptedException _) {
        return false;
      }
    }
  }

  ExitCode execute(Policy policy, long intervalNs, boolean rollbackOnExit) {
    CountDownLatch stop = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    // A signal ends the process when its hooks have ended: this one waits for the watch to.
    Thread hook =
        new Thread(() -> {
          stop.countDown();
          try {
            ended.await(END_SECONDS, TimeUnit.SECONDS);
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        });
    Runtime.getRuntime().addShutdownHook(hook);
    try (HostReadings readings = new HostReadings(host, policy.owns())) {
      surroundings.print("Watching; Ctrl-C ends it.\n");
      surroundings.out().flush();
      Watch watch =
          new Watch(
              files, journal, policy.guard(), readings, new Clock(stop), surroundings::complain);
      return end(watch.run(intervalNs), rollbackOnExit);
    } finally {
      surroundings.out().flush();
      ended.countDown();
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
