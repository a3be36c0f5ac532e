package dev.stint.host.control;

import dev.stint.host.control.JournalRecord.Again;
import dev.stint.host.control.JournalRecord.Applied;
import dev.stint.host.control.JournalRecord.Begin;
import dev.stint.host.control.JournalRecord.Did;
import dev.stint.host.control.JournalRecord.Undone;
import dev.stint.host.control.JournalRecord.Will;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every write that was made and not yet taken back, in order.
///
/// ```
/// begin ─▶ (will ─▶ write ─▶ did)* ─▶ applied ─▶ ... ─▶ undone* ─▶ put aside
/// ```
///
/// `will` is on the disk before the write it announces: at whatever moment the process dies, the
/// old value of everything that may have been written is here. A last line that is not whole
/// announces a write that was never made.
public final class Journal {
  private final JournalDisk disk;
  private final List<Begin> begins = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private boolean complete = true;
  private int applicationStart;
  private long length;
  private Optional<String> damage = Optional.empty();

  /// A write, and what became of it.
  static final class Entry {
    private final Will will;
    private Optional<String> found = Optional.empty();
    private boolean undone;

    private Entry(Will will) {
      this.will = will;
    }

    Will will() {
      return will;
    }

    /// What the file means when nobody has touched it since.
    String expected() {
      return found.orElseGet(() -> KnobText.after(will.file(), will.old(), will.value()));
    }

    boolean undone() {
      return undone;
    }
  }

  private Journal(JournalDisk disk) {
    this.disk = disk;
  }

  /// Reads a journal. A last line that is not whole is cut off before the next is added.
  public static Journal read(JournalDisk disk) throws IOException {
    Journal journal = new Journal(disk);
    byte[] bytes = disk.read();
    String text = new String(bytes, StandardCharsets.UTF_8);
    int from = 0;
    int number = 1;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from), number++) {
      Optional<JournalRecord> entry = JournalText.parse(text.substring(from, end));
      if (entry.isEmpty() || !journal.take(entry.get())) {
        boolean last = end == text.length() - 1;
        if (!last) {
          journal.damage = Optional.of("line " + number + " is damaged");
        }
        break;
      }
      from = end + 1;
    }
    journal.length = text.substring(0, from).getBytes(StandardCharsets.UTF_8).length;
    return journal;
  }

  /// Why not all of it can be believed, if so.
  public Optional<String> damage() {
    return damage;
  }

  /// Whether an application was begun and neither finished nor taken back.
  public boolean interrupted() {
    return !complete
        && entries.subList(applicationStart, entries.size()).stream()
            .anyMatch(entry -> !entry.undone);
  }

  /// Whether nothing is left to take back.
  public boolean settled() {
    return entries.stream().allMatch(entry -> entry.undone);
  }

  /// Whether it is of another boot of this machine, which its cgroups have not survived.
  ///
  /// @param boot the kernel's id of this boot, empty where it has none
  public boolean stale(String boot) {
    return begin()
        .map(Begin::boot)
        .filter(then -> !then.isEmpty() && !boot.isEmpty() && !then.equals(boot))
        .isPresent();
  }

  /// The last application that began.
  Optional<Begin> begin() {
    return begins.isEmpty() ? Optional.empty() : Optional.of(begins.getLast());
  }

  /// The subtree that its writes are in; empty where it has none.
  public String owns() {
    return begins.isEmpty() ? "" : begins.getLast().owns();
  }

  /// All writes, in order.
  List<Entry> entries() {
    return entries;
  }

  /// The writes of the last application.
  List<Entry> lastEntries() {
    return entries.subList(applicationStart, entries.size());
  }

  /// Begins an application.
  void begin(Begin begin) throws IOException {
    add(begin);
  }

  /// Announces a write; it may be made when this returns.
  Entry will(ControlFile file, String identity, String old, Change change) throws IOException {
    add(new Will(entries.size(), file, identity, old, change.value(), change.kind()));
    return entries.getLast();
  }

  /// Says what a write came to.
  void did(Entry entry, String found) throws IOException {
    add(new Did(entry.will.step(), found));
  }

  /// Says that the application is whole.
  void applied() throws IOException {
    add(new Applied());
  }

  /// Announces that a value somebody changed is written again.
  void again(Entry entry, String found) throws IOException {
    add(new Again(entry.will.step(), found));
  }

  /// Says that a write is taken back.
  void undone(Entry entry) throws IOException {
    add(new Undone(entry.will.step()));
  }

  /// Puts the file aside; nothing is left to take back.
  void close() throws IOException {
    disk.close();
    begins.clear();
    entries.clear();
    complete = true;
    applicationStart = 0;
    length = 0;
  }

  private void add(JournalRecord entry) throws IOException {
    if (damage.isPresent()) {
      throw new IOException("the journal is damaged: " + damage.get());
    }
    byte[] line = JournalText.line(entry).getBytes(StandardCharsets.UTF_8);
    // What an append that failed, or a crash, left of a line.
    disk.cut(length);
    disk.append(line);
    length += line.length;
    take(entry);
  }

  /// Takes a record in; false if it does not fit those before.
  private boolean take(JournalRecord next) {
    switch (next) {
      case Begin begin -> {
        begins.add(begin);
        complete = false;
        applicationStart = entries.size();
      }
      case Will will -> {
        if (will.step() != entries.size() || begins.isEmpty()) {
          return false;
        }
        entries.add(new Entry(will));
      }
      case Did(int step, String found) -> {
        if (step >= 0 && step < entries.size()) {
          entries.get(step).found = Optional.of(found);
        }
      }
      case Applied() -> complete = true;
      case Again _ -> {}
      case Undone(int step) -> {
        if (step >= 0 && step < entries.size()) {
          entries.get(step).undone = true;
        }
      }
    }
    return true;
  }
}
