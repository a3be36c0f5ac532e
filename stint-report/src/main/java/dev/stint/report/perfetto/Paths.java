package dev.stint.report.perfetto;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Entities.Entity;
import java.util.ArrayList;
import java.util.List;

/// The paths of entities by id, for a thread that must not look into a directory that still grows.
final class Paths {
  private final List<String> paths = new ArrayList<>();

  /// The paths that are known by now.
  Paths(Entities entities) {
    for (Entity entity : entities.all()) {
      paths.add(entity.path());
    }
  }

  /// The path of the entity that was registered next.
  void add(String path) {
    paths.add(path);
  }

  /// The path of an entity, or `idle` for [Entities#NONE].
  String get(int id) {
    return id == Entities.NONE ? "idle" : paths.get(id);
  }

  int count() {
    return paths.size();
  }
}
