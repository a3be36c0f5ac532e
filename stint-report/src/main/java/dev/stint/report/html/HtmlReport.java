package dev.stint.report.html;

import dev.stint.report.Cast;
import dev.stint.report.Results;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Writes a run or a comparison as one HTML file that needs nothing else: no network, no other
/// file, no server.
///
/// The same results always give the same page, on one version of the JDK: the slices are deflated,
/// and the bytes of that are the library's choice.
public final class HtmlReport {
  /// How many slices a page keeps unless told otherwise, all runs together.
  public static final long SLICES_MAX = 2_000_000;

  private HtmlReport() {}

  /// Writes the page in UTF-8; leaves `out` open.
  ///
  /// @param recorders one per run, in order
  public static void write(
      Results results, Commands commands, List<RunRecorder> recorders, OutputStream out) {
    if (recorders.size() != results.runs().size()) {
      throw new IllegalArgumentException(
          recorders.size() + " recorders for " + results.runs().size() + " runs");
    }
    Cast cast = new Cast(results);
    IntStream.range(0, recorders.size())
        .forEach(run -> recorders.get(run).finish(results.runs().get(run).durationNs()));
    PageText text = new PageText(results, commands.again());
    String script = PageResources.script();
    String plot = PageResources.plotScript();
    String style = PageResources.style();
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("policy", PageResources.policy(List.of(plot, script), List.of(style)));
    parts.put("title", text.title());
    parts.put("style", style);
    parts.put("head", text.head());
    parts.put("verdict", text.verdict());
    parts.put("assumed", text.assumed());
    parts.put("again", text.again());
    parts.put("data", new PageData(results, cast, recorders, commands.explain()).json());
    parts.put("slices", slices(recorders));
    parts.put("plot", plot);
    parts.put("script", script);
    parts.put("licence", Html.escape(PageResources.plotLicence()));
    try {
      out.write(PageResources.fill(parts).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String slices(List<RunRecorder> recorders) {
    StringBuilder blocks = new StringBuilder();
    for (int run = 0; run < recorders.size(); run++) {
      blocks
          .append("<script type=\"application/octet-stream\" id=\"slices-")
          .append(run)
          .append("\">")
          .append(PageSlices.base64(recorders.get(run)))
          .append("</script>\n");
    }
    return blocks.toString();
  }
}
