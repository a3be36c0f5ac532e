package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlVersionException;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/// Builds a [Tree] from YAML 1.2 or JSON text in bounded memory.
///
/// Works on the event stream, without recursion, and counts values with every alias expanded, so
/// that neither deep nesting nor an alias bomb costs more than its own text.
final class TreeParser {
  /// The deepest nesting accepted.
  static final int DEPTH_MAX = 50;

  /// The most values accepted, aliases expanded.
  static final int VALUE_COUNT_MAX = 250_000;

  private final Problems problems;
  private final String least;
  private final Deque<Frame> open = new ArrayDeque<>();
  private final Map<String, Optional<Built>> anchors = new LinkedHashMap<>();
  private int documentCount;
  private int valueCount;
  private Optional<Tree> root = Optional.empty();

  private TreeParser(Problems problems, String least) {
    this.problems = problems;
    this.least = least;
  }

  /// The text's only document; empty, with a problem recorded, if there is none.
  static Optional<Tree> parse(String text, Problems problems) {
    return parse(text, problems, "`partitions:` with one partition");
  }

  /// The text's only document; empty, with a problem recorded, if there is none.
  ///
  /// @param least the least that such a text says, for the message
  static Optional<Tree> parse(String text, Problems problems, String least) {
    return new TreeParser(problems, least).parse(text);
  }

  private Optional<Tree> parse(String text) {
    try {
      LoadSettings settings = settings(text);
      ParserImpl events = new ParserImpl(settings, new StreamReader(settings, text));
      while (events.hasNext()) {
        if (!accept(events.next())) {
          return Optional.empty();
        }
      }
    } catch (MarkedYamlEngineException e) {
      Position at = e.getProblemMark().map(TreeParser::position).orElse(new Position(1, 1));
      syntax(at, e.getProblem());
      return Optional.empty();
    } catch (YamlVersionException _) {
      syntax(new Position(1, 1), "the %YAML directive names a version other than 1.1 and 1.2");
      return Optional.empty();
    } catch (YamlEngineException e) {
      syntax(new Position(1, 1), String.valueOf(e.getMessage()));
      return Optional.empty();
    }
    if (root.isEmpty() || (root.get() instanceof Tree.Scalar scalar && scalar.isNull())) {
      problems.add(
          DiagnosticCode.EMPTY,
          Position.FILE,
          "",
          "the file says nothing",
          "Write at least " + least);
      return Optional.empty();
    }
    return root;
  }

  /// A buffer for the whole text: the library copies what it has of a token whenever its buffer is
  /// used up, which would take quadratic time for a token of megabytes.
  private static LoadSettings settings(String text) {
    return LoadSettings.builder()
        .setCodePointLimit(SourceText.BYTE_COUNT_MAX + 1)
        .setBufferSize(Math.max(1_024, text.length() + 1))
        .build();
  }

  private void syntax(Position at, String problem) {
    problems.add(
        DiagnosticCode.SYNTAX,
        at,
        "",
        "not YAML or JSON: " + problem.strip(),
        "Correct the text here or just before");
  }

  /// Takes one event; false when nothing more can be read.
  private boolean accept(Event event) {
    return switch (event.getEventId()) {
      case StreamStart, StreamEnd, DocumentEnd, Comment -> true;
      case DocumentStart -> acceptDocument(event);
      case Alias -> acceptAlias((AliasEvent) event);
      case Scalar -> acceptScalar((ScalarEvent) event);
      case MappingStart, SequenceStart -> acceptStart((CollectionStartEvent) event);
      case MappingEnd, SequenceEnd -> acceptEnd();
    };
  }

  private boolean acceptDocument(Event event) {
    documentCount++;
    if (documentCount > 1) {
      problems.add(
          DiagnosticCode.SEVERAL_DOCUMENTS,
          position(event),
          "---",
          "a second document begins; a file holds one scenario",
          "Remove the `---` and what follows, or use a file of its own");
      return false;
    }
    return true;
  }

