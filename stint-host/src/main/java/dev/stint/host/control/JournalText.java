package dev.stint.host.control;

import dev.stint.host.control.JournalRecord.Again;
import dev.stint.host.control.JournalRecord.Applied;
import dev.stint.host.control.JournalRecord.Begin;
import dev.stint.host.control.JournalRecord.Did;
import dev.stint.host.control.JournalRecord.Undone;
import dev.stint.host.control.JournalRecord.Will;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/// A line of the journal as text: a checksum, a word and its fields, separated by tabs; bytes that
/// would be in the way are written as `%0A`.
///
/// ```
/// 5f0c3a91  will  0  cpu  machine.slice/vm-gold  cpu.weight  (dev=1c,ino=4f)  100%0A  300  WRITE
/// ```
final class JournalText {
  private static final int HEX = 16;
  private static final int BYTE = 0xFF;

  private JournalText() {}

  /// The line of a record, with its end.
  static String line(JournalRecord entry) {
    List<String> fields =
        switch (entry) {
          case Begin(long started, String boot, String policy, String owns) ->
              List.of("begin", Long.toString(started), boot, policy, owns);
          case Will(
                  int step,
                  ControlFile file,
                  String identity,
                  String old,
                  String value,
                  var kind) ->
              List.of(
                  "will",
                  Integer.toString(step),
                  file.controller(),
                  file.group(),
                  file.name(),
                  identity,
                  old,
                  value,
                  kind.name());
          case Did(int step, String found) -> List.of("did", Integer.toString(step), found);
          case Applied() -> List.of("applied");
          case Again(int step, String found) -> List.of("again", Integer.toString(step), found);
          case Undone(int step) -> List.of("undone", Integer.toString(step));
        };
    String body = fields.stream().map(JournalText::escaped).collect(Collectors.joining("\t"));
    return checksum(body) + "\t" + body + "\n";
  }

  /// The record of a line without its end; empty if the line is damaged.
  static Optional<JournalRecord> parse(String line) {
    int tab = line.indexOf('\t');
    if (tab < 0 || !line.substring(0, tab).equals(checksum(line.substring(tab + 1)))) {
      return Optional.empty();
    }
    List<String> fields =
        Stream.of(line.substring(tab + 1).split("\t", -1)).map(JournalText::plain).toList();
    try {
      return record(fields);
    } catch (IllegalArgumentException | IndexOutOfBoundsException _) {
      return Optional.empty();
    }
  }

  private static Optional<JournalRecord> record(List<String> fields) {
    JournalRecord entry =
        switch (fields.getFirst()) {
          case "begin" ->
              new Begin(Long.parseLong(fields.get(1)), fields.get(2), fields.get(3), fields.get(4));
          case "will" ->
              new Will(
                  Integer.parseInt(fields.get(1)),
                  new ControlFile(fields.get(2), fields.get(3), fields.get(4)),
                  fields.get(5),
                  fields.get(6),
                  fields.get(7),
                  Change.Kind.valueOf(fields.get(8)));
          case "did" -> new Did(Integer.parseInt(fields.get(1)), fields.get(2));
          case "applied" -> new Applied();
          case "again" -> new Again(Integer.parseInt(fields.get(1)), fields.get(2));
          case "undone" -> new Undone(Integer.parseInt(fields.get(1)));
          default -> throw new IllegalArgumentException(fields.getFirst());
        };
    return Optional.of(entry);
  }

  private static String checksum(String body) {
    CRC32 crc = new CRC32();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  private static String escaped(String field) {
    StringBuilder text = new StringBuilder();
    for (byte each : field.getBytes(StandardCharsets.UTF_8)) {
      int value = each & BYTE;
      if (value <= ' ' || value >= 0x7F || value == '%') {
        text.append(String.format(Locale.ROOT, "%%%02X", value));
      } else {
        text.append((char) value);
      }
    }
    return text.toString();
  }

  private static String plain(String field) {
    byte[] bytes = new byte[field.length()];
    int count = 0;
    for (int i = 0; i < field.length(); i++) {
      if (field.charAt(i) == '%') {
        bytes[count++] = (byte) Integer.parseInt(field.substring(i + 1, i + 3), HEX);
        i += 2;
      } else {
        bytes[count++] = (byte) field.charAt(i);
      }
    }
    return new String(bytes, 0, count, StandardCharsets.UTF_8);
  }
}
