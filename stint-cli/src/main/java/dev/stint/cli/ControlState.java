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
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/// What the commands that change a host share: which host, and its state directory.
record ControlState(HostFiles host, StateDirectory directory) {

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

  Journal read() {
    try {
      return Journal.read(directory.disk());
    } catch (IOException e) {
      throw notHere(directory.journal() + " cannot be read: " + e.getMessage());
    }
  }
}
