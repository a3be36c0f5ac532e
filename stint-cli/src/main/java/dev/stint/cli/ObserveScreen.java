package dev.stint.cli;

import dev.stint.host.observe.Account;
import dev.stint.host.observe.Finding;
import dev.stint.host.observe.Rules;
import dev.stint.host.observe.View;
import dev.stint.host.observe.ViewEntity;
import dev.stint.host.observe.ViewEntity.Kind;
import dev.stint.host.observe.WakeLatency;
import dev.stint.model.stats.Percentiles;
import dev.stint.scenario.Quantities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// What `observe` prints: on a terminal a table that is drawn over, else lines.
final class ObserveScreen {
  private static final String CLEAR = "\033[H\033[J";
  private static final int ROWS = 24;
  private static final int AROUND = 7; // heading, CPUs, verdict, a blank line or two
  private static final int PATH = 34;
  private static final long P99_LEAST = 100; // values, or it would be the longest
  private static final int BUSIEST = 5; // threads shown without being asked for
  private static final List<String> HEADS =
      List.of("run", "queue", "throttl", "blocked", "unknown");
  private static final List<String> MEAN_HEADS = List.of("wait/run");
  private static final List<String> LATENCY_HEADS = List.of("wake p50", "p99", "max");

  private final Surroundings surroundings;
  private final boolean all;
  private final boolean latency;

  /// @param all whether all threads are shown
  /// @param latency whether wake-up latencies are shown
  ObserveScreen(Surroundings surroundings, boolean all, boolean latency) {
    this.surroundings = surroundings;
    this.all = all;
    this.latency = latency;
  }

  /// Shows an interval.
  void show(View view, long sinceNs) {
    String seconds = String.format(Locale.ROOT, "%.1fs", sinceNs / 1e9);
    List<Finding> findings = Rules.of(view);
    if (surroundings.outIsTerminal()) {
      StringBuilder text = new StringBuilder();
      text.append("stint observe  ").append(seconds).append("  (Ctrl-C ends)\n");
      text.append(cpus(view)).append("\n\n");
      table(view, Math.max(3, rows() - AROUND)).forEach(line -> text.append(line).append('\n'));
      text.append('\n').append(lines(findings));
      surroundings.print(CLEAR + plain(text.toString()));
    } else {
      surroundings.print(plain(seconds + "  " + cpus(view) + ". " + first(findings) + "\n"));
    }
  }

  /// Shows everything since the beginning.
  void end(View total) {
    StringBuilder text = new StringBuilder();
    text.append('\n').append("In all ");
    text.append(Quantities.duration(total.wallNs() / 1_000_000 * 1_000_000)).append(": ");
    text.append(cpus(total)).append("\n\n");
    table(total, surroundings.outIsTerminal() ? Math.max(3, rows() - AROUND) : Integer.MAX_VALUE)
        .forEach(line -> text.append(line).append('\n'));
    total.notes().forEach(note -> text.append("note: ").append(note).append('\n'));
    text.append('\n').append(lines(Rules.of(total)));
    surroundings.print(plain(text.toString()));
  }

  private static String lines(List<Finding> findings) {
    return String.join("", findings.stream().map(finding -> finding.text() + "\n").toList());
  }

  /// A line for each look has room for one.
  private static String first(List<Finding> findings) {
    int more = findings.size() - 1;
    return findings.getFirst().text() + (more == 0 ? "" : " (And " + more + " more.)");
  }

