package dev.stint.model.hypervisor;

/// The pages of one partition: its memory, and the pool from which the hypervisor serves it.
///
/// Pages only ever move. What the machine has is the sum over all partitions of all three kinds, at
/// any time.
final class PagePool {
  /// A pool of a machine's size, all of it memory.
  static PagePool ofMachine(long pages) {
    PagePool pool = new PagePool();
    pool.memory = pages;
    return pool;
  }

  /* The partition's own, to use, deposit or give to children. */
  private long memory;

  /* Deposited and not needed yet. */
  private long free;

  /* In use by the hypervisor for this partition's objects and children. */
  private long used;

  long memory() {
    return memory;
  }

  long free() {
    return free;
  }

  long used() {
    return used;
  }

  long total() {
    return memory + free + used;
  }

  /// Uses `pages` of the pool; false, and nothing changes, if it has not so many free.
  boolean use(long pages) {
    if (free < pages) {
      return false;
    }
    free -= pages;
    used += pages;
    return true;
  }

  /// Those pages are not needed any more.
  void release(long pages) {
    used -= pages;
    free += pages;
  }

  /// None is needed any more.
  void releaseAll() {
    release(used);
  }

  /// Moves memory of `giver` into this pool; false if it has not so much.
  boolean depositFrom(PagePool giver, long pages) {
    if (giver.memory < pages) {
      return false;
    }
    giver.memory -= pages;
    free += pages;
    return true;
  }

  /// Moves at most so many free pages of this pool to the memory of `taker`; says how many.
  long withdrawTo(PagePool taker, long most) {
    long pages = Math.min(free, most);
    free -= pages;
    taker.memory += pages;
    return pages;
  }

  /// Moves memory to `taker`; false if there is not so much.
  boolean giveMemory(PagePool taker, long pages) {
    if (memory < pages) {
      return false;
    }
    memory -= pages;
    taker.memory += pages;
    return true;
  }

  /// Everything becomes memory of `heir`.
  void dissolveInto(PagePool heir) {
    heir.memory += total();
    memory = 0;
    free = 0;
    used = 0;
  }

  @Override
  public String toString() {
    return "memory " + memory + " free " + free + " used " + used;
  }
}
