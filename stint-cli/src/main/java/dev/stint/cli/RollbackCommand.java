package dev.stint.cli;

import dev.stint.host.control.Application;
import dev.stint.host.control.Control;
import dev.stint.host.control.Journal;
import dev.stint.host.control.Undone;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ParseResult;

/// `rollback`: everything that was applied, taken back.
final class RollbackCommand {
  private final Surroundings surroundings;

  RollbackCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    ControlState state = ControlState.of(surroundings, parsed);
    if (!state.directory().hasJournal()) {
      surroundings.print("Nothing is applied.\n");
      return ExitCode.DONE;
    }
    boolean force = parsed.matchedOptionValue("--force", false);
    boolean keep = parsed.matchedOptionValue("--keep", false);
    if (force && keep) {
      throw Refusal.input("--force and --keep say opposite things. Use one of them.");
    }
    try (var _ = state.directory()) {
      state.take(false);
      return rollback(state, force, keep);
    } catch (IOException e) {
      throw ControlState.notHere(
          state.directory().journal() + " cannot be put aside: " + e.getMessage());
    }
  }

  private ExitCode rollback(ControlState state, boolean force, boolean keep) throws IOException {
    Journal journal = state.read();
    if (journal.stale(new Control(state.host()).boot())) {
      state.directory().disk().close();
      surroundings.print("This machine has restarted since: what was applied is gone with it.\n");
      return ExitCode.DONE;
    }
    List<Undone> undone =
        journal.owns().isEmpty()
            ? List.of()
            : new Application(state.tree(journal.owns()), journal).rollback(force);
    boolean left = UndoneLines.print(surroundings, undone);
    if (!journal.damage().isEmpty()) {
      throw checkByHand(state, journal, left);
    }
    if (journal.owns().isEmpty()) {
      // An apply that died before its first line was whole has written nothing else.
      state.directory().disk().close();
    }
    boolean failed = undone.stream().anyMatch(each -> each.how() == Undone.How.FAILED);
    if (left && keep && !failed) {
      state.directory().disk().close();
      surroundings.print("The rest is as before.\n");
      return ExitCode.DONE;
    }
    if (left) {
      surroundings.complain(
          failed
              ? "stint: not all is as before. Again, when the reason is gone: stint rollback"
              : "stint: others changed something since. Restore it too: --force; leave it: --keep");
      return failed ? ExitCode.NOT_HERE : ExitCode.NEGATIVE;
    }
    surroundings.print("All is as before.\n");
    return ExitCode.DONE;
  }

  private static Refusal checkByHand(ControlState state, Journal journal, boolean left) {
    List<String> lines = new ArrayList<>(state.damaged(journal));
    lines.add(
        left
            ? "stint: not all that the other lines name is as before; see above."
            : "stint: what the other lines name is as before.");
    lines.add(
        "Check by hand what is said above to be damaged"
            + (journal.owns().isEmpty() ? "" : ", and the cgroups below " + journal.owns())
            + ". Then put the journal aside: mv "
            + state.directory().journal()
            + " "
            + state.directory().journal()
            + ".damaged");
    return new Refusal(ExitCode.NOT_HERE, lines);
  }
}
