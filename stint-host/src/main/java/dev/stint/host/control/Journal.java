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
/// announces a write that was never made. Any other line that cannot be believed is damage: what
/// the others announce stands, and nothing is added and the file not put aside any more.
public final class Journal {
  private final JournalDisk disk;
  private final List<Begin> begins = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private boolean complete = true;
  private int applicationStart;
  private long length;
  private final List<JournalDamage> damage = new ArrayList<>();

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

  /// Reads a journal. A last line without its end is cut off before the next is added.
  public static Journal read(JournalDisk disk) throws IOException {
    Journal journal = new Journal(disk);
    byte[] bytes = disk.read();
    String text = new String(bytes, StandardCharsets.UTF_8);
    int from = 0;
    int number = 1;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from), number++) {
      String line = text.substring(from, end);
      Optional<JournalRecord> entry = JournalText.parse(line);
      Optional<String> wrong =
          entry.isEmpty() ? Optional.of("is damaged") : journal.misfit(entry.get());
      if (wrong.isPresent()) {
        journal.damage.add(new JournalDamage(number, wrong.get(), line));
      }
      entry.ifPresent(journal::take);
      from = end + 1;
    }
    journal.length = text.substring(0, from).getBytes(StandardCharsets.UTF_8).length;
    return journal;
  }

  /// The lines that cannot be believed; empty if all of it can.
  public List<JournalDamage> damage() {
    return List.copyOf(damage);
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

  /// The subtree that its writes are in; empty where it has none. Where the line that says so is
  /// damaged, the outermost cgroup that all writes are below.
  public String owns() {
    if (!begins.isEmpty()) {
      return begins.getLast().owns();
    }
    List<String> tops =
        entries.stream().map(entry -> top(entry.will.file().group())).distinct().toList();
    return tops.size() == 1 ? tops.getFirst() : "";
  }

  private static String top(String group) {
    int slash = group.indexOf('/');
    return slash < 0 ? group : group.substring(0, slash);
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
    refuseDamage();
    disk.close();
    begins.clear();
    entries.clear();
    complete = true;
    applicationStart = 0;
    length = 0;
  }

  private void add(JournalRecord entry) throws IOException {
    refuseDamage();
    byte[] line = JournalText.line(entry).getBytes(StandardCharsets.UTF_8);
    // What an append that failed, or a crash, left of a line.
    disk.cut(length);
    disk.append(line);
    length += line.length;
    take(entry);
  }

  private void refuseDamage() throws IOException {
    if (!damage.isEmpty()) {
      throw new IOException("the journal is damaged in line " + damage.getFirst().line());
    }
  }

  /// Why a record does not follow those before it. A damaged line explains what is missing.
  private Optional<String> misfit(JournalRecord next) {
    boolean headless = begins.isEmpty() && !(next instanceof Begin);
    boolean missing =
        switch (next) {
          case Will will -> will.step() > nextStep();
          case Did(int step, _) -> find(step).isEmpty();
          case Again(int step, _) -> find(step).isEmpty();
          case Undone(int step) -> find(step).isEmpty();
          case Begin _, Applied() -> false;
        };
    if (next instanceof Will will && will.step() < nextStep()) {
      return Optional.of("announces a write that another line announces");
    }
    return damage.isEmpty() && (headless || missing)
        ? Optional.of("does not follow from those before it: one is missing")
        : Optional.empty();
  }

  private int nextStep() {
    return entries.isEmpty() ? 0 : entries.getLast().will.step() + 1;
  }

  /// The write of a step; where a line is damaged its step is missing.
  private Optional<Entry> find(int step) {
    for (int i = Math.min(step, entries.size() - 1); i >= 0; i--) {
      if (entries.get(i).will.step() == step) {
        return Optional.of(entries.get(i));
      }
    }
    return Optional.empty();
  }

  private void take(JournalRecord next) {
    switch (next) {
      case Begin begin -> {
        begins.add(begin);
        complete = false;
        applicationStart = entries.size();
      }
      case Will will -> {
        if (will.step() >= nextStep()) {
          entries.add(new Entry(will));
        }
      }
      case Did(int step, String found) ->
          find(step).ifPresent(entry -> entry.found = Optional.of(found));
      case Applied() -> complete = true;
      case Again _ -> {}
      case Undone(int step) -> find(step).ifPresent(entry -> entry.undone = true);
    }
  }
}
