package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.stack.Assembly;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Reads the list in an `expected.yaml`.
final class ExpectationReader {
  private static final List<String> KEYS =
      List.of("assembly", "path", "figure", "value", "tolerance", "source");
  private static final Map<String, Assembly> ASSEMBLIES =
      Choices.of(Assembly.values(), Assembly::text);

  private final Problems problems;

  ExpectationReader(Problems problems) {
    this.problems = problems;
  }

  List<Expectation> read(Tree root) {
    List<Expectation> list = new ArrayList<>();
    switch (root) {
      case Tree.Sequence sequence -> sequence.items().forEach(item -> readOne(item, list));
      case Tree.Mapping _, Tree.Scalar _ ->
          problems.add(
              DiagnosticCode.WRONG_TYPE,
              root.at(),
              "",
              "expected figures are a list and got " + root.kind(),
              "Begin each figure with a dash");
    }
    return list;
  }

  private void readOne(Tree item, List<Expectation> list) {
    Fields fields = Fields.of(problems, item, "expected figure", KEYS);
    for (String key : KEYS) {
      if (!fields.has(key)) {
        problems.add(
            DiagnosticCode.MISSING,
            fields.at(),
            "",
            key + " is missing from this expected figure",
            "Add `" + key + ":`");
      }
    }
    List<Assembly> assemblies = assemblies(fields);
    Optional<Figure> figure = fields.scalar("figure").flatMap(this::figure);
    Optional<Tree.Scalar> value = fields.scalar("value");
    Optional<Tree.Scalar> tolerance = fields.scalar("tolerance");
    String path = fields.text("path", "");
    String source = fields.text("source", "");
    if (fields.has("source") && source.isBlank()) {
      problems.add(
          DiagnosticCode.MISSING,
          fields.at("source"),
          source,
          "the source says nothing",
          "Say where the value comes from");
    }
    if (figure.isEmpty() || value.isEmpty() || tolerance.isEmpty()) {
      return;
    }
    FigureUnit unit = figure.get().unit();
    OptionalDouble expected = unit.value(value.get().text());
    if (expected.isEmpty()) {
      refuse(value.get(), "value", figure.get());
      return;
    }
    OptionalDouble allowed = unit.tolerance(tolerance.get().text(), expected.getAsDouble());
    if (allowed.isEmpty()) {
      refuse(tolerance.get(), "tolerance", figure.get());
      return;
    }
    for (Assembly assembly : assemblies) {
      list.add(
          new Expectation(
              assembly,
              path,
              figure.get().name(),
              unit,
              expected.getAsDouble(),
              allowed.getAsDouble(),
              source));
    }
  }

  /// One name, or a list of names.
  private List<Assembly> assemblies(Fields fields) {
    List<Tree> names =
        switch (fields.find("assembly").orElse(new Tree.Sequence(fields.at(), List.of()))) {
          case Tree.Sequence sequence -> sequence.items();
          case Tree.Scalar scalar -> List.of(scalar);
          case Tree.Mapping mapping -> List.of(mapping);
        };
    List<Assembly> assemblies = new ArrayList<>();
    for (Tree name : names) {
      Fields.scalar(problems, name, "assembly")
          .flatMap(scalar -> Fields.choice(problems, scalar, "assembly", ASSEMBLIES))
          .ifPresent(assemblies::add);
    }
    return assemblies;
  }

  private Optional<Figure> figure(Tree.Scalar name) {
    Optional<Figure> figure = Figure.named(name.text());
    if (figure.isEmpty()) {
      problems.add(
          DiagnosticCode.UNKNOWN_FIGURE,
          name,
          "no figure is named " + quoted(name.text()),
          Texts.didYouMean(name.text(), Figure.names()));
    }
    return figure;
  }

  private void refuse(Tree.Scalar scalar, String what, Figure figure) {
    String form =
        switch (figure.unit()) {
          case FRACTION -> "value: 50%`, `tolerance: 1pp` (percentage points)";
          case DURATION -> "value: 204ms`, `tolerance: 2ms`";
          case COUNT -> "value: 20`, `tolerance: 0`";
        };
    problems.add(
        DiagnosticCode.TOLERANCE,
        scalar,
        what + " " + quoted(scalar.text()) + " does not fit figure " + figure.name(),
        "Write for example `" + form + " or `tolerance: 5% of value`");
  }
}
