package dev.stint.scenario.recording;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import dev.stint.scenario.Quantities;
import dev.stint.scenario.recording.RecordedSystem.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// A load whose effect on a real kernel was measured, as the JSON beside a golden recording
/// describes it (golden/README.md).
///
/// @param name such as `c1_nested_cpu1`
/// @param description one line
/// @param groups by name, parents before children; a child is named `parent/child`
/// @param tasks in the order of the file
public record GoldenScenario(
    String name, String description, Map<String, Group> groups, List<Task> tasks) {
  /// Copies the list.
  public GoldenScenario {
    tasks = List.copyOf(tasks);
  }

  /// What a task does.
  public enum Mode {
    /// Computes for ever.
    HOG,
    /// Spins until its thread's CPU time is reached, once a period.
    PERIODIC,
    /// Two threads bounce a byte through pipes.
    PING_PONG
  }

  /// A control group.
  ///
  /// @param shares `cpu.shares`; 1024 is the default
  /// @param quotaUs 0 for no limit
  /// @param periodUs period of the limit
  /// @param burstUs burst of the limit
  /// @param cpus a list such as `0-1`, or empty for no cpuset
  public record Group(int shares, long quotaUs, long periodUs, long burstUs, String cpus) {}

  /// A task.
  ///
  /// @param name its comm
  /// @param mode what it does
  /// @param cpu where it is pinned; empty if it is free
  /// @param nice -20 to 19
  /// @param group name of its group
  /// @param sliceNs custom slice, 0 for the default
  /// @param arguments of a periodic load: run, period and perhaps phase, in µs
  public record Task(
      String name,
      Mode mode,
      OptionalInt cpu,
      int nice,
      String group,
      long sliceNs,
      List<Long> arguments) {
    /// Copies the list.
    public Task {
      arguments = List.copyOf(arguments);
    }

    /// The period of a periodic load in nanoseconds.
    public long periodNs() {
      return arguments.get(1) * 1_000;
    }

    /// Whether its releases stand in a given phase to the clock.
    public boolean fixedPhase() {
      return arguments.size() > 2;
    }

    /// Whether it is a hog.
    public boolean hog() {
      return mode == Mode.HOG;
    }

    /// Whether it is periodic.
    public boolean periodic() {
      return mode == Mode.PERIODIC;
    }
  }

  /// What a golden JSON says of its scenario: the whole of it, or its name.
  public sealed interface Found {
    /// The scenario itself.
    record Text(GoldenScenario scenario) implements Found {}

    /// The name of a scenario described elsewhere.
    record Named(String scenario) implements Found {}

    /// Not a golden JSON.
    record Other() implements Found {}
  }

  /// Reads `text`; `place` stands in messages.
  public static Found read(String place, String text) throws MalformedRecording {
    return new Reader(place).read(text);
  }

  /// The group of this name.
  public Group group(String group) {
    Group found = groups.get(group);
    if (found == null) {
      throw new IllegalArgumentException("no \"" + group + "\" in " + groups.keySet());
    }
    return found;
  }

  /// Whether a group has a limit.
  public boolean limited() {
    return groups.values().stream().anyMatch(group -> group.quotaUs() > 0);
  }

  /// Whether every task is a hog.
  public boolean onlyHogs() {
    return tasks.stream().allMatch(Task::hog);
  }

  /// Whether all tasks are pinned to one CPU.
  public boolean oneCpu() {
    return tasks.stream().allMatch(task -> task.cpu().isPresent())
        && tasks.stream().map(Task::cpu).distinct().count() == 1;
  }

  /// The system that it ran on.
  public RecordedSystem system() {
    List<RecordedSystem.Group> made = new ArrayList<>();
    groups.forEach((path, group) ->
        made.add(
            new RecordedSystem.Group(
                path,
                new GroupWeight.OfWeight(Math.clamp(group.shares() * 100L / 1024, 1, 10_000)),
                group.quotaUs() == 0
                    ? Optional.empty()
                    : Optional.of(
                        new Quota(
                            group.quotaUs() * 1000,
                            group.periodUs() * 1000,
                            group.burstUs() * 1000)),
                Quantities.cpus(group.cpus()))));
    List<Member> members = new ArrayList<>();
    for (Task task : tasks) {
      members.add(
          new Member(
              task.name(),
              task.group(),
              task.sliceNs() == 0 ? OptionalLong.empty() : OptionalLong.of(task.sliceNs()),
              task.cpu().isEmpty()
                  ? Optional.empty()
                  : Optional.of(CpuSet.of(task.cpu().getAsInt())),
              task.periodic()));
    }
    return new RecordedSystem(made, members);
  }

  private record Reader(String place) {
    Found read(String text) throws MalformedRecording {
      Object root;
      try {
        root = new Load(LoadSettings.builder().setLabel(place).build()).loadFromString(text);
      } catch (YamlEngineException e) {
        return new Found.Other();
      }
      Object scenario = root instanceof Map<?, ?> map ? map.get("scenario") : null;
      return switch (scenario) {
        case String named -> new Found.Named(named);
        case Map<?, ?> described -> new Found.Text(scenario(described));
        case null, default -> new Found.Other();
      };
    }

    private GoldenScenario scenario(Map<?, ?> fields) throws MalformedRecording {
      if (!(fields.get("groups") instanceof Map<?, ?> groupFields)) {
        throw malformed("scenario.groups is not an object");
      }
      Map<String, Group> groups = new TreeMap<>();
      for (Map.Entry<?, ?> entry : groupFields.entrySet()) {
        if (!(entry.getValue() instanceof Map<?, ?> group)) {
          throw malformed("group " + entry.getKey() + " is not an object");
        }
        groups.put(
            String.valueOf(entry.getKey()),
            new Group(
                (int) number(group, "shares", 1024, Integer.MAX_VALUE),
                number(group, "quota", 0, Integer.MAX_VALUE),
                number(group, "period", 100_000, Integer.MAX_VALUE),
                number(group, "burst", 0, Integer.MAX_VALUE),
                cpus(group)));
      }
      List<Task> tasks = new ArrayList<>();
      for (Object item : list(fields, "tasks")) {
        if (!(item instanceof Map<?, ?> task)) {
          throw malformed("a task is not an object");
        }
        tasks.add(task(task));
      }
      return new GoldenScenario(
          text(fields, "name"), text(fields, "desc"), new LinkedHashMap<>(groups), tasks);
    }

    private Task task(Map<?, ?> fields) throws MalformedRecording {
      String cpu = cpus(fields);
      if (!cpu.matches("[0-9]{0,4}")) {
        throw malformed("a task's cpus is one CPU or -, got \"" + cpu + "\"");
      }
      List<Long> arguments = new ArrayList<>();
      if (fields.containsKey("args")) {
        for (Object argument : list(fields, "args")) {
          arguments.add(whole("args", argument, 0, Long.MAX_VALUE));
        }
      }
      return new Task(
          text(fields, "name"),
          mode(text(fields, "mode")),
          cpu.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(cpu)),
          (int) whole("nice", fields.get("nice") == null ? 0 : fields.get("nice"), -20, 19),
          text(fields, "group"),
          number(fields, "slice", 0, Long.MAX_VALUE),
          arguments);
    }

    private Mode mode(String text) throws MalformedRecording {
      return switch (text) {
        case "hog" -> Mode.HOG;
        case "per" -> Mode.PERIODIC;
        case "pp" -> Mode.PING_PONG;
        default -> throw malformed("unknown mode \"" + text + "\"");
      };
    }

    /// The recorded programs' CPU lists; `-` is any.
    private String cpus(Map<?, ?> fields) throws MalformedRecording {
      Object value = fields.get("cpus");
      if (value == null || value.equals("-") || value.equals("")) {
        return "";
      }
      String text = String.valueOf(value);
      if (Quantities.cpus(text).isEmpty()) {
        throw malformed("cpus \"" + text + "\" is not a CPU list");
      }
      return text;
    }

    private static String text(Map<?, ?> fields, String key) {
      Object value = fields.get(key);
      return value == null ? "" : String.valueOf(value);
    }

    private List<?> list(Map<?, ?> in, String key) throws MalformedRecording {
      if (in.get(key) instanceof List<?> list) {
        return list;
      }
      throw malformed("scenario: " + key + " is not a list");
    }

    private long number(Map<?, ?> fields, String key, long absent, long most)
        throws MalformedRecording {
      Object value = fields.get(key);
      return value == null ? absent : whole(key, value, 0, most);
    }

    private long whole(String key, Object value, long least, long most) throws MalformedRecording {
      long number =
          switch (value) {
            case Integer small -> small;
            case Long big -> big;
            default -> throw malformed(key + " " + value + " is not a whole number");
          };
      if (number < least || number > most) {
        throw malformed(key + " " + number + " is outside " + least + " to " + most);
      }
      return number;
    }

    private MalformedRecording malformed(String rule) {
      return new MalformedRecording(place, rule, "Give a golden JSON as it was recorded");
    }
  }
}
