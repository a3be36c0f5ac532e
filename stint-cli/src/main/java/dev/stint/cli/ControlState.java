package dev.stint.cli;

import dev.stint.host.HostFiles;
import dev.stint.host.control.Journal;
import dev.stint.host.control.OwnedTree;
import dev.stint.host.control.StateDirectory;
import dev.stint.scenario.Wording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/// What the commands that change a host share: which host, and its state directory.
record ControlState(HostFiles host, StateDirectory directory) {
  private static final int LINE_MAX = 300;

  static ControlState of(Surroundings surroundings, ParseResult parsed) {
    Optional<String> named = Optional.ofNullable(parsed.matchedOptionValue("--root", null));
    Path root = named.map(name -> path(surroundings, name)).orElse(surroundings.root());
    if (!Files.isDirectory(root)) {
      throw Refusal.input("--root " + root + ": there is no such directory.");
    }
    Optional<String> journal =
        parsed.commandSpec().findOption("--journal") == null
            ? Optional.empty()
            : Optional.ofNullable(parsed.matchedOptionValue("--journal", null));
    StateDirectory directory =
        journal
            .map(file -> StateDirectory.ofJournal(path(surroundings, file)))
            .orElseGet(
                () -> StateDirectory.at(StateDirectory.place(root, surroundings.environment())));
    if (journal.isPresent() && !directory.hasJournal()) {
      throw Refusal.input("--journal " + journal.get() + ": there is no such file.");
    }
    return new ControlState(new HostFiles(root), directory);
  }

  private static Path path(Surroundings surroundings, String name) {
    try {
      return surroundings.directory().resolve(name);
    } catch (InvalidPathException e) {
      throw Refusal.input(Wording.quoted(name) + " is no path: " + e.getReason() + ".");
    }
  }

  static Refusal notHere(String line) {
    return new Refusal(ExitCode.NOT_HERE, List.of("stint: " + line));
  }

  OwnedTree tree(String owns) {
    try {
      return OwnedTree.of(host, owns);
    } catch (IOException e) {
      throw notHere("the cgroups of this machine cannot be opened: " + e.getMessage());
    }
  }

  /// Takes the state directory for this process alone.
  ///
  /// @param make whether to make it where it is not there
  void take(boolean make) {
    try {
      Optional<String> unfit = directory.check(make);
      if (unfit.isPresent()) {
        throw notHere("the state directory cannot be trusted: " + unfit.get());
      }
      Optional<String> holder = directory.lock();
      if (holder.isPresent()) {
        throw notHere(
            "process "
                + holder.get()
                + " is applying or watching. End it first: kill "
                + holder.get());
      }
    } catch (IOException e) {
      throw notHere(
          "the state directory of "
              + directory.journal()
              + " cannot be used: "
              + e
              + ". Name another in STINT_STATE.");
    }
  }

  /// The lines of a journal that cannot be believed, for a reader.
  List<String> damaged(Journal read) {
    return read.damage().stream()
        .map(each ->
            directory.journal()
                + ":"
                + each.line()
                + ": the line "
                + each.words()
                + ": "
                + printable(each.text()))
        .toList();
  }

  private static String printable(String line) {
    String shown = line.replaceAll("[^!-~]+", " ");
    return shown.length() <= LINE_MAX ? shown : shown.substring(0, LINE_MAX) + " ...";
  }

  /// A damaged journal is dealt with by hand before anything is written.
  void refuseDamage(Journal read) {
    if (!read.damage().isEmpty()) {
      List<String> lines = new ArrayList<>(damaged(read));
      lines.add("stint: what is applied cannot be told. Restore what can be: stint rollback");
      throw new Refusal(ExitCode.NOT_HERE, lines);
    }
  }

  Journal read() {
    try {
      return Journal.read(directory.disk());
    } catch (IOException e) {
      throw notHere(directory.journal() + " cannot be read: " + e.getMessage());
    }
  }
}
