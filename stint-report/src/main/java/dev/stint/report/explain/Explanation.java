package dev.stint.report.explain;

import dev.stint.model.stats.WaitReason;
import java.util.List;

/// Why an entity waited.
///
/// @param entity its path, as asked for
/// @param durationNs of the run
/// @param members whose waits these are: the entity itself, or the tasks of a group and the VPs of
///   the VMs whose vCPU threads it holds, or the VPs of a partition
/// @param waits how many waits they had in the whole run
/// @param waitedNs how long these were together
/// @param unknownNs for how long a recording does not tell what they did
/// @param stories the waits that were asked for
/// @param doings what members that did not wait did at the instant that was asked for
public record Explanation(
    String entity,
    long durationNs,
    List<String> members,
    long waits,
    long waitedNs,
    long unknownNs,
    List<Story> stories,
    List<Doing> doings) {
  /// Copies the lists.
  public Explanation {
    members = List.copyOf(members);
    stories = List.copyOf(stories);
    doings = List.copyOf(doings);
  }

  /// One wait.
  ///
  /// @param entity path of who waited
  /// @param ended whether it ended before the run did
  /// @param beginning how it came to wait, as a clause: `after clock woke it`
  /// @param steps its parts in order of time, the longest ones if there are many
  /// @param leftOut how many parts are not among the steps
  /// @param leftOutNs how long those were together
  /// @param blame the whole wait by reason and occupant, longest first
  public record Story(
      String entity,
      long fromNs,
      long toNs,
      boolean ended,
      String beginning,
      List<Step> steps,
      int leftOut,
      long leftOutNs,
      List<Blamed> blame) {
    /// Copies the lists.
    public Story {
      steps = List.copyOf(steps);
      blame = List.copyOf(blame);
    }

    /// How long it was.
    public long durationNs() {
      return toNs - fromNs;
    }
  }

  /// One part of a wait, of one reason and one occupant.
  ///
  /// @param occupant path of who ran, or the rule, or `idle`
  /// @param sentence what happened
  /// @param chain what stood below the entity, each link a path
  public record Step(
      long fromNs,
      long toNs,
      WaitReason reason,
      String occupant,
      String sentence,
      List<String> chain) {
    /// Copies the list.
    public Step {
      chain = List.copyOf(chain);
    }
  }

  /// What one occupant cost for one reason.
  ///
  /// @param knob the setting that governs it
  public record Blamed(WaitReason reason, String occupant, long ns, String knob) {}

  /// What somebody did that did not wait.
  ///
  /// @param state whether it ran, slept, or a recording does not tell
  /// @param chain what stood below it, each link a path
  public record Doing(String entity, State state, long fromNs, long toNs, List<String> chain) {
    /// Copies the list.
    public Doing {
      chain = List.copyOf(chain);
    }
  }

  /// What somebody does that does not wait.
  public enum State {
    /// It runs.
    RUNNING("ran"),
    /// It has nothing to do.
    BLOCKED("had nothing to do"),
    /// A recording does not tell.
    UNKNOWN("did what the recording does not tell");

    private final String past;

    State(String past) {
      this.past = past;
    }

    /// As a verb of the past.
    public String past() {
      return past;
    }
  }
}
