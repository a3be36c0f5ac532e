package dev.stint.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/// Reads a file's text: a bounded number of bytes, strict UTF-8, no control characters.
final class SourceText {
  /// The largest file accepted: 4 MiB.
  static final int BYTE_COUNT_MAX = 4 << 20;

  private SourceText() {}

  /// The text of a file; empty, with a problem recorded, if it has none.
  static Optional<String> read(Path path, Problems problems) {
    if (Files.isDirectory(path)) {
      return unreadable(problems, "is a directory", "Name the scenario.yaml in it");
    }
    // A device or a pipe could block for ever or never end.
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      return unreadable(problems, "is not a regular file", "Copy its text to a file");
    }
    byte[] bytes;
    try (InputStream in = Files.newInputStream(path)) {
      bytes = in.readNBytes(BYTE_COUNT_MAX + 1);
    } catch (NoSuchFileException _) {
      return unreadable(problems, "does not exist", "Check the path");
    } catch (IOException e) {
      return unreadable(
          problems, "cannot be read: " + e.getMessage(), "Check the path and its permissions");
    }
    if (bytes.length > BYTE_COUNT_MAX) {
      return tooLarge(problems);
    }
    return decode(bytes, problems);
  }

  /// The text as given, checked as a file's would be.
  static Optional<String> check(String text, Problems problems) {
    if (text.length() > BYTE_COUNT_MAX) {
      return tooLarge(problems);
    }
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    int line = 1;
    int column = 1;
    for (int i = 0; i < body.length(); ) {
      int c = body.codePointAt(i);
      if (!allowed(c)) {
        problems.add(
            DiagnosticCode.NOT_TEXT,
            new Position(line, column),
            "",
            String.format(Locale.ROOT, "character U+%04X is not allowed in YAML", c),
            "Remove it, or write it as an escape in a \"quoted\" value");
        return Optional.empty();
      }
      boolean breaks = c == '\n' || (c == '\r' && !body.startsWith("\n", i + 1));
      line += breaks ? 1 : 0;
      column = breaks ? 1 : column + 1;
      i += Character.charCount(c);
    }
    return Optional.of(body);
  }

  private static Optional<String> decode(byte[] bytes, Problems problems) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CoderResult result = decoder.decode(in, chars, true);
    String text = chars.flip().toString();
    if (result.isError()) {
      int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
      String lastLine = text.substring(text.lastIndexOf('\n') + 1);
      problems.add(
          DiagnosticCode.NOT_TEXT,
          new Position(line, 1 + lastLine.codePointCount(0, lastLine.length())),
          "",
          String.format(
              Locale.ROOT, "byte 0x%02x is not UTF-8", Byte.toUnsignedInt(bytes[in.position()])),
          "Save the file as UTF-8 text");
      return Optional.empty();
    }
    return check(text, problems);
  }

  /// The printable characters of YAML 1.2 (production c-printable).
  private static boolean allowed(int c) {
    return (c >= 0x20 && c <= 0x7E)
        || c == '\t'
        || c == '\n'
        || c == '\r'
        || c == 0x85
        || (c >= 0xA0 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF)
        || c >= 0x10000;
  }

  private static Optional<String> unreadable(Problems problems, String rule, String fix) {
    problems.add(DiagnosticCode.UNREADABLE, Position.FILE, "", rule, fix);
    return Optional.empty();
  }

  private static Optional<String> tooLarge(Problems problems) {
    problems.add(
        DiagnosticCode.TOO_LARGE,
        Position.FILE,
        "",
        "larger than 4 MiB, the most that is read",
        "Use `count` to repeat tasks, or split the scenario");
    return Optional.empty();
  }
}
