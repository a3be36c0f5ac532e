package dev.stint.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// How a bug in Stint is told.
final class InternalErrors {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private InternalErrors() {}

  /// One line: the message, and the class for whoever looks for it in the source.
  static String summary(Throwable error) {
    String message = error.getMessage() == null ? "" : error.getMessage().strip();
    String name = error.getClass().getSimpleName();
    return message.isEmpty() ? name : message.replaceAll("\\s*\\R\\s*", " ") + " (" + name + ")";
  }

  /// The command line that does the same again, ready for a shell.
  static String command(String... args) {
    List<String> words = new ArrayList<>(List.of("./stint"));
    for (String arg : args) {
      boolean plain = PLAIN.matcher(arg).matches();
      words.add(plain ? arg : "'" + arg.replace("'", "'\\''") + "'");
    }
    return String.join(" ", words);
  }

  /// The stack trace if asked for, else how to ask for it.
  static List<String> trace(Throwable error, boolean debug) {
    if (!debug) {
      return List.of("Add --debug for the stack trace.");
    }
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return text.toString().lines().toList();
  }
}
