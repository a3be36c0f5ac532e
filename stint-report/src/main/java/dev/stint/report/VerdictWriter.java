package dev.stint.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Gathers findings, and the sentences among them that are worth saying aloud.
final class VerdictWriter {
  private final List<Sentence> sentences = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /// The figures behind a finding.
  static final class Figures {
    private final Map<String, Double> numbers = new TreeMap<>();

    Figures with(String name, double value) {
      numbers.put(name, value);
      return this;
    }

    Map<String, Double> numbers() {
      return numbers;
    }
  }

  /// A finding about one entity under one assembly.
  Finding find(String code, String entity, String assembly, String text, Figures figures) {
    return add(
        new Finding(code, Optional.of(entity), Optional.of(assembly), text, figures.numbers));
  }

  /// A finding about one entity under several assemblies.
  Finding findAcross(String code, String entity, String text, Figures figures) {
    return add(new Finding(code, Optional.of(entity), Optional.empty(), text, figures.numbers));
  }

  /// A finding about the whole.
  Finding find(String code, String text, Figures figures) {
    return add(new Finding(code, Optional.empty(), Optional.empty(), text, figures.numbers));
  }

  private Finding add(Finding finding) {
    findings.add(finding);
    return finding;
  }

  /// A paragraph of the verdict, which asserts what these findings do.
  void say(String text, List<Finding> basis) {
    sentences.add(new Sentence(text, basis.stream().map(Claim::of).toList()));
  }

  /// A paragraph of the verdict.
  void say(Sentence sentence) {
    sentences.add(sentence);
  }

  /// The first finding of one of these codes about an entity under an assembly, if there is one.
  Optional<Finding> found(String entity, String assembly, List<String> codes) {
    return findings.stream()
        .filter(f -> codes.contains(f.code()))
        .filter(f -> f.entity().equals(Optional.of(entity)))
        .filter(f -> f.assembly().equals(Optional.of(assembly)))
        .findFirst();
  }

  Verdict verdict() {
    return new Verdict(sentences, findings);
  }
}
