package dev.stint.checks;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Rules on the text of a source file: widths, lengths and reminders.
final class TidyRules {
  static final int COLUMNS = 100;
  static final int METHOD_LINES = 60;
  static final int FILE_LINES = 500;

  // In pieces, so that this line is not a finding.
  private static final Pattern REMINDER =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b(?!\\(#\\d+\\))");

  private static final Pattern ASSUMPTION =
      Pattern.compile("^import .*\\.(Assumptions|TestAbortedException)\\b");

  /// The files that may abort a test.
  private static final String SKIP = ".*/Skip(Test)?\\.java";

  private TidyRules() {}

  /// A rule that a file breaks. `rule` and `where` name it in the list of exceptions.
  ///
  /// @param rule `columns`, `method-lines`, `file-lines`, `reminder` or `skip`
  /// @param where the file, for a method followed by `#` and its name
  /// @param actual the count that is too large, or the line number
  /// @param text the message for a person
  record Finding(String rule, String where, int actual, String text) {}

  /// All findings of a Java source file.
  static List<Finding> ofJava(String name, String source) {
    List<Finding> findings = new ArrayList<>(ofText(name, source));
    List<String> lines = source.lines().toList();
    for (int index = 0; index < lines.size(); index++) {
      String line = lines.get(index);
      int columns = line.codePointCount(0, line.length());
      if (columns > COLUMNS && !isUnbreakable(line)) {
        findings.add(finding("columns", name, index + 1, columns, COLUMNS, "columns"));
      }
    }
    if (lines.size() > FILE_LINES) {
      findings.add(finding("file-lines", name, 1, lines.size(), FILE_LINES, "lines"));
    }
    findings.addAll(silentSkips(name, lines));
    findings.addAll(longMethods(name, source));
    return findings;
  }

  /// The findings that any text can have: reminders without the number of an issue.
  static List<Finding> ofText(String name, String text) {
    List<Finding> findings = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int index = 0; index < lines.size(); index++) {
      Matcher matcher = REMINDER.matcher(lines.get(index));
      if (matcher.find()) {
        String message =
            "%s:%d: %s without an issue; write %s(#123)"
                .formatted(name, index + 1, matcher.group(1), matcher.group(1));
        findings.add(new Finding("reminder", name, index + 1, message));
      }
    }
    return findings;
  }

  private static List<Finding> silentSkips(String name, List<String> lines) {
    List<Finding> findings = new ArrayList<>();
    for (int line = 1; line <= lines.size(); line++) {
      Matcher matcher = ASSUMPTION.matcher(lines.get(line - 1));
      if (matcher.find() && !name.matches(SKIP)) {
        String message =
            "%s:%d: %s skips in silence; use Skip, which prints the reason"
                .formatted(name, line, matcher.group(1));
        findings.add(new Finding("skip", name, line, message));
      }
    }
    return findings;
  }

  private static boolean isUnbreakable(String line) {
    return line.startsWith("import ") || line.contains("http://") || line.contains("https://");
  }

  private static Finding finding(
      String rule, String where, int line, int actual, int bound, String unit) {
    String file = where.contains("#") ? where.substring(0, where.indexOf('#')) : where;
    String subject = where.contains("#") ? " " + where.substring(where.indexOf('#') + 1) : "";
    String text = "%s:%d:%s %d %s; at most %d".formatted(file, line, subject, actual, unit, bound);
    return new Finding(rule, where, actual, text);
  }

  private static List<Finding> longMethods(String name, String source) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                null, null, _ -> {}, List.of("-proc:none"), null, List.of(unit(source)));
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    List<Finding> findings = new ArrayList<>();
    for (CompilationUnitTree unit : parse(task)) {
      LineMap lineMap = unit.getLineMap();
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitMethod(MethodTree method, Void unused) {
          long end = positions.getEndPosition(unit, method);
          if (end >= 0) {
            int first = (int) lineMap.getLineNumber(positions.getStartPosition(unit, method));
            int lines = (int) lineMap.getLineNumber(end) - first + 1;
            if (lines > METHOD_LINES) {
              String where = name + "#" + method.getName();
              findings.add(finding("method-lines", where, first, lines, METHOD_LINES, "lines"));
            }
          }
          return super.visitMethod(method, unused);
        }
      }.scan(unit, null);
    }
    return findings;
  }

  private static Iterable<? extends CompilationUnitTree> parse(JavacTask task) {
    try {
      return task.parse();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JavaFileObject unit(String source) {
    return new SimpleJavaFileObject(
        URI.create("string:///Source.java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
  }
}
