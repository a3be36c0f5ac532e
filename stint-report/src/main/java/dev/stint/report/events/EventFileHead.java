package dev.stint.report.events;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.Entities.Entity;
import dev.stint.model.trace.EntityKind;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.CRC32C;

/// The head of an event file: lists of names, which run, who takes part, which thread stands for
/// which VP.
///
/// @param meanings what each number in the file means today
record EventFileHead(Meanings meanings, RecordedRun run) {
  /// What the numbers of a file mean here, by list of [EventFormat#NAMES].
  record Meanings(List<int[]> lists) {
    int kind(int number) {
      return of(0, number);
    }

    int state(int number) {
      return of(1, number);
    }

    int cost(int number) {
      return of(2, number);
    }

    int metric(int number) {
      return of(3, number);
    }

    private int entityKind(int number) {
      return of(4, number);
    }

    private int of(int list, int number) {
      int[] known = lists.get(list);
      return number >= 0 && number < known.length ? known[number] : -1;
    }
  }

  /// The first bytes of the file, checksum included.
  static byte[] bytes(RecordedRun run) {
    Entities entities = run.entities();
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (List<String> names : EventFormat.NAMES) {
      number(head, names.size());
      names.forEach(name -> text(head, name));
    }
    RunLabel label = run.label();
    text(head, label.stint());
    text(head, label.scenario());
    text(head, label.assembly());
    number(head, label.seed());
    number(head, label.durationNs());
    number(head, entities.count());
    entities.all().forEach(entity -> head.writeBytes(entity(entity)));
    number(head, run.threadOfVp().size());
    run.threadOfVp()
        .forEach((vp, thread) -> {
          number(head, vp);
          number(head, thread);
        });
    byte[] content = head.toByteArray();
    byte[] file = new byte[EventFormat.PREFIX_BYTES + content.length + EventFormat.CRC_BYTES];
    EventFormat.LONG.set(file, 0, EventFormat.MAGIC);
    EventFormat.INT.set(file, 8, EventFormat.VERSION);
    EventFormat.INT.set(file, 12, content.length);
    System.arraycopy(content, 0, file, EventFormat.PREFIX_BYTES, content.length);
    int length = EventFormat.PREFIX_BYTES + content.length;
    CRC32C crc = new CRC32C();
    crc.update(file, 0, length);
    EventFormat.INT.set(file, length, (int) crc.getValue());
    return file;
  }

  /// One entity: kind, parent, group, path.
  static byte[] entity(Entity entity) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    number(bytes, entity.kind().ordinal());
    number(bytes, (long) entity.parent() + 1);
    number(bytes, (long) entity.group() + 1);
    text(bytes, entity.path());
    return bytes.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void number(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /// Reads what [#bytes] wrote between its length and its checksum.
  static EventFileHead read(EventBytes in) {
    List<int[]> lists = new ArrayList<>();
    for (List<String> known : EventFormat.NAMES) {
      int[] meanings = new int[in.count("names")];
      for (int i = 0; i < meanings.length; i++) {
        meanings[i] = known.indexOf(in.text());
      }
      lists.add(meanings);
    }
    Meanings meanings = new Meanings(lists);
    RunLabel label = new RunLabel(in.text(), in.text(), in.text(), in.number(), in.number());
    Entities entities = new Entities();
    int count = in.count("entities");
    for (int i = 0; i < count; i++) {
      readEntity(in, meanings, entities);
    }
    Map<Integer, Integer> threadOfVp = new TreeMap<>();
    int pairs = in.count("vCPU threads");
    for (int i = 0; i < pairs; i++) {
      int vp = in.id(entities, EntityKind.VP);
      threadOfVp.put(vp, in.id(entities, EntityKind.THREAD));
    }
    if (new TreeSet<>(threadOfVp.values()).size() < threadOfVp.size()) {
      throw in.fault("a vCPU thread stands for two VPs");
    }
    return new EventFileHead(meanings, new RecordedRun(label, entities, threadOfVp));
  }

  /// Reads an entity and registers it.
  static void readEntity(EventBytes in, Meanings meanings, Entities entities) {
    int kind = meanings.entityKind(in.count("kinds"));
    if (kind < 0) {
      throw in.fault("an entity is of a kind that this version of Stint does not know");
    }
    int parent = in.entity(entities.count());
    int group = in.entity(entities.count());
    String path = in.text();
    if (entities.find(path) != Entities.NONE) {
      throw in.fault("the entity \"" + path + "\" is there twice");
    }
    entities.add(EntityKind.values()[kind], path, parent, group);
  }
}
