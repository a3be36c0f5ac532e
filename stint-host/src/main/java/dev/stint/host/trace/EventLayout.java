package dev.stint.host.trace;

import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the fields of an event are in its record, as its `format` file says.
///
/// @param id that records of it begin with
/// @param offsets of its fields of four bytes, by name
record EventLayout(int id, Map<String, Integer> offsets) {
  private static final Pattern ID = Pattern.compile("(?m)^ID: (\\d{1,6})$");
  private static final Pattern FIELD =
      Pattern.compile("field:[^;\\n]*?([A-Za-z_0-9]+);\\s*offset:(\\d{1,4});\\s*size:4;");

  /// Reads the format of an event.
  static EventLayout read(HostFiles files, String tracefs, String event) throws IOException {
    String path = tracefs + "/events/sched/" + event + "/format";
    return switch (files.read(path)) {
      case Text.Unreadable(String reason) -> throw new IOException(reason);
      case Text.Read(String text) -> parse(path, text);
    };
  }

  private static EventLayout parse(String path, String text) throws IOException {
    Matcher id = ID.matcher(text);
    if (!id.find()) {
      throw new IOException("/" + path + " is not what was expected");
    }
    Map<String, Integer> offsets = new TreeMap<>();
    Matcher field = FIELD.matcher(text);
    while (field.find()) {
      offsets.put(field.group(1), Integer.parseInt(field.group(2)));
    }
    return new EventLayout(Integer.parseInt(id.group(1)), offsets);
  }

  /// Where a field is.
  int offset(String field) throws IOException {
    Integer offset = offsets.get(field);
    if (offset == null) {
      throw new IOException("this kernel's event " + id + " has no " + field);
    }
    return offset;
  }
}
