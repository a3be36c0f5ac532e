package dev.stint.report.timeline;

import java.util.Map;
import java.util.TreeMap;

/// One line of a timeline: in each column, what took most of its time; of equals the one with the
/// lowest key.
final class TimelineRow {
  /// Nothing to do.
  static final int IDLE = -1;

  /// Ready, and not running.
  static final int WAITS = -2;

  private final TimelineWindow window;
  private final int[] cells;
  private final Map<Integer, Long> shares = new TreeMap<>();
  private int column;
  private int now = IDLE;
  private long sinceNs;

  TimelineRow(TimelineWindow window) {
    this.window = window;
    cells = new int[window.columns()];
    sinceNs = window.fromNs();
  }

  /// From `atNs` on it is this; of several at one instant the last counts.
  void change(long atNs, int what) {
    if (what == now) {
      return;
    }
    paint(Math.min(atNs, window.toNs()));
    now = what;
  }

  private void paint(long untilNs) {
    while (sinceNs < untilNs) {
      long endNs = window.startOf(column + 1);
      long toNs = Math.min(endNs, untilNs);
      shares.merge(now, toNs - sinceNs, Long::sum);
      sinceNs = toNs;
      if (toNs == endNs) {
        cells[column++] = most();
        shares.clear();
      }
    }
  }

  private int most() {
    int best = IDLE;
    long bestNs = 0;
    for (Map.Entry<Integer, Long> share : shares.entrySet()) {
      if (share.getValue() > bestNs) {
        best = share.getKey();
        bestNs = share.getValue();
      }
    }
    return best;
  }

  /// What is in each column, at the end of the run.
  int[] cells() {
    paint(window.toNs());
    return cells.clone();
  }
}
