package dev.stint.model.stats;

/// What the events of one instant touched: each entity once, in the order in which it was touched
/// first.
final class Marks {
  private static final byte MARKED = 1;
  private static final byte ATTACHED = 2;

  private final byte[] marks;
  private final int[] ids;
  private int count;

  Marks(int entityCount) {
    marks = new byte[entityCount];
    ids = new int[entityCount];
  }

  /// The entity itself was touched.
  void add(int id) {
    add(id, MARKED);
  }

  /// What waits for it or runs on it was touched too.
  void addAttached(int id) {
    add(id, ATTACHED);
  }

  private void add(int id, byte mark) {
    if (marks[id] == 0) {
      ids[count++] = id;
    }
    marks[id] |= mark;
  }

  int count() {
    return count;
  }

  int id(int index) {
    return ids[index];
  }

  /// Takes an entity's marks off and says whether what is attached to it was touched.
  boolean take(int id) {
    boolean attached = (marks[id] & ATTACHED) != 0;
    marks[id] = 0;
    return attached;
  }

  /// Forgets all, once each was taken.
  void clear() {
    count = 0;
  }
}
