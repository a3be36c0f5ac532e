package dev.stint.checks;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the documents test needs to know of a Markdown page: fenced blocks, links and headings.
final class MarkdownPage {
  private static final Pattern FENCE = Pattern.compile("(```+|~~~+)\\s*(.*)");
  private static final Pattern LINK =
      Pattern.compile("\\[[^\\]]*\\]\\(\\s*<?([^)\\s>]+)>?[^)]*\\)");
  private static final Pattern HEADING = Pattern.compile("#{1,6}\\s+(.*?)\\s*#*");

  private final List<Block> blocks = new ArrayList<>();
  private final List<Link> links = new ArrayList<>();
  private final Set<String> anchors = new LinkedHashSet<>();

  /// A fenced block.
  ///
  /// @param info what stands after the fence, for example `sh run`
  /// @param line the line of the opening fence, from 1
  /// @param lines what is inside
  record Block(String info, int line, List<String> lines) {}

  /// A link to somewhere.
  ///
  /// @param target as written
  /// @param line where it stands, from 1
  record Link(String target, int line) {}

  MarkdownPage(String text) {
    List<String> lines = text.lines().toList();
    int index = 0;
    while (index < lines.size()) {
      Matcher fence = FENCE.matcher(lines.get(index).strip());
      if (fence.matches()) {
        index = readBlock(lines, index, fence);
      } else {
        readProse(lines.get(index), index + 1);
        index++;
      }
    }
  }

  private int readBlock(List<String> lines, int open, Matcher fence) {
    List<String> inside = new ArrayList<>();
    int index = open + 1;
    while (index < lines.size() && !lines.get(index).strip().equals(fence.group(1))) {
      inside.add(lines.get(index));
      index++;
    }
    blocks.add(new Block(fence.group(2).strip(), open + 1, inside));
    return index + 1;
  }

  private void readProse(String line, int number) {
    Matcher heading = HEADING.matcher(line);
    if (heading.matches()) {
      addAnchor(slug(heading.group(1)));
    }
    Matcher link = LINK.matcher(line.replaceAll("`[^`]*`", ""));
    while (link.find()) {
      links.add(new Link(link.group(1), number));
    }
  }

  private void addAnchor(String slug) {
    String unique = slug;
    for (int count = 1; !anchors.add(unique); count++) {
      unique = slug + "-" + count;
    }
  }

  /// The anchor of a heading, as the usual forges make it.
  private static String slug(String heading) {
    return heading
        .toLowerCase(Locale.ROOT)
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .replaceAll("[^\\p{L}\\p{N} _-]", "")
        .replace(' ', '-');
  }

  List<Block> blocks() {
    return blocks;
  }

  List<Link> links() {
    return links;
  }

  Set<String> anchors() {
    return anchors;
  }
}
