package dev.stint.scenario;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Text from outside, made fit for messages; and the nearest of some names.
final class Texts {
  private static final int SHOWN_MAX = 60;
  private static final int COMPARED_MAX = 64;

  private Texts() {}

  /// The text in quotation marks on one line, shortened.
  static String quoted(String text) {
    int end = Math.min(text.length(), SHOWN_MAX);
    if (end < text.length() && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    String shown = end < text.length() ? text.substring(0, end) + "..." : text;
    return '"' + oneLine(shown) + '"';
  }

  /// The text with line breaks and other control characters escaped.
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean breaks = c == '\u2028' || c == '\u2029' || c == '\u0085' || c == '\uFEFF';
      if (Character.isISOControl(c) || breaks) {
        line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        line.append(c);
      }
    }
    return line.toString();
  }

  /// The candidate that the author probably meant: least edit distance, at most a third of the
  /// length.
  static Optional<String> nearest(String text, Collection<String> candidates) {
    // A number is not a misspelt other number.
    if (text.length() > COMPARED_MAX || text.matches("[0-9.]+")) {
      return Optional.empty();
    }
    Optional<String> best = Optional.empty();
    int bestDistance = Math.max(1, text.length() / 3) + 1;
    for (String candidate : candidates) {
      if (candidate.endsWith("." + text) || candidate.endsWith("/" + text)) {
        return Optional.of(candidate);
      }
      int distance =
          candidate.length() > COMPARED_MAX ? Integer.MAX_VALUE : distance(text, candidate);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = Optional.of(candidate);
      }
    }
    return best;
  }

  /// A fix that names the nearest candidate, or else all of them if they are few.
  static String didYouMean(String text, Collection<String> candidates) {
    Optional<String> nearest = nearest(text, candidates);
    if (nearest.isPresent()) {
      return "Did you mean " + quoted(nearest.get()) + "?";
    }
    if (candidates.isEmpty()) {
      return "Remove it";
    }
    String known = String.join(", ", candidates.stream().limit(24).toList());
    return "Known here: " + known + (candidates.size() > 24 ? ", ..." : "");
  }

  /// Optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours.
  private static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int differ = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + differ);
        boolean swapped =
            i > 1
                && j > 1
                && a.charAt(i - 1) == b.charAt(j - 2)
                && a.charAt(i - 2) == b.charAt(j - 1);
        if (swapped) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      beforeLast = last;
      last = row;
    }
    return last[b.length()];
  }
}
