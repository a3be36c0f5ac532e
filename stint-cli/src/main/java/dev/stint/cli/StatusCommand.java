package dev.stint.cli;

import dev.stint.host.control.Control;
import dev.stint.host.control.Journal;
import dev.stint.host.control.Status;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/// `status`: what is applied, since when, and what others made of it.
final class StatusCommand {
  private final Surroundings surroundings;

  StatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    ControlState state = ControlState.of(surroundings, parsed);
    if (!state.directory().hasJournal()) {
      surroundings.print("Nothing is applied.\n");
      return ExitCode.DONE;
    }
    try {
      Optional<String> unfit = state.directory().check(false);
      if (unfit.isPresent()) {
        throw ControlState.notHere("the state directory cannot be trusted: " + unfit.get());
      }
    } catch (IOException e) {
      throw ControlState.notHere("the state directory cannot be read: " + e.getMessage());
    }
    Journal journal = state.read();
    journal
        .damage()
        .ifPresent(damage -> surroundings.complain(state.directory().journal() + ": " + damage));
    if (journal.settled() || journal.stale(new Control(state.host()).boot())) {
      surroundings.print("Nothing is applied.\n");
      return ExitCode.DONE;
    }
    Status status = Status.of(state.tree(journal.owns()), journal);
    print(status, journal.owns(), state);
    return status.drifted() || status.interrupted() ? ExitCode.NEGATIVE : ExitCode.DONE;
  }

  private void print(Status status, String owns, ControlState state) {
    Instant since = Instant.ofEpochMilli(status.sinceMs()).truncatedTo(ChronoUnit.SECONDS);
    surroundings.print(status.policy() + " is applied below " + owns + " since " + since + "\n");
    surroundings.print("(" + state.directory().journal() + ")\n");
    for (Status.Line line : status.lines()) {
      String drift = line.drifted() ? "DRIFTED: " + line.now() : "as applied";
      surroundings.print(
          String.format(
              Locale.ROOT,
              "  %s  %s -> %s  %s\n",
              line.file(),
              line.before().isBlank() ? "(empty)" : line.before(),
              line.applied(),
              drift));
    }
    if (status.interrupted()) {
      surroundings.print("It was interrupted, and is not whole. Undo it: stint rollback\n");
    }
  }
}