  /// Names of cgroups may hold anything, but nothing that a terminal obeys is printed.
  private static String plain(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\n]]", "?");
  }

  private int rows() {
    String lines = surroundings.variable("LINES");
    return lines.matches("[1-9][0-9]{1,2}") ? Integer.parseInt(lines) : ROWS;
  }

  private static String cpus(View view) {
    Account cpus = view.cpus();
    int count = view.of(Kind.LP).size();
    return String.format(
        Locale.ROOT,
        "%d CPU%s: run %s, idle %s, stolen %s, unknown %s",
        count,
        count == 1 ? "" : "s",
        percent(cpus.runNs(), cpus.wallNs()),
        percent(cpus.blockedNs(), cpus.wallNs()),
        view.stealUnseen().isPresent() ? "?" : percent(cpus.stolenNs(), cpus.wallNs()),
        percent(cpus.unknownNs(), cpus.wallNs()));
  }

  private List<String> table(View view, int most) {
    List<ViewEntity> shown = new ArrayList<>(sorted(view.of(Kind.PARTITION)));
    shown.addAll(sorted(view.of(Kind.THREAD)));
    shown.addAll(sorted(view.of(Kind.GROUP)));
    List<ViewEntity> tasks = sorted(view.of(Kind.TASK));
    int room = Math.max(0, Math.min(BUSIEST, most - shown.size()));
    shown.addAll(
        all
            ? tasks
            : tasks.stream().filter(task -> task.account().wantedNs() > 0).limit(room).toList());
    List<String> lines = new ArrayList<>();
    lines.add(cells("of one CPU", HEADS, latency ? LATENCY_HEADS : MEAN_HEADS, "moves", "cpu.max"));
    shown.stream().limit(most).map(entity -> row(entity, view.wallNs())).forEach(lines::add);
    if (shown.size() > most) {
      lines.add("... and " + (shown.size() - most) + " more");
    } else if (!all && tasks.size() > room) {
      lines.add("... and " + (tasks.size() - room) + " threads: --all shows them");
    }
    return lines;
  }

  private static List<ViewEntity> sorted(List<ViewEntity> entities) {
    return entities.stream()
        .sorted(
            Comparator.comparingLong((ViewEntity entity) -> -entity.account().wantedNs())
                .thenComparing(ViewEntity::path))
        .toList();
  }

  private String row(ViewEntity entity, long wallNs) {
    Account account = entity.account();
    List<String> times =
        List.of(
            percent(account.runNs(), wallNs),
            percent(account.queueNs(), wallNs),
            percent(account.throttledNs(), wallNs),
            percent(account.blockedNs(), wallNs),
            percent(account.unknownNs(), wallNs));
    return cells(
        entity.path(),
        times,
        latency ? latencies(entity) : List.of(mean(entity)),
        ">=" + entity.migrations(),
        entity.limits().flatMap(ViewEntity.Limits::quota).orElse(""));
  }

  private static String cells(
      String path, List<String> times, List<String> waits, String moves, String quota) {
    StringBuilder line = new StringBuilder();
    String shown = path.length() <= PATH ? path : "..." + path.substring(path.length() - PATH + 3);
    line.append(String.format(Locale.ROOT, "%-" + PATH + "s", shown));
    times.forEach(cell -> line.append(String.format(Locale.ROOT, " %7s", cell)));
    waits.forEach(cell -> line.append(String.format(Locale.ROOT, " %8s", cell)));
    line.append(String.format(Locale.ROOT, " %7s  %s", moves, quota));
    return line.toString().stripTrailing();
  }

  private static String mean(ViewEntity entity) {
    OptionalLong ns = entity.waitPerDispatchNs();
    return ns.isPresent() ? time(ns.getAsLong()) : "-";
  }

  /// `-` where there were no wake-ups, `?` where their waits are not known.
  private static List<String> latencies(ViewEntity entity) {
    Optional<Percentiles> known = entity.wakes().flatMap(WakeLatency::known);
    if (entity.wakes().isPresent() && known.isEmpty()) {
      return List.of("?", "?", "?");
    }
    return known
        .filter(waits -> waits.count() > 0)
        .map(waits ->
            List.of(
                time(waits.p50Ns()),
                waits.count() < P99_LEAST ? "-" : time(waits.p99Ns()),
                time(waits.maxNs())))
        .orElse(List.of("-", "-", "-"));
  }

  private static String time(long ns) {
    return ns < 10_000_000
        ? String.format(Locale.ROOT, "%dus", ns / 1000)
        : String.format(Locale.ROOT, "%dms", ns / 1_000_000);
  }

  private static String percent(long ns, long wallNs) {
    return wallNs <= 0 ? "-" : String.format(Locale.ROOT, "%.1f%%", 100.0 * ns / wallNs);
  }
}
