package dev.stint.cli;

import dev.stint.host.HostFiles;
import dev.stint.host.Probe;
import dev.stint.host.kernel.KernelImage;
import dev.stint.host.probe.Finding;
import dev.stint.host.probe.Machinery;
import dev.stint.host.sys.KernelLog;
import dev.stint.host.sys.SystemCallFailed;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
    List<Finding> findings = findings();
    if (json.isPresent() && json.get().equals("-")) {
      write(findings, surroundings.out());
      return ExitCode.DONE;
    }
    json.map(file -> new AtomicFile("--json", surroundings.directory().resolve(file)))
        .ifPresent(file -> file.write(out -> write(findings, out)));
    for (Finding finding : findings) {
      String line =
          String.format(
              Locale.ROOT,
              "%-18s %-12s %s\n",
              finding.name(),
              state(finding.probe()),
              finding.probe().reason());
      surroundings.print(line);
    }
    return ExitCode.DONE;
  }

  private static void write(List<Finding> findings, OutputStream out) {
    JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    ObjectNode root = mapper.createObjectNode();
    root.put("stint", Version.text());
    ArrayNode list = root.putArray("findings");
    for (Finding finding : findings) {
      list.addObject()
          .put("name", finding.name())
          .put("state", state(finding.probe()).toLowerCase(Locale.ROOT))
          .put("reason", finding.probe().reason());
    }
    try {
      out.write(mapper.writeValueAsBytes(root));
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<Finding> findings() {
    return new Machinery(
            new HostFiles(surroundings.root()), log(), KernelImage.downloaded(surroundings.cache()))
        .findings();
  }

  /// The kernel's log: of this machine, or as a distribution keeps it in a file.
  private String log() {
    if (surroundings.root().equals(Path.of("/"))) {
      try {
        return KernelLog.read();
      } catch (SystemCallFailed _) {
        // Only root may: the file may be readable.
        return logFile();
      }
    }
    return logFile();
  }

  private String logFile() {
    HostFiles files = new HostFiles(surroundings.root());
    return files.read("var/log/dmesg") instanceof HostFiles.Text.Read(String text) ? text : "";
  }

  private static String state(Probe probe) {
    return switch (probe) {
      case Probe.Supported _ -> "Supported";
      case Probe.Unsupported _ -> "Unsupported";
      case Probe.Unavailable _ -> "Unavailable";
    };
  }
}
