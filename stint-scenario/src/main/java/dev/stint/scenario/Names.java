package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import java.util.regex.Pattern;

/// Which names may become parts of entity paths.
final class Names {
  private static final int LENGTH_MAX = 64;
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.@+][A-Za-z0-9_.@+-]*");
  private static final Pattern TAKEN = Pattern.compile("(vp|lp)\\d+");

  private Names() {}

  /// Whether a name may be part of a path.
  static boolean valid(String name) {
    return name.length() <= LENGTH_MAX
        && FORM.matcher(name).matches()
        && !name.equals(".")
        && !name.equals("..");
  }

  /// Whether a name is one that VPs and LPs have.
  static boolean taken(String name) {
    return TAKEN.matcher(name).matches();
  }

  /// Records what is wrong with the name of a `what`.
  static void check(Problems problems, Tree.Scalar name, String what) {
    if (!valid(name.text())) {
      problems.add(
          DiagnosticCode.NAME_FORM,
          name,
          what
              + " name "
              + quoted(name.text())
              + " is not 1 to 64 letters, digits and _ . @ + -, beginning with another than -",
          "Choose another name");
    }
  }

  /// Records what is wrong with the name of a partition.
  static void checkPartition(Problems problems, Tree.Scalar name) {
    check(problems, name, "partition");
    if (taken(name.text())) {
      problems.add(
          DiagnosticCode.NAME_FORM,
          name,
          "partition name " + quoted(name.text()) + " is taken by a VP or LP",
          "Choose a name other than vp and lp with a number");
    }
  }

  /// A valid name made from any text, for defaults.
  static String from(String text) {
    String name = text.replaceAll("[^A-Za-z0-9_.@+-]+", "-").replaceAll("^-+", "");
    String cut = name.substring(0, Math.min(name.length(), LENGTH_MAX));
    return valid(cut) ? cut : "scenario";
  }
}
