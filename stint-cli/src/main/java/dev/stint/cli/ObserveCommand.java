package dev.stint.cli;

import dev.stint.host.HostFiles;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.observe.HostWatch;
import dev.stint.host.observe.MetricsText;
import dev.stint.host.observe.View;
import dev.stint.host.observe.ViewJson;
import dev.stint.host.observe.WakeTrace;
import dev.stint.host.sys.ThreadClock;
import dev.stint.scenario.Quantities;
import dev.stint.scenario.Wording;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.ParseResult;

/// `observe`: looks at this host again and again, and tells.
final class ObserveCommand {
  private static final long SECOND_NS = 1_000_000_000L;
  private static final long INTERVAL_MIN_NS = 100_000_000L;
  private static final long INTERVAL_MAX_NS = 60 * SECOND_NS;
  private static final long FOR_MAX_NS = 7 * 24 * 3600 * SECOND_NS;
  private static final long FOR_NOBODY_NS = 10 * SECOND_NS;

  /// Of files kept open, three a thread; Java raises its own limit to the hard one.
  private static final int MOST_THREADS = 4_000;

  private final Surroundings surroundings;

  ObserveCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  /// @param metrics the metrics of the last look, if somebody may ask for them
  private record Plan(
      long intervalNs,
      long lastsNs,
      Optional<MetricsPage> metrics,
      ObserveScreen screen,
      boolean quiet) {}

  ExitCode execute(ParseResult parsed) {
    Optional<String> json = option(parsed, "--json");
    boolean jsonToOutput = json.filter("-"::equals).isPresent();
    Optional<AtomicFile> jsonFile =
        jsonToOutput
            ? Optional.empty()
            : json.map(name -> new AtomicFile("--json", surroundings.directory().resolve(name)));
    Optional<String> address = option(parsed, "--metrics");
    long intervalNs = time(parsed, "--interval", INTERVAL_MIN_NS, INTERVAL_MAX_NS, SECOND_NS);
    boolean endless = address.isPresent() || (surroundings.outIsTerminal() && !jsonToOutput);
    long lastsNs =
        time(parsed, "--for", intervalNs, FOR_MAX_NS, endless ? FOR_MAX_NS : FOR_NOBODY_NS);
    HostFiles files = new HostFiles(surroundings.root());
    if (!Files.isReadable(files.path("proc/stat"))) {
      throw new Refusal(
          ExitCode.NOT_HERE,
          List.of("stint: there is no /proc/stat to read: this is not Linux, or not mounted."));
    }
    boolean quiet = jsonToOutput || parsed.hasMatchedOption("--quiet");
    ObserveScreen screen =
        new ObserveScreen(
            surroundings, parsed.hasMatchedOption("--all"), parsed.hasMatchedOption("--latency"));
    Optional<MetricsPage> metrics = address.map(_ -> new MetricsPage());
    Plan plan = new Plan(intervalNs, lastsNs, metrics, screen, quiet);
    boolean all = parsed.hasMatchedOption("--all");
    try (StopSignal stop = new StopSignal();
        HostWatch watch =
            new HostWatch(files, System::nanoTime, MOST_THREADS, wakes(parsed, files, all));
        MetricsServer server = new MetricsServer(address, metrics)) {
      server.address().ifPresent(url -> surroundings.complain("stint: metrics at " + url));
      long costNs = looks(watch, plan, stop);
      View total = watch.total();
      jsonFile.ifPresent(file -> file.write(out -> write(total, out)));
      if (jsonToOutput) {
        write(total, surroundings.out());
      } else if (!quiet) {
        screen.end(total);
      }
      if (parsed.hasMatchedOption("--verbose")) {
        cost(watch, total, costNs);
      }
      surroundings.out().flush();
    }
    return ExitCode.DONE;
  }

  /// What cannot be followed here is said at once: it may be what the user waits for.
  private WakeTrace wakes(ParseResult parsed, HostFiles files, boolean all) {
    if (!parsed.hasMatchedOption("--latency")) {
      return WakeTrace.off(files);
    }
    WakeTrace wakes = WakeTrace.open(files, GroupMarker.ofThisProcess(files), all);
    if (!wakes.follows()) {
      wakes.note().ifPresent(note -> surroundings.complain("stint: " + note));
    }
    return wakes;
  }

  private static Optional<String> option(ParseResult parsed, String name) {
    return Optional.ofNullable(parsed.matchedOptionValue(name, null));
  }

  private static long time(ParseResult parsed, String name, long minNs, long maxNs, long orNs) {
    Optional<String> text = option(parsed, name);
    OptionalLong ns = text.isPresent() ? Quantities.durationNs(text.get()) : OptionalLong.of(orNs);
    if (ns.isEmpty() || ns.getAsLong() < minNs || ns.getAsLong() > maxNs) {
      throw Refusal.input(
          name
              + " takes "
              + Quantities.duration(minNs)
              + " to "
              + Quantities.duration(maxNs)
              + ", got "
              + Wording.quoted(text.orElse(""))
              + ". Write "
              + name
              + " 10s.");
    }
    return ns.getAsLong();
  }

  /// @return CPU time of this thread that it took
  private long looks(HostWatch watch, Plan plan, StopSignal stop) {
    ThreadClock clock = new ThreadClock();
    long cpuNs = clock.cpuNs();
    long beganNs = System.nanoTime();
    long nextNs = beganNs;
    while (nextNs - beganNs < plan.lastsNs()) {
      nextNs = Math.min(nextNs + plan.intervalNs(), beganNs + plan.lastsNs());
      if (!stop.sleep(nextNs - System.nanoTime())) {
        break;
      }
      View view = watch.look();
      plan.metrics().ifPresent(page -> page.replace(MetricsText.of(watch.total())));
      if (!plan.quiet()) {
        plan.screen().show(view, System.nanoTime() - beganNs);
        surroundings.out().flush();
        if (surroundings.out().failure().isPresent()) {
          break;
        }
      }
      // After a pause, as of a laptop, go on from now.
      nextNs = Math.max(nextNs, System.nanoTime() - plan.intervalNs());
    }
    return clock.cpuNs() - cpuNs;
  }

  private static void write(View total, OutputStream out) {
    try {
      out.write(ViewJson.text(total, Version.text()).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void cost(HostWatch watch, View total, long costNs) {
    surroundings.complain(
        String.format(
            Locale.ROOT,
            "stint: watched %d threads for %s; looking and printing took %s, %.2f %% of one CPU;"
                + " the whole process, its start included, %s",
            watch.threadCount(),
            Quantities.duration(total.wallNs() / 1_000_000 * 1_000_000),
            Quantities.duration(costNs / 1000 * 1000),
            100.0 * costNs / Math.max(1, total.wallNs()),
            ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(cpu -> Quantities.duration(cpu.toNanos()))
                .orElse("unknown")));
  }
}
