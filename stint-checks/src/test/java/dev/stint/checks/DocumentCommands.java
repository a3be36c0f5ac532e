package dev.stint.checks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs the commands that the documents show.
///
/// A fenced block marked `sh run` is run; `sh run exit=1` expects another exit code. Every line in
/// it starts with `./stint`, is a comment, or continues a line that ended with a backslash. When
/// the next fenced block of the page is marked `text output`, it must be what the command printed
/// on standard output; a line `...` in it stands for any number of lines. The blocks of one page
/// run in one directory, in order, in which every file of the checkout is found under its own name
/// and new files stay out of the checkout.
final class DocumentCommands implements AutoCloseable {
  private static final Pattern MARK = Pattern.compile("sh run(?: exit=(\\d+))?");
  private static final List<String> SEEN_FROM_THE_PAGES =
      List.of("stint", "scenarios", "docs", "golden");
  private static final long MOST_SECONDS = 120;

  private final Path directory;
  private final String classPath;

  /// @param root the checkout
  /// @param directory an empty directory to run in
  /// @param classPath the classes of `./stint`, built already
  DocumentCommands(Path root, Path directory, String classPath) {
    this.directory = directory;
    this.classPath = classPath;
    try {
      for (String name : SEEN_FROM_THE_PAGES) {
        if (Files.exists(root.resolve(name))) {
          Files.createSymbolicLink(directory.resolve(name), root.resolve(name));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Takes away the links to the checkout; what the commands wrote stays.
  @Override
  public void close() {
    try {
      for (String name : SEEN_FROM_THE_PAGES) {
        Files.deleteIfExists(directory.resolve(name));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One line, or more with what was printed, for every marked block of the page that does not do
  /// as it says.
  List<String> findings(String name, MarkdownPage page) {
    List<String> findings = new ArrayList<>();
    List<MarkdownPage.Block> blocks = page.blocks();
    for (int index = 0; index < blocks.size(); index++) {
      MarkdownPage.Block block = blocks.get(index);
      String where = name + ":" + block.line();
      Matcher mark = MARK.matcher(block.info());
      if (!mark.matches()) {
        if (block.info().startsWith("sh run")) {
          findings.add(where + ": unknown mark \"" + block.info() + "\"");
        }
        continue;
      }
      String foreign = foreignLine(block.lines());
      if (!foreign.isEmpty()) {
        findings.add(where + ": only ./stint may be run here, not: " + foreign);
        continue;
      }
      int exit = mark.group(1) == null ? 0 : Integer.parseInt(mark.group(1));
      boolean hasOutput =
          index + 1 < blocks.size() && blocks.get(index + 1).info().equals("text output");
      Result result = run(block.lines());
      if (result.exit() != exit) {
        findings.add(
            "%s: exit code %d, not %d%n%s".formatted(where, result.exit(), exit, result.all()));
      } else if (hasOutput
          && !matches(blocks.get(index + 1).lines(), result.out().lines().toList())) {
        findings.add(where + ": the output below it is not what it prints:\n" + result.out());
      }
    }
    return findings;
  }

  /// The first line that is neither `./stint`, a comment, blank nor a continuation; empty when
  /// there is none.
  static String foreignLine(List<String> lines) {
    boolean continues = false;
    for (String line : lines) {
      boolean ours = line.equals("./stint") || line.startsWith("./stint ");
      boolean chained = line.matches(".*(&&|\\|\\||;|\\$\\(|`|\\|).*");
      if (chained || !(continues || ours || line.isBlank() || line.startsWith("#"))) {
        return line;
      }
      continues = line.endsWith("\\");
    }
    return "";
  }

  /// Whether `actual` is what `shown` says, where a shown `...` stands for any number of lines.
  static boolean matches(List<String> shown, List<String> actual) {
    if (shown.isEmpty()) {
      return actual.stream().allMatch(String::isBlank);
    }
    List<String> rest = shown.subList(1, shown.size());
    if (shown.getFirst().strip().equals("...")) {
      for (int from = 0; from <= actual.size(); from++) {
        if (matches(rest, actual.subList(from, actual.size()))) {
          return true;
        }
      }
      return false;
    }
    return !actual.isEmpty()
        && shown.getFirst().stripTrailing().equals(actual.getFirst().stripTrailing())
        && matches(rest, actual.subList(1, actual.size()));
  }

  private record Result(int exit, String out, String err) {
    String all() {
      return out + err;
    }
  }

  private Result run(List<String> lines) {
    try {
      Path out = Files.createTempFile("stint-docs", ".out");
      Path err = Files.createTempFile("stint-docs", ".err");
      ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", String.join("\n", lines));
      builder.directory(directory.toFile());
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("STINT_CLASS_PATH", classPath);
      Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(MOST_SECONDS, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly().waitFor();
      }
      Result result =
          new Result(
              ended ? process.exitValue() : -1,
              Files.readString(out, StandardCharsets.UTF_8),
              Files.readString(err, StandardCharsets.UTF_8)
                  + (ended ? "" : "stopped after " + MOST_SECONDS + " s\n"));
      Files.delete(out);
      Files.delete(err);
      return result;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while a command of the documents ran", e);
    }
  }
}
