package dev.stint.cli;

import dev.stint.host.HostFiles;
import dev.stint.host.control.Application;
import dev.stint.host.control.Application.Outcome;
import dev.stint.host.control.Change;
import dev.stint.host.control.Control;
import dev.stint.host.control.ControlFile;
import dev.stint.host.control.HostReadings;
import dev.stint.host.control.Journal;
import dev.stint.host.control.OwnedTree;
import dev.stint.host.control.Plan;
import dev.stint.scenario.Diagnostic;
import dev.stint.scenario.Policy;
import dev.stint.scenario.PolicyReader;
import dev.stint.scenario.PolicyResult;
import dev.stint.scenario.Wording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import picocli.CommandLine.ParseResult;

/// `apply`: shows what a policy changes, asks, and writes it.
final class ApplyCommand {
  private static final long MS_NS = 1_000_000;
  private static final long INTERVAL_MIN_NS = 10 * MS_NS;
  private static final long INTERVAL_MAX_NS = 3_600_000 * MS_NS;

  private final Surroundings surroundings;

  ApplyCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    String name = parsed.matchedPositionalValue(0, "");
    long intervalNs = intervalNs(parsed);
    Policy policy = policy(name);
    ControlState state = ControlState.of(surroundings, parsed);
    OwnedTree files = state.tree(policy.owns());
    Control control = new Control(state.host());
    Plan plan = control.plan(policy, files);
    if (!plan.problems().isEmpty()) {
      throw new Refusal(ExitCode.NOT_HERE, plan.problems());
    }
    show(policy, plan, files);
    boolean watch = parsed.matchedOptionValue("--watch", false);
    checkGuard(policy, state.host(), watch);
    boolean dry = parsed.matchedOptionValue("--dry-run", false);
    if (!dry && state.directory().hasJournal()) {
      Journal before = state.read();
      if (!before.stale(control.boot())) {
        state.refuseDamage(before);
      }
    }
    if (dry || (plan.changes().isEmpty() && !watch)) {
      surroundings.print(dry ? "Dry run: nothing is written.\n" : "Nothing to write.\n");
      return ExitCode.DONE;
    }
    if (!plan.changes().isEmpty() && !agreed(parsed)) {
      surroundings.print("Nothing is written.\n");
      return ExitCode.DONE;
    }
    try (var _ = state.directory()) {
      state.take(true);
      Journal journal = journal(state, control, policy);
      if (!plan.changes().isEmpty()) {
        write(plan, policy, control, new Application(files, journal));
      }
      return watch
          ? new WatchCommand(surroundings, state.host(), files, journal)
              .execute(policy, intervalNs, parsed.matchedOptionValue("--rollback-on-exit", false))
          : ExitCode.DONE;
    } catch (IOException e) {
      throw ControlState.notHere("the state directory cannot be closed: " + e.getMessage());
    }
  }

  /// Before anything is written: a guard that cannot be heeded is worse than none.
  private void checkGuard(Policy policy, HostFiles host, boolean watch) {
    if (policy.guard().isPresent() && !watch) {
      surroundings.complain(policy.file() + ": the guard is heeded with --watch only.");
    }
    try (HostReadings readings = new HostReadings(host, policy.owns())) {
      readings
          .missing(policy.guard())
          .filter(_ -> watch)
          .ifPresent(what -> {
            throw ControlState.notHere("the guard cannot be heeded here: " + what);
          });
    }
  }

  private Policy policy(String name) {
    Path path;
    try {
      path = surroundings.directory().resolve(name);
    } catch (InvalidPathException e) {
      throw Refusal.input(Wording.quoted(name) + " is no path: " + e.getReason() + ".");
    }
    if (Files.isDirectory(path)) {
      throw Refusal.input(Wording.quoted(name) + " is a directory. Name the file of a policy.");
    }
    return switch (PolicyReader.read(path, name)) {
      case PolicyResult.Loaded(Policy policy, List<Diagnostic> warnings) -> {
        warnings.forEach(warning -> surroundings.complain(warning.render()));
        yield policy;
      }
      case PolicyResult.Refused(List<Diagnostic> errors) ->
          throw new Refusal(ExitCode.BAD_INPUT, errors.stream().map(Diagnostic::render).toList());
    };
  }

  private static long intervalNs(ParseResult parsed) {
    String text = parsed.matchedOptionValue("--interval", "1s");
    OptionalLong ns = Wording.durationNs(text);
    if (ns.isEmpty() || ns.getAsLong() < INTERVAL_MIN_NS || ns.getAsLong() > INTERVAL_MAX_NS) {
      throw Refusal.input("--interval " + Wording.quoted(text) + " is not between 10ms and 3600s.");
    }
    return ns.getAsLong();
  }

  private void show(Policy policy, Plan plan, OwnedTree files) {
    int version = Math.max(files.version("cpu"), files.version("cpuset"));
    surroundings.print(
        policy.file() + ", below " + policy.owns() + " (cgroup v" + version + "):\n");
    int group = 0;
    int file = 0;
    for (Change change : plan.changes()) {
      group = Math.max(group, change.file().group().length());
      file = Math.max(file, change.file().name().length());
    }
    for (Change change : plan.changes()) {
      String before = change.old().map(old -> shown(old)).orElse("(not there yet)");
      String effect =
          switch (change.kind()) {
            case WRITE -> before + " -> " + change.value();
            case REMEMBER -> before + " is remembered";
          };
      String why = change.why().isEmpty() ? "" : "  (" + change.why() + ")";
      ControlFile at = change.file();
      surroundings.print(
          String.format(Locale.ROOT, "  %-" + group + "s  %-" + file + "s  ", at.group(), at.name())
              + effect
              + why
              + "\n");
    }
    plan.notes().forEach(note -> surroundings.print("  " + note + "\n"));
  }

  private static String shown(String text) {
    return text.isBlank() ? "(empty)" : text.strip();
  }

  /// Whether to write: said, or asked.
  private boolean agreed(ParseResult parsed) {
    if (parsed.matchedOptionValue("--yes", false)) {
      return true;
    }
    if (!surroundings.outIsTerminal()) {
      throw Refusal.input(
          "nothing is written: nobody is at a terminal to be asked. Say --yes, or --dry-run.");
    }
    surroundings.print("Write this? [y/N] ");
    surroundings.out().flush();
    try {
      int first = surroundings.in().read();
      return first == 'y' || first == 'Y';
    } catch (IOException _) {
      return false;
    }
  }

  private Journal journal(ControlState state, Control control, Policy policy) {
    Journal journal = state.read();
    if (journal.stale(control.boot())) {
      surroundings.complain("What was applied before this machine's restart is gone with it.");
      journal = forget(state);
    }
    state.refuseDamage(journal);
    if (journal.interrupted()) {
      throw ControlState.notHere("an earlier apply was interrupted. Undo it first: stint rollback");
    }
    if (!journal.owns().isEmpty() && !journal.owns().equals(policy.owns())) {
      throw ControlState.notHere(
          "a policy for " + journal.owns() + " is applied. Undo it first: stint rollback");
    }
    return journal;
  }

  private static Journal forget(ControlState state) {
    try {
      state.directory().disk().close();
      return state.read();
    } catch (IOException e) {
      throw ControlState.notHere("the old journal cannot be put aside: " + e.getMessage());
    }
  }

  private void write(Plan plan, Policy policy, Control control, Application application) {
    Outcome outcome =
        application.apply(
            plan, System.currentTimeMillis(), control.boot(), policy.file(), policy.owns());
    switch (outcome) {
      case Outcome.Applied(int writes) ->
          surroundings.print(
              "Applied: "
                  + writes
                  + (writes == 1 ? " file" : " files")
                  + " written and read back. Undo: stint rollback\n");
      case Outcome.Restored(String why, var undone) -> {
        surroundings.complain("stint: not applied: " + why);
        boolean left = UndoneLines.print(surroundings, undone);
        surroundings.complain(
            left ? "Not all is as before. Again: stint rollback" : "All is as before.");
        throw new Refusal(ExitCode.NOT_HERE, List.of());
      }
    }
  }
}
