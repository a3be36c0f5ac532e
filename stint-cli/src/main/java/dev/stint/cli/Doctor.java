package dev.stint.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `doctor`: says what this machine supports, and why not.
final class Doctor {
  private final Surroundings surroundings;

  Doctor(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  ExitCode execute(ParseResult parsed) {
    Optional<String> json = Optional.ofNullable(parsed.matchedOptionValue("--json", null));
    List<Machinery.Finding> findings = new Machinery(surroundings.root()).findings();
    if (json.isPresent() && json.get().equals("-")) {
      write(findings, surroundings.out());
      return ExitCode.DONE;
    }
    json.map(file -> new AtomicFile("--json", surroundings.directory().resolve(file)))
        .ifPresent(file -> file.write(out -> write(findings, out)));
    for (Machinery.Finding finding : findings) {
      String line =
          String.format(
              Locale.ROOT,
              "%-15s %-12s %s\n",
              finding.name(),
              finding.state().text(),
              finding.reason());
      surroundings.print(line);
    }
    return ExitCode.DONE;
  }

  private static void write(List<Machinery.Finding> findings, OutputStream out) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode root = mapper.createObjectNode();
    root.put("stint", Version.text());
    ArrayNode list = root.putArray("findings");
    for (Machinery.Finding finding : findings) {
      list.addObject()
          .put("name", finding.name())
          .put("state", finding.state().text().toLowerCase(Locale.ROOT))
          .put("reason", finding.reason());
    }
    try {
      out.write(mapper.writeValueAsBytes(root));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
