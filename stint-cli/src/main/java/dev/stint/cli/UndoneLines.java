package dev.stint.cli;

import dev.stint.host.control.Undone;
import java.util.List;
import java.util.Locale;

/// What was taken back, a line each.
final class UndoneLines {
  private UndoneLines() {}

  /// Prints them; returns whether anything is not as before.
  static boolean print(Surroundings surroundings, List<Undone> undone) {
    boolean left = false;
    for (Undone each : undone) {
      String word = each.how().name().toLowerCase(Locale.ROOT);
      surroundings.print(
          String.format(Locale.ROOT, "  %-8s  %s  %s\n", word, each.file(), each.words()));
      left |=
          switch (each.how()) {
            case RESTORED, GONE -> false;
            case KEPT, FAILED -> true;
          };
    }
    return left;
  }
}
