package dev.stint.scenario;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.regex.Pattern;

/// YAML text under construction: nested mappings, two spaces per level.
final class YamlText {
  /// What every YAML reader takes for a string without quotation marks.
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_./-]*");

  /// What some readers, YAML 1.1 among them, take for something else.
  private static final Pattern NOT_A_STRING =
      Pattern.compile("(?i)y|n|yes|no|on|off|true|false|null");

  private final StringBuilder text = new StringBuilder();

  /// Where each open mapping's key begins, and where its first entry would, innermost first.
  private final Deque<int[]> open = new ArrayDeque<>();

  /// A key and a string.
  void entry(String key, String value) {
    raw(key, scalar(value));
  }

  /// A key and a value that is valid YAML as it is.
  void raw(String key, String value) {
    indent().append(scalar(key)).append(": ").append(value).append('\n');
  }

  /// Begins a mapping under a key.
  void open(String key) {
    int begin = text.length();
    indent().append(scalar(key)).append(":\n");
    open.push(new int[] {begin, text.length()});
  }

  /// Ends the mapping begun last; one with nothing in it is written as `{}`.
  void close() {
    if (open.pop()[1] == text.length()) {
      text.insert(text.length() - 1, " {}");
    }
  }

  /// Ends the mapping begun last; one with nothing in it disappears, with its key.
  void closeOrOmit() {
    int[] mapping = open.pop();
    if (mapping[1] == text.length()) {
      text.setLength(mapping[0]);
    }
  }

  private StringBuilder indent() {
    return text.append("  ".repeat(open.size()));
  }

  /// A string as a value.
  static String scalar(String value) {
    boolean plain = PLAIN.matcher(value).matches() && !NOT_A_STRING.matcher(value).matches();
    return plain ? value : quoted(value);
  }

  private static String quoted(String value) {
    StringBuilder quoted = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            quoted.append('\\').append((char) c);
          } else if (c >= ' ' && c <= '~') {
            quoted.append((char) c);
          } else {
            quoted.append(String.format(Locale.ROOT, c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
          }
        });
    return quoted.append('"').toString();
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
