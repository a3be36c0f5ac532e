package dev.stint.report.html;

import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;
import dev.stint.report.Results;
import dev.stint.report.Verdict;
import dev.stint.scenario.Wording;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// What the page says in words, readable without any script.
final class PageText {
  private final Results results;
  private final String command;

  PageText(Results results, String command) {
    this.results = results;
    this.command = command;
  }

  private String assemblies() {
    return results.runs().stream().map(RunResult::assembly).collect(Collectors.joining(", "));
  }

  String title() {
    return Html.escape(results.scenario().name() + " under " + assemblies() + " - Stint");
  }

  /// Heading, description and facts.
  String head() {
    Scenario scenario = results.scenario();
    StringBuilder out = new StringBuilder();
    out.append("<h1>").append(Html.escape(scenario.name())).append("</h1>\n");
    if (!scenario.description().isBlank()) {
      out.append("<p class=\"lead\">")
          .append(Html.escape(scenario.description().strip()))
          .append("</p>\n");
    }
    int lps = scenario.machine().lpCount();
    out.append("<p class=\"facts\">")
        .append(Html.escape(Wording.duration(scenario.durationNs())))
        .append(" simulated on ")
        .append(lps)
        .append(lps == 1 ? " LP" : " LPs")
        .append(" under ")
        .append(Html.escape(assemblies()))
        .append(".</p>");
    return out.toString();
  }

  /// The sentences of the verdict.
  String verdict() {
    StringBuilder out = new StringBuilder("<ul class=\"verdict\">\n");
    for (String sentence : Verdict.of(results).sentences()) {
      out.append("<li>").append(Html.escape(sentence)).append("</li>\n");
    }
    return out.append("</ul>").toString();
  }

  /// What is not public and so was assumed, with the value in each run.
  String assumed() {
    Map<String, Map<String, String>> values = new TreeMap<>();
    for (RunResult run : results.runs()) {
      run.assumed()
          .forEach((name, value) ->
              values.computeIfAbsent(name, _ -> new TreeMap<>()).put(run.assembly(), value));
    }
    StringBuilder out = new StringBuilder();
    out.append("<table class=\"plain\"><caption>Assumed, because it is not public</caption>\n");
    out.append("<thead><tr><th scope=\"col\">parameter</th><th scope=\"col\">meaning</th>");
    results
        .runs()
        .forEach(run ->
            out.append("<th scope=\"col\">").append(Html.escape(run.assembly())).append("</th>"));
    out.append("</tr></thead>\n<tbody>\n");
    values.forEach((name, byRun) -> {
      out.append("<tr><th scope=\"row\"><code>").append(Html.escape(name)).append("</code></th>");
      out.append("<td>").append(Html.escape(AssumedWords.of(name))).append("</td>");
      for (RunResult run : results.runs()) {
        String value = byRun.getOrDefault(run.assembly(), "-");
        out.append("<td>").append(Html.escape(value)).append("</td>");
      }
      out.append("</tr>\n");
    });
    return out.append("</tbody></table>").toString();
  }

  /// How to get this page again, and what to hold it against.
  String again() {
    StringBuilder out = new StringBuilder("<pre><code>");
    out.append(Html.escape(command)).append("</code></pre>\n<dl class=\"record\">\n");
    entry(out, "version", results.version());
    entry(out, "seed", Long.toString(results.scenario().seed()));
    entry(out, "digest", results.digest());
    for (RunResult run : results.runs()) {
      if (results.runs().size() > 1) {
        entry(out, "digest of " + run.assembly(), run.digest());
      }
      run.notes().forEach(note -> entry(out, "note of " + run.assembly(), note));
    }
    return out.append("</dl>").toString();
  }

  private static void entry(StringBuilder out, String name, String value) {
    out.append("<dt>").append(Html.escape(name)).append("</dt><dd>");
    out.append(Html.escape(value)).append("</dd>\n");
  }
}