  private boolean acceptScalar(ScalarEvent event) {
    Position at = position(event);
    refuseTag(event.getTag(), at);
    Tree.Scalar scalar = new Tree.Scalar(at, event.getValue(), event.isPlain());
    return add(new Built(scalar, 1), event.getAnchor(), at);
  }

  private boolean acceptStart(CollectionStartEvent event) {
    Position at = position(event);
    refuseTag(event.getTag(), at);
    if (open.size() == DEPTH_MAX) {
      problems.add(
          DiagnosticCode.TOO_DEEP,
          at,
          "",
          "nested more than " + DEPTH_MAX + " deep",
          "Nest less; a scenario needs about 10 levels");
      return false;
    }
    event.getAnchor().ifPresent(anchor -> anchors.put(anchor.getValue(), Optional.empty()));
    open.push(new Frame(event instanceof MappingStartEvent, at, event.getAnchor()));
    return true;
  }

  private boolean acceptEnd() {
    Frame frame = open.pop();
    Tree tree =
        frame.mapping
            ? new Mappings(problems).build(frame.at, frame.items)
            : new Tree.Sequence(frame.at, List.copyOf(frame.items));
    return add(new Built(tree, frame.size), frame.anchor, frame.at);
  }

  private boolean acceptAlias(AliasEvent event) {
    String name = event.getAlias().getValue();
    Position at = position(event);
    Optional<Built> target = anchors.get(name);
    if (target == null) {
      problems.add(
          DiagnosticCode.SYNTAX,
          at,
          "*" + name,
          "alias " + quoted("*" + name) + " names no anchor above it",
          Texts.nearest(name, anchors.keySet())
              .map(near -> "Did you mean " + quoted("*" + near) + "?")
              .orElse("Put `&" + Texts.oneLine(name) + "` on a value before its first use"));
      return false;
    }
    if (target.isEmpty()) {
      problems.add(
          DiagnosticCode.SELF_REFERENCE,
          at,
          "*" + name,
          "alias " + quoted("*" + name) + " stands inside its own anchor, which would never end",
          "Write the value out, or move the anchor");
      return false;
    }
    return add(target.get(), Optional.empty(), at);
  }

  private boolean add(Built built, Optional<Anchor> anchor, Position at) {
    anchor.ifPresent(name -> anchors.put(name.getValue(), Optional.of(built)));
    valueCount++;
    if (open.isEmpty()) {
      root = Optional.of(built.tree);
      return true;
    }
    Frame frame = open.element();
    frame.items.add(built.tree);
    frame.size += built.size;
    if (frame.size > VALUE_COUNT_MAX || valueCount > VALUE_COUNT_MAX) {
      problems.add(
          DiagnosticCode.TOO_MANY_VALUES,
          at,
          "",
          "more than " + VALUE_COUNT_MAX + " values, counting each use of an alias",
          "Use `count` to repeat a task; repeat less through aliases");
      return false;
    }
    return true;
  }

  private void refuseTag(Optional<String> tag, Position at) {
    // "!" is the non-specific tag: it says "a string" and no more.
    if (tag.isPresent() && !tag.get().equals("!")) {
      problems.add(
          DiagnosticCode.TAG,
          at,
          tag.get(),
          "tag " + quoted(tag.get()) + " is not used in scenarios",
          "Remove the tag");
    }
  }

  private static Position position(Event event) {
    return event.getStartMark().map(TreeParser::position).orElse(new Position(1, 1));
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /// A finished value and how many values it is with its aliases expanded.
  private record Built(Tree tree, long size) {}

  /// A collection whose end has not come yet. A mapping's items are key, value, key, value.
  private static final class Frame {
    final boolean mapping;
    final Position at;
    final Optional<Anchor> anchor;
    final List<Tree> items = new ArrayList<>();
    long size = 1;

    Frame(boolean mapping, Position at, Optional<Anchor> anchor) {
      this.mapping = mapping;
      this.at = at;
      this.anchor = anchor;
    }
  }
}
