package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.RunWatcher;
import dev.stint.model.stack.Scenario;
import dev.stint.report.Results;
import dev.stint.report.timeline.TextTimeline;
import dev.stint.scenario.Wording;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// `--timeline`: who held which processor in a part of each run, drawn as text.
final class TimelineOutput implements RunOutput {
  static final String OPTION = "--timeline";
  private static final String DEFAULT = "middle";
  private static final long DEFAULT_NS = 100_000_000;
  private static final int ROWS_MAX = 64;

  private final List<TextTimeline> timelines = new ArrayList<>();
  private final Consumer<String> print;

  /// @param range FROM..TO, or `middle`
  TimelineOutput(
      String range, Scenario scenario, int runs, int width, boolean all, Consumer<String> print) {
    this.print = print;
    Window window = window(range, scenario.durationNs());
    for (int run = 0; run < runs; run++) {
      timelines.add(
          new TextTimeline(
              window.fromNs(), window.toNs(), width, all ? Integer.MAX_VALUE : ROWS_MAX));
    }
  }

  /// The arguments with a value for the option where it stands alone: only a word with `..` between
  /// two times is taken for its value.
  static String[] completed(String... args) {
    String[] completed = args.clone();
    for (int i = 0; i < args.length; i++) {
      boolean range =
          i + 1 < args.length && args[i + 1].matches("[0-9.]+[a-z]*\\.\\.[0-9.]+[a-z]*");
      if (args[i].equals(OPTION) && !range) {
        completed[i] = OPTION + "=" + DEFAULT;
      }
    }
    return completed;
  }

  private record Window(long fromNs, long toNs) {}

  private static Window window(String range, long durationNs) {
    long fromNs = durationNs / 2;
    long toNs = Math.min(durationNs, fromNs + DEFAULT_NS);
    if (!range.equals(DEFAULT)) {
      List<OptionalLong> times =
          Arrays.stream(range.split("\\.\\.", 2)).map(TimelineOutput::timeNs).toList();
      if (times.size() != 2 || times.stream().anyMatch(OptionalLong::isEmpty)) {
        throw Refusal.input(
            OPTION + "=" + range + " is no range of times. Write for example 1s..1.1s.");
      }
      fromNs = times.getFirst().orElseThrow();
      toNs = times.getLast().orElseThrow();
    }
    if (toNs > durationNs || toNs - fromNs < TextTimeline.LENGTH_MIN_NS) {
      throw Refusal.input(
          OPTION
              + "="
              + range
              + " must end by "
              + Wording.duration(durationNs)
              + ", the end of the run, and be at least "
              + Wording.duration(TextTimeline.LENGTH_MIN_NS)
              + " long.");
    }
    return new Window(fromNs, toNs);
  }

  private static OptionalLong timeNs(String text) {
    return text.equals("0") ? OptionalLong.of(0) : Wording.durationNs(text);
  }

  @Override
  public RunWatcher watcher(int run, Assembly assembly) {
    return timelines.get(run);
  }

  @Override
  public void finish(Results results) {
    for (int run = 0; run < timelines.size(); run++) {
      String title = results.scenario().name() + " under " + results.runs().get(run).assembly();
      print.accept(timelines.get(run).text(title) + "\n");
    }
  }

  @Override
  public void abandon() {}
}
