package dev.stint.host.control;

import dev.stint.host.control.Journal.Entry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Carries out a plan, all of it or nothing: each write is announced in the journal with the old
/// value, made, and read back; at the first that fails, those made are taken back.
public final class Application {
  private final ControlFiles files;
  private final Journal journal;

  /// @param files what is written to
  /// @param journal where it is written down first
  public Application(ControlFiles files, Journal journal) {
    this.files = files;
    this.journal = journal;
  }

  /// What became of a plan.
  public sealed interface Outcome {
    /// All of it is written.
    ///
    /// @param writes how many files were written
    record Applied(int writes) implements Outcome {}

    /// None of it is.
    ///
    /// @param why which write failed, and the kernel's answer
    /// @param undone what was taken back
    record Restored(String why, List<Undone> undone) implements Outcome {
      /// Copies the list.
      public Restored {
        undone = List.copyOf(undone);
      }
    }
  }

  /// Carries it out.
  ///
  /// @param startedMs the time, since 1970
  /// @param boot the kernel's id of this boot, empty where it has none
  /// @param policy its file's name
  /// @param owns its subtree
  public Outcome apply(Plan plan, long startedMs, String boot, String policy, String owns) {
    String doing = "the journal";
    boolean begun = false;
    try {
      journal.begin(new JournalRecord.Begin(startedMs, boot, policy, owns));
      begun = true;
      for (Change change : plan.changes()) {
        doing = change.file() + " " + change.value();
        write(change);
      }
      doing = "the journal";
      journal.applied();
      long writes =
          plan.changes().stream().filter(change -> change.kind() == Change.Kind.WRITE).count();
      return new Outcome.Applied((int) writes);
    } catch (IOException e) {
      String why = doing + ": " + KernelAnswer.words(e);
      // What is in force from before is not this application's to take back.
      List<Undone> undone =
          begun ? new Undo(files, journal, false).undo(journal.lastEntries()) : List.of();
      closeIfSettled();
      return new Outcome.Restored(why, undone);
    }
  }

  private void write(Change change) throws IOException {
    ControlFile file = change.file();
    String identity = files.identity(file);
    String now = files.read(file);
    Optional<String> shown = change.old().filter(old -> !KnobText.same(file, old, now));
    if (shown.isPresent() && !file.name().equals(ControlFile.SUBTREE)) {
      throw new IOException(
          "it was "
              + KnobText.normal(file, shown.get())
              + " and is "
              + KnobText.normal(file, now)
              + " now: somebody changes it too");
    }
    Entry entry = journal.will(file, identity, now, change);
    if (change.kind() == Change.Kind.REMEMBER) {
      return;
    }
    files.write(file, change.value() + "\n");
    String found = files.read(file);
    if (!KnobText.same(file, found, KnobText.after(file, now, change.value()))) {
      throw new IOException("it was written and reads " + KnobText.normal(file, found));
    }
    journal.did(entry, found);
  }

  private void closeIfSettled() {
    if (journal.settled()) {
      try {
        journal.close();
      } catch (IOException _) {
        // All is back; the journal says so, or says what is back already.
      }
    }
  }

  /// Takes back everything that the journal has, whoever applied it.
  ///
  /// @param force whether also what others changed since
  /// @return what was done; the journal is put aside when nothing is left and none of it is damaged
  public List<Undone> rollback(boolean force) {
    List<Undone> undone = new Undo(files, journal, force).undo(journal.entries());
    boolean left =
        undone.stream()
            .anyMatch(each -> each.how() == Undone.How.KEPT || each.how() == Undone.How.FAILED);
    if (!left) {
      try {
        journal.close();
      } catch (IOException _) {
        // Next time everything is found to be back.
      }
    }
    return undone;
  }
}
