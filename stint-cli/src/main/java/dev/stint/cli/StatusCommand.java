package dev.stint.cli;

import dev.stint.host.control.Control;
import dev.stint.host.control.Journal;
import dev.stint.host.control.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `status`: what is applied, since when, and what others made of it.
final class StatusCommand {
  private final Surroundings surroundings;

  StatusCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    ControlState state = ControlState.of(surroundings, parsed);
    Optional<String> json = Optional.ofNullable(parsed.matchedOptionValue("--json", null));
    new Targets(surroundings.directory())
        .reads(state.directory().journal().toString())
        .writes("--json", json);
    boolean jsonToOutput = json.filter("-"::equals).isPresent();
    Optional<AtomicFile> jsonFile =
        json.filter(_ -> !jsonToOutput)
            .map(file -> new AtomicFile("--json", surroundings.directory().resolve(file)));
    Optional<Journal> journal = journal(state);
    Optional<Status> status = journal.map(read -> Status.of(state.tree(read.owns()), read));
    List<String> damaged = journal.map(state::damaged).orElse(List.of());
    jsonFile.ifPresent(file -> file.write(out -> write(status, damaged, state, out)));
    if (jsonToOutput) {
      write(status, damaged, state, surroundings.out());
    } else {
      status.ifPresentOrElse(
          applied -> print(applied, !damaged.isEmpty(), state),
          () -> surroundings.print("Nothing is applied.\n"));
    }
    journal.ifPresent(state::refuseDamage);
    return status.filter(applied -> applied.drifted() || applied.interrupted()).isPresent()
        ? ExitCode.NEGATIVE
        : ExitCode.DONE;
  }

  /// The journal, if anything is applied or it cannot be told.
  private Optional<Journal> journal(ControlState state) {
    if (!state.directory().hasJournal()) {
      return Optional.empty();
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
    boolean nothing = journal.damage().isEmpty() && journal.settled();
    return nothing || journal.stale(new Control(state.host()).boot())
        ? Optional.empty()
        : Optional.of(journal);
  }

  private static void write(
      Optional<Status> status, List<String> damaged, ControlState state, OutputStream out) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode root = mapper.createObjectNode();
    root.put("stint", Version.text());
    if (damaged.isEmpty()) {
      root.put("applied", status.isPresent());
    } else {
      root.putNull("applied");
    }
    root.put("damaged", !damaged.isEmpty());
    if (!damaged.isEmpty()) {
      ArrayNode lines = root.putArray("damage");
      damaged.forEach(lines::add);
    }
    status.ifPresent(applied -> {
      if (!applied.policy().isEmpty()) {
        root.put("policy", applied.policy());
        root.put("owns", applied.owns());
        root.put("since", since(applied).toString());
      }
      root.put("journal", state.directory().journal().toString());
      if (damaged.isEmpty()) {
        root.put("interrupted", applied.interrupted());
        root.put("drifted", applied.drifted());
      }
      ArrayNode files = root.putArray("files");
      for (Status.Line line : applied.lines()) {
        files
            .addObject()
            .put("cgroup", line.file().group())
            .put("file", line.file().name())
            .put("before", line.before())
            .put("applied", line.applied())
            .put(line.readable() ? "now" : "unreadable", line.now())
            .put("drifted", line.drifted());
      }
    });
    try {
      out.write(mapper.writeValueAsBytes(root));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Instant since(Status status) {
    return Instant.ofEpochMilli(status.sinceMs()).truncatedTo(ChronoUnit.SECONDS);
  }

  private void print(Status status, boolean damaged, ControlState state) {
    surroundings.print(
        damaged
            ? "The journal is damaged; what its other lines say:\n"
            : status.policy()
                + " is applied below "
                + status.owns()
                + " since "
                + since(status)
                + "\n");
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
    if (status.interrupted() && !damaged) {
      surroundings.print("It was interrupted, and is not whole. Undo it: stint rollback\n");
    }
  }
}
