package dev.stint.host.kernel;

import dev.stint.host.Probe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The guest's only program, compiled here from its source: a binary that nobody can read is not
/// shipped.
final class GuestProgram {
  private static final String SOURCE = "init.c";
  private static final String HELP = "apt-get install gcc libc6-dev";
  private static final long COMPILE_SECONDS = 120;

  private final Path cache;

  /// @param cache directory that keeps what was compiled
  GuestProgram(Path cache) {
    this.cache = cache;
  }

  /// Whether there is a compiler, and which.
  static Probe compiler() {
    try {
      Tool.Done version = Tool.run(List.of("gcc", "--version"), Path.of("/"), 10);
      if (version.status() == 0) {
        return new Probe.Supported(version.output().lines().findFirst().orElse("gcc"));
      }
    } catch (IOException _) {
      // There is none.
    }
    return new Probe.Unsupported("there is no gcc: " + HELP);
  }

  /// Its bytes.
  byte[] bytes() throws CannotBoot {
    if (!(compiler() instanceof Probe.Supported(String version))) {
      throw CannotBoot.machine(compiler().reason());
    }
    try {
      String source = source();
      Path kept = cache.resolve("init-" + Hash.of(version + "\n" + source).substring(0, 16));
      if (!Files.exists(kept)) {
        compile(source, kept);
      }
      return Files.readAllBytes(kept);
    } catch (IOException e) {
      throw CannotBoot.machine("cannot compile the guest's program: " + CannotBoot.words(e));
    }
  }

  private static String source() throws IOException {
    try (InputStream in = GuestProgram.class.getResourceAsStream(SOURCE)) {
      if (in == null) {
        throw new IOException(SOURCE + " is missing from this build");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void compile(String source, Path target) throws IOException, CannotBoot {
    Files.createDirectories(cache);
    Path place = Files.createTempDirectory(cache, "compile");
    Path text = Files.writeString(place.resolve(SOURCE), source);
    Path program = place.resolve("init");
    try {
      Tool.Done done =
          Tool.run(
              List.of("gcc", "-static", "-O2", "-Wl,--build-id=none", "-s", "-o", "init", SOURCE),
              place,
              COMPILE_SECONDS);
      if (done.status() != 0) {
        throw CannotBoot.machine(
            "gcc cannot compile the guest's program ("
                + HELP
                + "): "
                + done.output().lines().findFirst().orElse("no reason given"));
      }
      Files.move(program, target);
    } finally {
      Files.deleteIfExists(program);
      Files.deleteIfExists(text);
      Files.deleteIfExists(place);
    }
  }
}
