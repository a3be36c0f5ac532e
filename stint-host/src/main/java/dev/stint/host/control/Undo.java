package dev.stint.host.control;

import dev.stint.host.control.Journal.Entry;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Takes writes back, the last first.
///
/// Doing it again does nothing more: a value that is back is left, and what was marked is passed
/// over. A value that is neither what was written nor what was before is somebody else's, and stays
/// unless it is forced.
///
/// In cgroup v2 an empty `cpuset.cpus`, which means the parent's CPUs, cannot be written back while
/// processes run in the group (ENOSPC). The parent's CPUs of this moment are written instead.
final class Undo {
  private final ControlFiles files;
  private final Journal journal;
  private final boolean force;
  private final List<Undone> outcomes = new ArrayList<>();
  private final Set<ControlFile> kept = new LinkedHashSet<>();
  private boolean journalLost;

  Undo(ControlFiles files, Journal journal, boolean force) {
    this.files = files;
    this.journal = journal;
    this.force = force;
  }

  /// Takes back those of the entries that are not.
  List<Undone> undo(List<Entry> entries) {
    for (Entry entry : List.copyOf(entries).reversed()) {
      if (entry.undone()) {
        continue;
      }
      ControlFile file = entry.will().file();
      if (kept.contains(file)) {
        continue;
      }
      try {
        restore(entry);
      } catch (NoSuchFileException _) {
        outcomes.add(new Undone(file, Undone.How.GONE, "there is no such file or cgroup any more"));
        mark(entry);
      } catch (IOException e) {
        kept.add(file);
        outcomes.add(new Undone(file, Undone.How.FAILED, KernelAnswer.words(e)));
      }
    }
    return outcomes;
  }

  private void restore(Entry entry) throws IOException {
    ControlFile file = entry.will().file();
    String old = entry.will().old();
    if (!files.identity(file).equals(entry.will().identity())) {
      outcomes.add(new Undone(file, Undone.How.GONE, "another cgroup has the name now"));
      mark(entry);
      return;
    }
    String now = files.read(file);
    if (now.equals(old) || furtherBack(entry, now)) {
      mark(entry);
      return;
    }
    Optional<String> standIn = standIn(entry);
    boolean ours =
        KnobText.same(file, now, entry.expected())
            || KnobText.same(file, now, old)
            || standIn.filter(text -> KnobText.same(file, now, text)).isPresent();
    if (!ours && !force && entry.will().kind() == Change.Kind.WRITE) {
      kept.add(file);
      String words =
          "somebody changed it to " + KnobText.normal(file, now) + "; before: " + old.strip();
      outcomes.add(new Undone(file, Undone.How.KEPT, words));
      return;
    }
    String words = KnobText.normal(file, now) + " -> ";
    try {
      write(file, KnobText.back(file, now, old), old);
      words += KnobText.normal(file, old);
    } catch (IOException e) {
      String text = standIn.orElseThrow(() -> e);
      write(file, text, text);
      words += KnobText.normal(file, text) + ", as its parent: Linux takes no empty list back here";
    }
    outcomes.add(new Undone(file, Undone.How.RESTORED, words));
    mark(entry);
  }

  private void write(ControlFile file, String text, String expected) throws IOException {
    files.write(file, text);
    String after = files.read(file);
    if (!KnobText.same(file, after, expected)) {
      throw new IOException("wrote " + text.strip() + " and it reads " + after.strip());
    }
  }

  /// What means the same as an empty list of CPUs now.
  private Optional<String> standIn(Entry entry) {
    ControlFile file = entry.will().file();
    if (!file.name().equals("cpuset.cpus") || !entry.will().old().isBlank()) {
      return Optional.empty();
    }
    String parent = file.group().substring(0, Math.max(0, file.group().lastIndexOf('/')));
    try {
      String cpus = files.read(new ControlFile(file.controller(), parent, ControlFile.EFFECTIVE));
      return Optional.of(cpus).filter(text -> !text.isBlank());
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  /// Whether a file that was written several times is as before one of the earlier writes: it was
  /// taken back that far without a mark.
  private boolean furtherBack(Entry entry, String now) {
    return journal.entries().stream()
        .takeWhile(earlier -> earlier.will().step() < entry.will().step())
        .filter(earlier -> earlier.will().file().equals(entry.will().file()))
        .filter(earlier -> !earlier.undone())
        .anyMatch(earlier ->
            earlier.will().old().equals(now)
                || standIn(earlier).filter(text -> text.equals(now)).isPresent());
  }

  /// Where the disk is full, values are put back all the same: next time they are found to be back.
  private void mark(Entry entry) {
    if (journalLost) {
      return;
    }
    try {
      journal.undone(entry);
    } catch (IOException _) {
      journalLost = true;
    }
  }
}
