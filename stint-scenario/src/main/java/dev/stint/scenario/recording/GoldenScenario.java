package dev.stint.scenario.recording;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import dev.stint.scenario.Quantities;
import dev.stint.scenario.recording.RecordedSystem.Group;
import dev.stint.scenario.recording.RecordedSystem.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads the JSON that accompanies the golden recordings (golden/README.md): groups with v1 shares
/// and quotas in microseconds, tasks with slices.
final class GoldenScenario {
  private final String name;

  private GoldenScenario(String name) {
    this.name = name;
  }

  /// What a golden JSON says of its scenario: the whole of it, or its name.
  sealed interface Found {
    /// The scenario itself.
    record Text(RecordedSystem system) implements Found {}

    /// The name of a scenario described elsewhere.
    record Named(String scenario) implements Found {}

    /// Not a golden JSON.
    record Other() implements Found {}
  }

  /// Reads `text`; `name` stands in messages.
  static Found read(String name, String text) throws MalformedRecording {
    return new GoldenScenario(name).read(text);
  }

  private Found read(String text) throws MalformedRecording {
    Object root;
    try {
      root = new Load(LoadSettings.builder().setLabel(name).build()).loadFromString(text);
    } catch (YamlEngineException e) {
      return new Found.Other();
    }
    Object scenario = root instanceof Map<?, ?> map ? map.get("scenario") : null;
    return switch (scenario) {
      case String named -> new Found.Named(named);
      case Map<?, ?> described -> new Found.Text(system(described));
      case null, default -> new Found.Other();
    };
  }

  private RecordedSystem system(Map<?, ?> scenario) throws MalformedRecording {
    List<Group> groups = new ArrayList<>();
    for (Map.Entry<?, ?> entry : mapping(scenario, "groups").entrySet()) {
      if (!(entry.getValue() instanceof Map<?, ?> fields)) {
        throw malformed("group " + entry.getKey() + " is not an object");
      }
      groups.add(group(String.valueOf(entry.getKey()), fields));
    }
    List<Member> tasks = new ArrayList<>();
    if (!(scenario.get("tasks") instanceof List<?> list)) {
      throw malformed("scenario.tasks is not a list");
    }
    for (Object item : list) {
      if (!(item instanceof Map<?, ?> fields)) {
        throw malformed("a task is not an object");
      }
      tasks.add(
          new Member(
              String.valueOf(fields.get("name")),
              String.valueOf(fields.get("group")),
              number(fields, "slice", 0) == 0
                  ? OptionalLong.empty()
                  : OptionalLong.of(number(fields, "slice", 0)),
              cpus(fields),
              "per".equals(fields.get("mode"))));
    }
    return new RecordedSystem(groups, tasks);
  }

  private Group group(String path, Map<?, ?> fields) throws MalformedRecording {
    long shares = number(fields, "shares", 1024);
    long quota = number(fields, "quota", 0);
    Optional<Quota> limit =
        quota == 0
            ? Optional.empty()
            : Optional.of(
                new Quota(
                    quota * 1000,
                    number(fields, "period", 100_000) * 1000,
                    number(fields, "burst", 0) * 1000));
    int weight = Math.clamp(shares * 100 / 1024, 1, 10_000);
    return new Group(path, new GroupWeight.OfWeight(weight), limit, cpus(fields));
  }

  /// The recorded programs' CPU lists; `-` is any.
  private Optional<CpuSet> cpus(Map<?, ?> fields) throws MalformedRecording {
    Object text = fields.get("cpus");
    if (text == null || text.equals("-")) {
      return Optional.empty();
    }
    Optional<CpuSet> cpus = Quantities.cpus(String.valueOf(text));
    if (cpus.isEmpty()) {
      throw malformed("cpus \"" + text + "\" is not a CPU list");
    }
    return cpus;
  }

  private Map<?, ?> mapping(Map<?, ?> in, String key) throws MalformedRecording {
    if (in.get(key) instanceof Map<?, ?> map) {
      return map;
    }
    throw malformed("scenario." + key + " is not an object");
  }

  private long number(Map<?, ?> fields, String key, long absent) throws MalformedRecording {
    Object value = fields.get(key);
    return switch (value) {
      case null -> absent;
      case Integer small when small >= 0 -> small;
      case Long big when big >= 0 -> big;
      default -> throw malformed(key + " " + value + " is not a whole number");
    };
  }

  private MalformedRecording malformed(String rule) {
    return new MalformedRecording(name, rule, "Give a golden JSON as it was recorded");
  }
}
