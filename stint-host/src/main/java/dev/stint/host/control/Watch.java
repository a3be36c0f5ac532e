package dev.stint.host.control;

import dev.stint.host.control.Journal.Entry;
import dev.stint.scenario.Policy;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Stays with what is applied: writes it again where somebody changes it, not without end, and
/// takes it back when the policy's guard is broken.
public final class Watch {
  /// How often in a row a file is written again.
  public static final int AGAIN_MAX = 5;

  /// How long until it may be written once more, nanoseconds.
  public static final long AGAIN_INTERVAL_NS = 30_000_000_000L;

  private final ControlFiles files;
  private final Journal journal;
  private final Optional<GuardWatch> guard;
  private final Pulse pulse;
  private final Consumer<String> say;
  private final Map<ControlFile, TokenBucket> buckets = new LinkedHashMap<>();
  private final Set<ControlFile> givenUp = new LinkedHashSet<>();

  /// The passing of time.
  public interface Pulse {
    /// The time, from any origin.
    long nowNs();

    /// Waits; false when it is time to end.
    boolean sleep(long ns);
  }

  /// How watching ended.
  public sealed interface End {
    /// It was told to end; what is applied stays.
    record Stopped() implements End {}

    /// The guard was broken, and everything is taken back.
    ///
    /// @param why what was worse than stated
    /// @param undone what was done about it
    record Broken(String why, List<Undone> undone) implements End {
      /// Copies the list.
      public Broken {
        undone = List.copyOf(undone);
      }
    }
  }

  /// @param guard when to take the policy back, if ever
  /// @param say where to tell what happens, a line at a time
  public Watch(
      ControlFiles files,
      Journal journal,
      Optional<Policy.Guard> guard,
      Readings readings,
      Pulse pulse,
      Consumer<String> say) {
    this.files = files;
    this.journal = journal;
    this.guard = guard.map(stated -> new GuardWatch(stated, readings));
    this.pulse = pulse;
    this.say = say;
  }

  /// Watches until told to end, or until the guard is broken.
  public End run(long intervalNs) {
    // The first look of a guard begins its reading.
    guard.ifPresent(watch -> watch.look(pulse.nowNs()));
    while (pulse.sleep(intervalNs)) {
      Optional<String> broken = guard.flatMap(watch -> watch.look(pulse.nowNs()));
      if (broken.isPresent()) {
        return new End.Broken(broken.get(), new Application(files, journal).rollback(false));
      }
      latest().values().forEach(this::look);
    }
    return new End.Stopped();
  }

  /// The last write to each file.
  private Map<ControlFile, Entry> latest() {
    Map<ControlFile, Entry> latest = new LinkedHashMap<>();
    for (Entry entry : journal.entries()) {
      if (!entry.undone() && entry.will().kind() == Change.Kind.WRITE) {
        latest.put(entry.will().file(), entry);
      }
    }
    return latest;
  }

  private void look(Entry entry) {
    ControlFile file = entry.will().file();
    if (givenUp.contains(file)) {
      return;
    }
    try {
      if (!files.identity(file).equals(entry.will().identity())) {
        giveUp(file, "another cgroup has the name now");
        return;
      }
      String now = files.read(file);
      if (KnobText.same(file, now, entry.expected())) {
        return;
      }
      TokenBucket bucket =
          buckets.computeIfAbsent(
              file, _ -> new TokenBucket(AGAIN_MAX, AGAIN_INTERVAL_NS, pulse.nowNs()));
      if (!bucket.take(pulse.nowNs())) {
        String words =
            "somebody changes it to "
                + KnobText.normal(file, now)
                + " each time. "
                + Rival.of(file);
        giveUp(file, words);
        return;
      }
      journal.again(entry, now);
      files.write(file, KnobText.back(file, now, entry.expected()));
      say.accept(
          file
              + " was "
              + KnobText.normal(file, now)
              + "; set to "
              + KnobText.normal(file, entry.expected())
              + " again");
    } catch (IOException e) {
      giveUp(file, KernelAnswer.words(e));
    }
  }

  private void giveUp(ControlFile file, String why) {
    givenUp.add(file);
    say.accept(file + " is given up: " + why);
  }
}
