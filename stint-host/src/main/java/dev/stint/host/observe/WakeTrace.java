package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.Probe;
import dev.stint.host.cgroup.GroupMarker;
import dev.stint.host.observe.WatchedProcess.Member;
import dev.stint.host.trace.SchedSource;
import dev.stint.host.trace.SchedStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Follows the wake-ups of watched threads: of those in VMs and in cgroups, or of all.
public final class WakeTrace implements AutoCloseable {
  private static final String UNKNOWN = "wake-up latency is unknown: ";

  private final Optional<SchedSource> source;
  private final boolean all;
  private final WakeFold fold = new WakeFold();
  private Optional<String> blind = Optional.empty();
  private int losses;

  private WakeTrace(Optional<SchedSource> source, boolean all, Optional<String> blind) {
    this.source = source;
    this.all = all;
    this.blind = blind;
  }

  /// Follows by these events.
  ///
  /// @param all whether threads that are in no VM and no cgroup are followed, too
  static WakeTrace of(SchedSource source, boolean all) {
    return new WakeTrace(Optional.of(source), all, Optional.empty());
  }

  /// Follows none, and knows what it would take.
  public static WakeTrace off(HostFiles files) {
    Probe probe = SchedStream.probe(files);
    String how = probe.supported() ? "--latency traces it" : probe.reason();
    return new WakeTrace(Optional.empty(), false, Optional.of(UNKNOWN + how));
  }

  /// Follows by the kernel's own trace, or none where that is not possible.
  ///
  /// @param marker names what is made in tracefs
  public static WakeTrace open(HostFiles files, GroupMarker marker, boolean all) {
    if (!SchedStream.probe(files).supported()) {
      return off(files);
    }
    try {
      return of(SchedStream.open(files, marker), all);
    } catch (IOException e) {
      return new WakeTrace(Optional.empty(), false, Optional.of(UNKNOWN + e.getMessage()));
    }
  }

  /// Whether wake-ups are followed.
  public boolean follows() {
    return source.isPresent();
  }

  /// Follows these from now on.
  void follow(List<Member> members) {
    if (source.isEmpty()) {
      return;
    }
    List<Long> tids = new ArrayList<>();
    for (Member member : members) {
      if (follows(member)) {
        tids.add(member.thread().tid());
      }
    }
    fold.follow(tids);
    try {
      source.get().follow(tids);
    } catch (IOException e) {
      fail(e);
    }
  }

  private boolean follows(Member member) {
    return source.isPresent() && (all || member.carriesVp() || !member.group().isEmpty());
  }

  /// Takes in what happened up to a moment, and gives each thread its own.
  ///
  /// @param wallNs since the last time
  void look(long nowNs, long wallNs, List<Member> members) {
    if (source.isEmpty()) {
      return;
    }
    boolean whole = false;
    try {
      whole = source.get().drain(fold) && fold.fold(nowNs);
    } catch (IOException e) {
      fail(e);
    }
    if (!whole) {
      losses++;
      fold.forget();
    }
    for (Member member : members) {
      if (follows(member)) {
        Wakes waits = fold.take(member.thread().tid());
        if (!whole) {
          waits.unknown(wallNs);
        }
        member.thread().woke(waits);
      }
    }
  }

  private void fail(IOException e) {
    blind = Optional.of(UNKNOWN + "the trace fails: " + e.getMessage());
  }

  /// What of it is unknown, and what would help.
  public Optional<String> note() {
    return blind.or(() ->
        losses == 0
            ? Optional.empty()
            : Optional.of(
                "wake-up latency is unknown for "
                    + losses
                    + (losses == 1 ? " look: " : " looks: ")
                    + "events were lost; a shorter --interval loses fewer"));
  }

  /// Of a view, how many wake-ups the kernel did not show the end of.
  static Optional<String> note(List<ViewEntity> entities) {
    long woken = 0;
    long unmeasured = 0;
    for (ViewEntity entity : entities) {
      boolean thread =
          entity.kind() == ViewEntity.Kind.THREAD || entity.kind() == ViewEntity.Kind.TASK;
      if (thread && entity.wakes().isPresent()) {
        WakeLatency wakes = entity.wakes().get();
        woken += wakes.measured().count() + wakes.unmeasured();
        unmeasured += wakes.unmeasured();
      }
    }
    return unmeasured * WakeLatency.MOST_MISSING <= woken
        ? Optional.empty()
        : Optional.of(
            UNKNOWN
                + "of "
                + woken
                + " wake-ups this kernel shows no switch to the thread for "
                + unmeasured
                + "; whose figures would be wrong has none");
  }

  @Override
  public void close() {
    source.ifPresent(SchedSource::close);
  }
}
