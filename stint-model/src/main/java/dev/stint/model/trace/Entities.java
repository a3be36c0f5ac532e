package dev.stint.model.trace;

import dev.stint.model.time.Invariant;
import java.util.ArrayList;
import java.util.List;

/// The directory of everything a trace speaks of: dense ids, paths, and who belongs to whom.
///
/// Ids are given in order of registration from 0, so the same scenario always yields the same ids.
/// A VP has one id: it is a schedulable for the layer below and a processor for its guest.
public final class Entities {
  /// No entity: an idle processor, an absent waker, an absent parent.
  public static final int NONE = -1;

  private final List<Entity> entities = new ArrayList<>();

  /* Ids + 1 by the hash of the path, open-addressed; at most half full. */
  private int[] slots = new int[16];

  /// One registered entity.
  ///
  /// @param id dense index from 0
  /// @param kind what it is
  /// @param path unique name, such as `l1vh/vm-gold/vp0` or `l1vh/cgroup:gold`
  /// @param parent the partition of a VP, task, thread or top-level group; the group above a nested
  ///   group; the parent partition of a partition; [#NONE] for an LP or a partition that nobody
  ///   created
  /// @param group the task group of a task or thread, [#NONE] otherwise
  public record Entity(int id, EntityKind kind, String path, int parent, int group) {}

  /// Registers an entity without a task group and returns its id.
  public int add(EntityKind kind, String path, int parent) {
    return add(kind, path, parent, NONE);
  }

  /// Registers an entity and returns its id. The path must be new.
  public int add(EntityKind kind, String path, int parent, int group) {
    int id = entities.size();
    Invariant.check(parent < id && group < id, "parents are registered before children");
    int slot = slotOf(path);
    if (slots[slot] != 0) {
      throw new IllegalArgumentException("entity path \"" + path + "\" is registered twice");
    }
    entities.add(new Entity(id, kind, path, parent, group));
    slots[slot] = id + 1;
    if (2 * entities.size() > slots.length) {
      grow();
    }
    return id;
  }

  /// Where the path is, or is to be put.
  private int slotOf(String path) {
    int hash = path.hashCode();
    int slot = (hash ^ (hash >>> 16)) & (slots.length - 1);
    while (slots[slot] != 0 && !entities.get(slots[slot] - 1).path().equals(path)) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }

  private void grow() {
    slots = new int[2 * slots.length];
    for (Entity entity : entities) {
      slots[slotOf(entity.path())] = entity.id() + 1;
    }
  }

  /// How many entities there are; ids run from 0 to one less.
  public int count() {
    return entities.size();
  }

  /// The entity with this id.
  public Entity get(int id) {
    return entities.get(id);
  }

  /// The path of `id`, or `idle` for [#NONE].
  public String path(int id) {
    return id == NONE ? "idle" : entities.get(id).path();
  }

  /// The id of a path, or [#NONE] when no entity has it.
  public int find(String path) {
    return slots[slotOf(path)] - 1;
  }

  /// All entities in order of id.
  public List<Entity> all() {
    return List.copyOf(entities);
  }
}
