package dev.stint.checks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The form of a commit's first line: `area: imperative summary`, at most 72 characters.
final class CommitTitle {
  static final int MOST_CHARACTERS = 72;

  private static final Pattern FORM = Pattern.compile("([a-z0-9-]+): (\\S+)( .*)?");
  private static final Set<String> AREAS_OUTSIDE_CODE =
      Set.of("build", "ci", "docs", "repo", "scenarios", "golden", "launcher");
  private static final List<String> NOT_IMPERATIVE =
      List.of(
          "adds",
          "added",
          "adding",
          "fixes",
          "fixed",
          "fixing",
          "updates",
          "updated",
          "updating",
          "removes",
          "removed",
          "changes",
          "changed",
          "makes",
          "made",
          "uses",
          "used");

  private final Set<String> codeAreas;

  /// @param codeAreas names of modules and packages that a commit can be about
  CommitTitle(Set<String> codeAreas) {
    this.codeAreas = codeAreas;
  }

  /// What is wrong with `title`, or nothing.
  Optional<String> finding(String title) {
    Matcher matcher = FORM.matcher(title);
    if (!matcher.matches()) {
      return Optional.of("\"" + title + "\": write \"area: imperative summary\"");
    }
    String area = matcher.group(1);
    if (!AREAS_OUTSIDE_CODE.contains(area) && !codeAreas.contains(area)) {
      return Optional.of("\"" + title + "\": no module or package is called " + area);
    }
    if (title.length() > MOST_CHARACTERS) {
      return Optional.of(
          "\"" + title + "\": " + title.length() + " characters; at most " + MOST_CHARACTERS);
    }
    if (title.endsWith(".")) {
      return Optional.of("\"" + title + "\": no full stop at the end");
    }
    if (NOT_IMPERATIVE.contains(matcher.group(2).toLowerCase(Locale.ROOT))) {
      return Optional.of(
          "\"" + title + "\": write what the commit does when applied: add, fix, make");
    }
    return Optional.empty();
  }
}
