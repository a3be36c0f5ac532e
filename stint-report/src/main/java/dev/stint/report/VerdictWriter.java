package dev.stint.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Gathers findings, and the sentences among them that are worth saying aloud.
final class VerdictWriter {
  private final List<String> sentences = new ArrayList<>();
  private final List<Finding> findings = new ArrayList<>();

  /// The figures behind a finding.
  static final class Figures {
    private final Map<String, Double> numbers = new TreeMap<>();

    Figures with(String name, double value) {
      numbers.put(name, value);
      return this;
    }
  }

  /// A finding about one entity under one assembly.
  void find(String code, String entity, String assembly, String text, Figures figures) {
    findings.add(
        new Finding(code, Optional.of(entity), Optional.of(assembly), text, figures.numbers));
  }

  /// A finding about one entity under several assemblies.
  void findAcross(String code, String entity, String text, Figures figures) {
    findings.add(new Finding(code, Optional.of(entity), Optional.empty(), text, figures.numbers));
  }

  /// A finding about one assembly.
  void findUnder(String code, String assembly, String text, Figures figures) {
    findings.add(new Finding(code, Optional.empty(), Optional.of(assembly), text, figures.numbers));
  }

  /// A finding about the whole.
  void find(String code, String text, Figures figures) {
    findings.add(new Finding(code, Optional.empty(), Optional.empty(), text, figures.numbers));
  }

  /// A paragraph of the verdict.
  void say(String sentence) {
    sentences.add(sentence);
  }

  Verdict verdict() {
    return new Verdict(sentences, findings);
  }
}
