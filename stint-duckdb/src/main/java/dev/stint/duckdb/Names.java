package dev.stint.duckdb;

import dev.stint.model.trace.Entities;

/// The names of a run's entities; nobody's is empty.
record Names(Entities entities) {
  String of(int id) {
    return id == Entities.NONE ? "" : entities.get(id).path();
  }

  String kind(int id) {
    return entities.get(id).kind().jsonName();
  }
}
