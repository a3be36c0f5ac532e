package dev.stint.report.perfetto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import dev.stint.model.trace.TraceKind;
import dev.stint.report.perfetto.TrackTree.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TapeTest {
  private static final TraceKind[] KINDS = TraceKind.values();
  private static final Counter[] COUNTERS = Counter.values();

  /// Everything that is recorded or read, as text.
  private static class Log implements Tape.Reader {
    final List<String> lines = new ArrayList<>();

    @Override
    public void registered(String path) {
      lines.add(path);
    }

    @Override
    public void event(long timeNs, TraceKind kind, int a, int b, int c, int d) {
      lines.add(timeNs + " " + kind + " " + a + " " + b + " " + c + " " + d);
    }

    @Override
    public void begins(int entity, long status) {
      lines.add("begins " + entity + " " + status);
    }

    @Override
    public void reading(int entity, Counter counter, long value) {
      lines.add("reading " + entity + " " + counter + " " + value);
    }
  }

  private static final class Broken extends Log {
    @Override
    public void begins(int entity, long status) {
      throw new IllegalArgumentException("no such status");
    }
  }

  private static Entities entities() {
    Entities entities = new Entities();
    entities.add(EntityKind.LP, "lp0", Entities.NONE);
    return entities;
  }

  @Test
  void records_ofAnyValue_areReadInOrder() {
    Random numbers = new Random(1);
    Log expected = new Log();
    Log read = new Log();
    Tape tape = new Tape(entities(), read, WorkQueue.NONE);
    for (int i = 0; i < 300_000; i++) {
      int id = numbers.nextInt();
      long value = numbers.nextLong() >> numbers.nextInt(64);
      switch (numbers.nextInt(3)) {
        case 0 -> {
          TraceKind kind = KINDS[numbers.nextInt(KINDS.length)];
          int[] rest = {numbers.nextInt(), numbers.nextInt(9) - 1, numbers.nextInt()};
          tape.event(value, kind, id, rest[0], rest[1], rest[2]);
          expected.event(value, kind, id, rest[0], rest[1], rest[2]);
        }
        case 1 -> {
          tape.begins(id, value, i);
          expected.begins(id, value);
        }
        default -> {
          Counter counter = COUNTERS[numbers.nextInt(COUNTERS.length)];
          tape.reading(id, counter, value);
          expected.reading(id, counter, value);
        }
      }
    }
    tape.end();
    assertThat(read.lines).isEqualTo(expected.lines);
  }

  @Test
  void entity_registeredLate_isToldBeforeItIsNamed() {
    Entities entities = entities();
    Log read = new Log();
    Tape tape = new Tape(entities, read, WorkQueue.NONE);
    int rule = entities.add(EntityKind.RULE, "quota:gold", Entities.NONE);
    tape.begins(0, rule, 5);
    tape.end();
    assertThat(read.lines).containsExactly("quota:gold", "begins 0 1");
  }

  @Test
  void failureOfTheReader_isThrownOnTheThreadOfTheRun() {
    Tape ended = new Tape(entities(), new Broken(), WorkQueue.NONE);
    ended.begins(0, 0, 0);
    assertThatThrownBy(ended::end).hasRootCauseMessage("no such status");

    Tape running = new Tape(entities(), new Broken(), WorkQueue.NONE);
    assertThatThrownBy(
            () -> {
              while (true) {
                running.begins(0, 0, 0);
              }
            })
        .hasRootCauseMessage("no such status");
    running.stop();
  }

  @Test
  void stop_ofARunThatFailed_endsTheQueueOnce() {
    int[] ends = new int[1];
    WorkQueue queue =
        new WorkQueue() {
          @Override
          public void give(Runnable work) {
            work.run();
          }

          @Override
          public void end() {
            ends[0]++;
          }
        };
    Tape tape = new Tape(entities(), new Broken(), queue);
    tape.begins(0, 0, 0);
    tape.stop();
    tape.stop();
    assertThat(ends[0]).isEqualTo(1);
  }
}
