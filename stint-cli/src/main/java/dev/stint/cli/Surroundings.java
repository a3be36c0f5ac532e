package dev.stint.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/// What a command line finds around it; all of it can be replaced in tests.
///
/// @param in the standard input
/// @param out the standard output
/// @param err the standard error stream
/// @param outIsTerminal whether somebody reads `out` on a terminal
/// @param errIsTerminal the same for `err`
/// @param charset of both
/// @param environment variables
/// @param directory that relative paths start from
/// @param home Stint's checkout, with `scenarios/`
/// @param root of the file system that `doctor` looks at
/// @param processors how many runs may go on at once
record Surroundings(
    InputStream in,
    Output out,
    Output err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Charset charset,
    Map<String, String> environment,
    Path directory,
    Path home,
    Path root,
    int processors) {

  /// Those of this process.
  static Surroundings ofProcess() {
    Path directory = Path.of("");
    String home = System.getProperty("stint.home");
    return new Surroundings(
        System.in,
        new Output(new FileOutputStream(FileDescriptor.out)),
        new Output(new FileOutputStream(FileDescriptor.err)),
        isTerminal(1),
        isTerminal(2),
        Charset.forName(
            System.getProperty("stdout.encoding", "US-ASCII"), StandardCharsets.US_ASCII),
        System.getenv(),
        directory,
        home == null ? directory : Path.of(home),
        Path.of("/"),
        Runtime.getRuntime().availableProcessors());
  }

  /// A descriptor that is a terminal is a link to one. Where there is no /proc, Java knows of the
  /// output only.
  private static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException _) {
      return System.console() != null && System.console().isTerminal();
    }
  }

  String variable(String name) {
    return environment.getOrDefault(name, "");
  }

  /// Where Stint's caches are, among the user's (XDG Base Directory Specification).
  Path cache() {
    String caches = variable("XDG_CACHE_HOME");
    String user = variable("HOME");
    Path base =
        !caches.isEmpty() ? Path.of(caches) : user.isEmpty() ? home : Path.of(user, ".cache");
    return base.resolve("stint").toAbsolutePath();
  }

  /// The width of the terminal, if it says: 80 otherwise.
  int columns() {
    String columns = variable("COLUMNS");
    return columns.matches("[1-9][0-9]{1,2}") ? Integer.parseInt(columns) : 80;
  }

  boolean unicode() {
    return charset.equals(StandardCharsets.UTF_8);
  }

  /// Writes text to the standard output.
  void print(String text) {
    out.print(text, charset);
  }

  /// Writes a line to the standard error stream, after what was printed before: both may go to one
  /// file.
  void complain(String line) {
    out.flush();
    err.print(line + "\n", charset);
    err.flush();
  }
}
