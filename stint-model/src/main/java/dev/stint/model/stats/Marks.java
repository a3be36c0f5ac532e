package dev.stint.model.stats;

/// What the events of one instant touched and is yet to be evaluated: each entity once, the last
/// touched on top.
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

  boolean isEmpty() {
    return count == 0;
  }

  /// The entity on top.
  int last() {
    return ids[count - 1];
  }

  /// Takes the entity on top off and says whether what is attached to it was touched.
  boolean take() {
    int id = ids[--count];
    boolean attached = (marks[id] & ATTACHED) != 0;
    marks[id] = 0;
    return attached;
  }
}
