package dev.stint.scenario;

import dev.stint.model.linux.GroupWeight;
import dev.stint.model.linux.Quota;
import dev.stint.model.stack.Change;
import dev.stint.model.stack.TimedChange;
import java.util.ArrayList;
import java.util.List;

/// Writes changes as a YAML list of one mapping each, which [ChangeReader] reads back.
final class ChangeText {
  private ChangeText() {}

  static String list(List<TimedChange> changes) {
    return "[" + String.join(", ", changes.stream().map(ChangeText::entry).toList()) + "]";
  }

  private static String entry(TimedChange timed) {
    String at = "{at: " + Quantities.duration(timed.atNs()) + ", ";
    return at + String.join(", ", fields(timed.change())) + "}";
  }

  private static List<String> fields(Change change) {
    return switch (change) {
      case Change.Weight(String group, GroupWeight weight) -> group(group, weight(weight));
      case Change.ClearIdle(String group) -> group(group, "cpu.idle: false");
      case Change.Limit(String group, var quota) ->
          group(group, quota.map(ChangeText::limit).orElse("cpu.max: max"));
      case Change.Cpus(String group, var cpus) ->
          group(group, "cpuset.cpus: " + ScenarioWriter.cpus(cpus));
      case Change.Exclusive(String group, var cpus) ->
          group(group, "cpuset.cpus.exclusive: " + ScenarioWriter.cpus(cpus));
      case Change.Partition(String group, var type) ->
          group(group, "cpuset.cpus.partition: " + type.word());
      case Change.CpuExclusive(String group, boolean exclusive) ->
          group(group, "cpuset.cpu_exclusive: " + exclusive);
      case Change.Move(String task, String group) ->
          task(task, "group: " + (group.isEmpty() ? ChangeReader.ROOT : YamlText.scalar(group)));
      case Change.Affinity(String task, var cpus) ->
          task(task, "affinity: " + ScenarioWriter.cpus(cpus));
      case Change.Attributes attributes -> attributes(attributes);
    };
  }

  private static List<String> group(String path, String field) {
    return List.of("group: " + YamlText.scalar(path), field);
  }

  private static List<String> task(String name, String field) {
    return List.of("task: " + YamlText.scalar(name), field);
  }

  private static List<String> attributes(Change.Attributes attributes) {
    List<String> fields = new ArrayList<>();
    fields.add("task: " + YamlText.scalar(attributes.task()));
    attributes.policy().ifPresent(policy -> fields.add("policy: " + policy.text()));
    attributes.nice().ifPresent(nice -> fields.add("nice: " + nice));
    attributes.sliceNs().ifPresent(sliceNs -> fields.add("slice: " + Quantities.duration(sliceNs)));
    return fields;
  }

  private static String weight(GroupWeight weight) {
    return switch (weight) {
      case GroupWeight.OfWeight(int value) -> "cpu.weight: " + value;
      case GroupWeight.OfNice(int nice) -> "cpu.weight.nice: " + nice;
      case GroupWeight.Idle() -> "cpu.idle: true";
    };
  }

  private static String limit(Quota quota) {
    String max =
        "cpu.max: "
            + ScenarioWriter.amount(quota.quotaNs())
            + " "
            + ScenarioWriter.amount(quota.periodNs());
    return quota.burstNs() == 0
        ? max
        : max + ", cpu.max.burst: " + ScenarioWriter.amount(quota.burstNs());
  }
}
