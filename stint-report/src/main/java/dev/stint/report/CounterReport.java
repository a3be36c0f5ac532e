package dev.stint.report;

import dev.stint.model.counters.LpCounters;
import dev.stint.model.counters.VpCounters;
import dev.stint.model.stack.CounterReader;
import dev.stint.report.Table.Cell;
import dev.stint.report.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/// The hypervisor's counters of one run as a table: per VP how often it was dispatched and how long
/// it waited for each dispatch; per LP how often it changed its VP.
public final class CounterReport implements CounterReader {
  private static final double NS_PER_S = 1e9;

  private final List<LpCounters> lps = new ArrayList<>();
  private final List<VpCounters> vps = new ArrayList<>();

  /// Nothing yet.
  public CounterReport() {}

  @Override
  public void counters(List<LpCounters> readLps, List<VpCounters> readVps) {
    lps.addAll(readLps);
    vps.addAll(readVps);
  }

  /// The tables, at most 100 columns wide.
  public String text(Results results, Style style) {
    double seconds = results.scenario().durationNs() / NS_PER_S;
    StringBuilder out = new StringBuilder();
    if (vps.isEmpty()) {
      return out.append("\nWithout Microsoft's hypervisor there are no counters of it.\n")
          .toString();
    }
    out.append(style.heading("Hypervisor counters of the VPs (waiting is per dispatch)"));
    vpTable(style, seconds).write(out, TerminalReport.WIDTH);
    out.append(style.heading("Hypervisor counters of the LPs"));
    lpTable(style, seconds).write(out, TerminalReport.WIDTH);
    return out.toString();
  }

  private Table vpTable(Style style, double seconds) {
    Table table =
        new Table(
            style,
            List.of(),
            List.of(
                new Column("", false),
                new Column("ran", true),
                new Column("dispatches/s", true),
                new Column("wait", true),
                new Column("wake-up", true),
                new Column("contention", true),
                new Column("suspended", true),
                new Column("moves/s", true)));
    for (VpCounters vp : vps) {
      table.row(
          List.of(
              new Cell(vp.path()),
              new Cell(Numbers.duration(vp.runNs())),
              new Cell(rate(vp.dispatches(), seconds)),
              new Cell(known(vp.waitPerDispatchNs())),
              new Cell(known(vp.wakeUpPerDispatchNs())),
              new Cell(known(vp.contentionPerDispatchNs())),
              new Cell(Numbers.duration(vp.suspendedNs())),
              new Cell(rate(vp.migrations(), seconds))));
    }
    return table;
  }

  private Table lpTable(Style style, double seconds) {
    Table table =
        new Table(
            style,
            List.of(),
            List.of(
                new Column("", false),
                new Column("busy", true),
                new Column("switches/s", true),
                new Column("halts/s", true)));
    for (int lp = 0; lp < lps.size(); lp++) {
      LpCounters counters = lps.get(lp);
      table.row(
          List.of(
              new Cell("lp" + lp),
              new Cell(Numbers.part(counters.runNs(), counters.globalNs())),
              new Cell(rate(counters.contextSwitches(), seconds)),
              new Cell(rate(counters.halts(), seconds))));
    }
    return table;
  }

  private static String rate(long count, double seconds) {
    double perSecond = count / seconds;
    return String.format(Locale.ROOT, perSecond >= 9.95 || count == 0 ? "%.0f" : "%.1f", perSecond);
  }

  private static String known(OptionalLong ns) {
    return ns.isPresent() ? Numbers.duration(ns.getAsLong()) : "-";
  }
}
