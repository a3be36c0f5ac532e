package dev.stint.checks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Finds links between files of the checkout that lead nowhere. Links to other sites are left
/// alone.
final class DocumentLinks {
  private DocumentLinks() {}

  /// One line for every link in `page` (found at `file`, below `root`) whose file or heading does
  /// not exist.
  static List<String> findings(Path root, Path file, MarkdownPage page) {
    List<String> findings = new ArrayList<>();
    for (MarkdownPage.Link link : page.links()) {
      String target = link.target();
      if (target.matches("[a-z][a-z0-9+.-]*:.*")) {
        continue;
      }
      String where = root.relativize(file) + ":" + link.line() + ": " + target;
      String path = target.replaceAll("#.*", "");
      Path goal = path.isEmpty() ? file : file.resolveSibling(path).normalize();
      if (!goal.startsWith(root)) {
        findings.add(where + " leads out of the checkout");
      } else if (!goal.equals(file) && !Files.exists(goal)) {
        findings.add(where + " does not exist");
      } else if (target.contains("#") && goal.toString().endsWith(".md")) {
        MarkdownPage other = goal.equals(file) ? page : new MarkdownPage(Checkout.read(goal));
        if (!other.anchors().contains(target.substring(target.indexOf('#') + 1))) {
          findings.add(where + " names no heading of that page");
        }
      }
    }
    return findings;
  }
}
