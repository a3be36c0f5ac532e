package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.probe.Finding;
import dev.stint.host.probe.Machinery;
import java.nio.file.Path;
import java.util.List;

/// A process that looks at a host with fewer rights than the test has.
final class OneLook {
  private static final int THREADS_MOST = 1000;
  private static final int INTERVAL_MS = 300;

  private OneLook() {}

  /// Prints what `doctor` finds, an empty line, and what `observe --json` says.
  ///
  /// @param arguments the root of the host
  public static void main(String[] arguments) throws InterruptedException {
    HostFiles files = new HostFiles(Path.of(arguments[0]));
    for (Finding finding : new Machinery(files, "", List.of()).findings()) {
      System.out.println(finding.name() + ": " + finding.probe());
    }
    System.out.println();
    try (HostWatch watch =
        new HostWatch(files, System::nanoTime, THREADS_MOST, WakeTrace.off(files))) {
      Thread.sleep(INTERVAL_MS);
      System.out.print(ViewJson.text(watch.look(), "0"));
    }
  }
}
