package dev.stint.report.perfetto;

import dev.stint.model.stack.Assembly;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Entities.Entity;
import dev.stint.model.trace.EntityKind;
import java.util.LinkedHashMap;
import java.util.Map;

/// The tracks of a run, grouped by layer: the hypervisor's LPs, then each partition with its VPs,
/// its cgroups and the vCPU threads and tasks in them. Counters are below what they count.
final class TrackTree {
  /// What can be counted of an entity, in the order in which it is shown.
  enum Counter {
    /// Who runs on a processor or waits for it.
    RUNNABLE("runnable", PacketStream.Unit.COUNT),
    /// For how long a VP was denied a processor so far.
    STEAL("steal", PacketStream.Unit.TIME_NS),
    /// What a group may still use of its `cpu.max` in this period.
    QUOTA_LEFT("quota left", PacketStream.Unit.TIME_NS),
    /// How much virtual time a task is owed.
    LAG("lag", PacketStream.Unit.TIME_NS);

    private final String text;
    private final PacketStream.Unit unit;

    Counter(String text, PacketStream.Unit unit) {
      this.text = text;
      this.unit = unit;
    }
  }

  private static final int RANKS_PER_KIND = 1_000_000;
  private static final int COUNTER_COUNT = Counter.values().length;

  private final PacketStream stream;
  private final Paths paths;
  private final int run;
  private final int runCount;
  private final long top;
  private final long[] tracks;
  private final long[] counters;
  private final Map<Long, Integer> childCounts = new LinkedHashMap<>();
  private int trackCount;

  /// Writes the descriptors of all entities.
  ///
  /// @param run index of the run among `runCount` in the file: no two runs share an id
  TrackTree(
      PacketStream stream,
      Entities entities,
      Paths paths,
      Assembly assembly,
      int run,
      int runCount) {
    this.stream = stream;
    this.paths = paths;
    this.run = run;
    this.runCount = runCount;
    tracks = new long[entities.count()];
    counters = new long[entities.count() * COUNTER_COUNT];
    top = newUuid();
    stream.topTrack(top, assembly.text());
    long processors = newUuid();
    String layer = assembly == Assembly.KVM ? "machine" : "hypervisor";
    stream.track(processors, top, layer, 0);
    for (Entity entity : entities.all()) {
      if (entity.kind() != EntityKind.RULE) {
        add(entity, processors);
      }
    }
  }

  /// The track above all others of the run.
  long top() {
    return top;
  }

  long track(int id) {
    return tracks[id];
  }

  /// The track of a counter, which is made at its first use.
  long counter(Counter kind, int id) {
    int at = id * COUNTER_COUNT + kind.ordinal();
    if (counters[at] == 0) {
      long uuid = newUuid();
      String name = paths.get(id) + " " + kind.text;
      stream.counterTrack(uuid, tracks[id], name, kind.ordinal() - COUNTER_COUNT, kind.unit);
      counters[at] = uuid;
    }
    return counters[at];
  }

  private void add(Entity entity, long processors) {
    long parent =
        switch (entity.kind()) {
          case LP -> processors;
          case PARTITION, RULE -> top;
          case VP, GROUP -> trackOr(entity.parent(), top);
          case THREAD, TASK ->
              entity.group() == Entities.NONE
                  ? trackOr(entity.parent(), top)
                  : tracks[entity.group()];
        };
    long uuid = newUuid();
    tracks[entity.id()] = uuid;
    stream.track(uuid, parent, entity.path(), rank(entity.kind(), parent));
  }

  private long trackOr(int id, long otherwise) {
    return id == Entities.NONE ? otherwise : tracks[id];
  }

  private int rank(EntityKind kind, long parent) {
    int order =
        switch (kind) {
          case LP, VP -> 1;
          case THREAD -> 2;
          case TASK -> 3;
          case GROUP -> 4;
          case PARTITION, RULE -> 5;
        };
    return order * RANKS_PER_KIND + childCounts.merge(parent, 1, Integer::sum);
  }

  private long newUuid() {
    return (long) trackCount++ * runCount + run + 1;
  }
}
