package dev.stint.cli;

import dev.stint.host.observe.Account;
import dev.stint.host.observe.Rules;
import dev.stint.host.observe.View;
import dev.stint.host.observe.ViewEntity;
import dev.stint.host.observe.ViewEntity.Kind;
import dev.stint.scenario.Quantities;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What `observe` prints: on a terminal a table that is drawn over, else lines.
final class ObserveScreen {
  private static final String CLEAR = "\033[H\033[J";
  private static final int ROWS = 24;
  private static final int AROUND = 7; // heading, CPUs, verdict, a blank line or two
  private static final int PATH = 34;

  private final Surroundings surroundings;
  private final boolean all;

  ObserveScreen(Surroundings surroundings, boolean all) {
    this.surroundings = surroundings;
    this.all = all;
  }

  /// Shows an interval.
  void show(View view, long sinceNs) {
    String seconds = String.format(Locale.ROOT, "%.1fs", sinceNs / 1e9);
    String verdict = Rules.sentence(Rules.of(view));
    if (surroundings.outIsTerminal()) {
      StringBuilder text = new StringBuilder();
      text.append("stint observe  ").append(seconds).append("  (Ctrl-C ends)\n");
      text.append(cpus(view)).append("\n\n");
      table(view, Math.max(3, rows() - AROUND)).forEach(line -> text.append(line).append('\n'));
      text.append('\n').append(verdict).append('\n');
      surroundings.print(CLEAR + plain(text.toString()));
    } else {
      surroundings.print(plain(seconds + "  " + cpus(view) + ". " + verdict + "\n"));
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
    text.append('\n').append(Rules.sentence(Rules.of(total))).append('\n');
    surroundings.print(plain(text.toString()));
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
    if (all) {
      shown.addAll(sorted(view.of(Kind.TASK)));
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-" + PATH + "s %7s %7s %7s %7s %7s %9s %6s  %s",
            "of one CPU",
            "run",
            "queue",
            "throttl",
            "blocked",
            "unknown",
            "wait/run",
            "moves",
            "cpu.max"));
    shown.stream().limit(most).map(entity -> row(entity, view.wallNs())).forEach(lines::add);
    if (shown.size() > most) {
      lines.add("... and " + (shown.size() - most) + " more");
    }
    if (shown.isEmpty()) {
      lines.add(all ? "no threads" : "no VMs and no cgroups with threads; --all shows threads");
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

  private static String row(ViewEntity entity, long wallNs) {
    Account account = entity.account();
    String path = entity.path();
    return String.format(
            Locale.ROOT,
            "%-" + PATH + "s %7s %7s %7s %7s %7s %9s %6s  %s",
            path.length() <= PATH ? path : "..." + path.substring(path.length() - PATH + 3),
            percent(account.runNs(), wallNs),
            percent(account.queueNs(), wallNs),
            percent(account.throttledNs(), wallNs),
            percent(account.blockedNs(), wallNs),
            percent(account.unknownNs(), wallNs),
            entity.waitPerDispatchNs().isPresent()
                ? micros(entity.waitPerDispatchNs().getAsLong())
                : "-",
            ">=" + entity.migrations(),
            entity.limits().flatMap(ViewEntity.Limits::quota).orElse(""))
        .stripTrailing();
  }

  private static String micros(long ns) {
    return ns < 10_000_000
        ? String.format(Locale.ROOT, "%dus", ns / 1000)
        : String.format(Locale.ROOT, "%dms", ns / 1_000_000);
  }

  private static String percent(long ns, long wallNs) {
    return wallNs <= 0 ? "-" : String.format(Locale.ROOT, "%.1f%%", 100.0 * ns / wallNs);
  }
}
