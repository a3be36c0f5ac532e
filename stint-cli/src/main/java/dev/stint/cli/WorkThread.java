package dev.stint.cli;

import dev.stint.report.perfetto.WorkQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;

/// Work on a thread of its own, for one giver.
final class WorkThread implements WorkQueue {
  private final LinkedBlockingQueue<Runnable> works = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(BACKLOG);
  private final Thread thread;
  private volatile boolean ended;

  WorkThread(String name) {
    thread = Thread.ofPlatform().daemon().name(name).start(this::work);
  }

  private void work() {
    try {
      while (!ended || !works.isEmpty()) {
        works.take().run();
        room.release();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void give(Runnable work) {
    room.acquireUninterruptibly();
    works.add(work);
  }

  @Override
  public void end() {
    give(() -> ended = true);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
