package dev.stint.report.html;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The fixed parts of the page: its frame, styles and scripts, and the chart library.
final class PageResources {
  /// In the order in which they use one another.
  private static final List<String> SCRIPTS =
      List.of(
          "dom",
          "words",
          "bins",
          "columns",
          "track",
          "model",
          "selection",
          "bars",
          "shares",
          "blame",
          "latency",
          "theft",
          "view",
          "refine",
          "rows",
          "painter",
          "hover",
          "timeline",
          "waits",
          "page");

  /// Where the WebJar of the version in the POM has its files.
  private static final String PLOT = "/META-INF/resources/webjars/uplot/1.6.30/";

  private PageResources() {}

  /// Our scripts as one, which shares nothing with the chart library but its name.
  static String script() {
    String all = SCRIPTS.stream().map(name -> read(name + ".js")).collect(Collectors.joining("\n"));
    return "\n(() => {\n\"use strict\";\n" + all + "})();\n";
  }

  static String plotScript() {
    return read(PLOT + "dist/uPlot.iife.min.js");
  }

  static String plotLicence() {
    return read(PLOT + "LICENSE");
  }

  static String style() {
    return read(PLOT + "dist/uPlot.min.css") + read("page.css");
  }

  /// Nothing may be loaded, and only these scripts and styles may act.
  static String policy(List<String> scripts, List<String> styles) {
    return "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'; script-src "
        + hashes(scripts)
        + "; style-src "
        + hashes(styles);
  }

  private static String hashes(List<String> texts) {
    return texts.stream()
        .map(text -> "'sha256-" + Base64.getEncoder().encodeToString(sha256(text)) + "'")
        .collect(Collectors.joining(" "));
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// The page with its `{{name}}` replaced by these parts, which are not looked into.
  static String fill(Map<String, String> parts) {
    String frame = read("page.html");
    StringBuilder page = new StringBuilder();
    int at = 0;
    for (int open = frame.indexOf("{{"); open >= 0; open = frame.indexOf("{{", at)) {
      int close = frame.indexOf("}}", open);
      String name = frame.substring(open + 2, close);
      String part = parts.get(name);
      if (part == null) {
        throw new IllegalStateException("page.html asks for an unknown part: " + name);
      }
      page.append(frame, at, open).append(part);
      at = close + 2;
    }
    return page.append(frame.substring(at)).toString();
  }

  private static String read(String name) {
    try (InputStream in = PageResources.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
