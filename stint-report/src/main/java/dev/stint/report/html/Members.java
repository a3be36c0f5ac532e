package dev.stint.report.html;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.trace.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Whose figures an entity's are the sum of: a partition's VPs; a group's tasks and VPs, those of
/// the groups below it included; otherwise itself.
final class Members {
  private final Map<String, List<String>> byPath = new LinkedHashMap<>();

  Members(RunResult run) {
    Map<String, String> above = new LinkedHashMap<>();
    for (EntityResult entity : run.entities()) {
      if (entity.kind() == EntityKind.GROUP && entity.group().isPresent()) {
        above.put(entity.path(), entity.group().get());
      }
    }
    for (EntityResult entity : run.entities()) {
      String path = entity.path();
      switch (entity.kind()) {
        case LP, THREAD -> add(path, path);
        case VP -> {
          add(path, path);
          add(path.substring(0, path.lastIndexOf('/')), path);
        }
        case TASK -> add(path, path);
        case GROUP, PARTITION, RULE -> {}
      }
      if (entity.kind() == EntityKind.TASK || entity.kind() == EntityKind.VP) {
        String group = entity.group().orElse("");
        while (!group.isEmpty()) {
          add(group, path);
          group = above.getOrDefault(group, "");
        }
      }
    }
  }

  private void add(String container, String member) {
    byPath.computeIfAbsent(container, _ -> new ArrayList<>()).add(member);
  }

  List<String> of(String path) {
    return byPath.getOrDefault(path, List.of());
  }
}
