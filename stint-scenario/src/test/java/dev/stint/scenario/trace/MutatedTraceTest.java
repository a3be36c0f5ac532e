package dev.stint.scenario.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.scenario.recording.FtraceReader;
import dev.stint.scenario.recording.MalformedRecording;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Damaged and hostile traces: whatever is wrong, there is an account whose identity holds, or a
/// message with the place.
class MutatedTraceTest {
  private static final int MUTANTS = Integer.getInteger("mutants", 500);
  private static final Duration TIME_LIMIT = Duration.ofMillis(240L * MUTANTS);
  private static final int LONG_LINE = 10_000_000;

  private static List<byte[]> bases = List.of();

  @BeforeAll
  static void readBases() throws IOException {
    Path file =
        Path.of(System.getProperty("stint.root", ".."))
            .resolve("golden/traces/d3c0_quota50_2hog_r2.ftrace.txt.gz");
    String text;
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      text = new String(in.readNBytes(60_000), StandardCharsets.UTF_8);
    }
    bases =
        List.of(bytes(text), bytes(perf(text)), bytes(brief(text)), TextSource.gzip(bytes(text)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The same as `perf script` writes it.
  private static String perf(String ftrace) {
    return ftrace
        .replaceAll("(?m)^#.*\n", "")
        .replaceAll(
            "(?m)^ *(.+)-([0-9]+) +(\\[[0-9]+\\]) \\S+ +([0-9.]+): ", "$1 $2/$2 $3 $4000: sched:");
  }

  /// The same as `trace-cmd report` shortens it.
  private static String brief(String ftrace) {
    return ftrace
        .replaceAll(
            "prev_comm=(.+) prev_pid=(\\d+) prev_prio=(\\d+) prev_state=(\\S+)", "$1:$2 [$3] $4")
        .replaceAll("next_comm=(.+) next_pid=(\\d+) next_prio=(\\d+)", "$1:$2 [$3]")
        .replaceAll("comm=(.+) pid=(\\d+) prio=(\\d+) target_cpu=(\\d+)", "$1:$2 [$3] CPU:$4");
  }

  @Test
  void bases_inThreeFormats_giveOneAccount() throws Exception {
    String digest = new TextSource("ftrace", bases.get(0)).read().result().digest();
    ImportedTrace perf = new TextSource("perf", bases.get(1)).read();
    ImportedTrace brief = new TextSource("trace-cmd", bases.get(2)).read();
    assertThat(perf.format()).isEqualTo(TraceFormat.PERF);
    assertThat(brief.format()).isEqualTo(TraceFormat.TRACE_CMD);
    assertThat(perf.result().digest()).isEqualTo(digest);
    assertThat(brief.result().digest()).isEqualTo(digest);
    assertThat(new TextSource("gzip", bases.get(3)).read().result().digest()).isEqualTo(digest);
  }

  @Test
  void mutants_all_giveAnAccountOrAMessageWithThePlace() {
    int[] accounts = new int[1];
    Assertions.assertTimeoutPreemptively(
        TIME_LIMIT,
        () -> {
          for (int seed = 0; seed < MUTANTS; seed++) {
            accounts[0] += check(seed) ? 1 : 0;
          }
        });
    assertThat(accounts[0])
        .as("mutants that still gave an account")
        .isBetween(MUTANTS * 2 / 5, MUTANTS - 1);
  }

  private static boolean check(int seed) throws IOException {
    Random random = new Random(seed);
    byte[] mutant = mutate(bases.get(random.nextInt(bases.size())), seed, random);
    TextSource source = new TextSource("m" + seed, mutant);
    refuseOrRead(source);
    try {
      ImportedTrace trace = source.read();
      assertThat(trace.warnings()).allMatch(line -> line.matches("(?s)m\\d+:\\d+: .+\\. .+\\."));
      assertThat(trace.result().entities()).allMatch(entity -> entity.residualNs() == 0);
      assertThat(ReplayScenario.of(trace, source.name()).yaml()).isNotEmpty();
      return true;
    } catch (MalformedTrace e) {
      assertThat(e).hasMessageMatching("(?s)m\\d+(:\\d+)?: .+\\. .+\\.");
      return false;
    }
  }

  private static void refuseOrRead(TextSource source) throws IOException {
    try {
      FtraceReader.read(source.name(), new ByteArrayInputStream(source.bytes()));
    } catch (MalformedRecording e) {
      assertThat(e).hasMessageMatching("(?s)m\\d+(:\\d+)?: .+\\. .+\\.");
    }
  }

  private static byte[] mutate(byte[] base, int seed, Random random) {
    return switch (seed % 10) {
      case 0 -> Arrays.copyOf(base, random.nextInt(base.length));
      case 1, 2 -> flipped(base, random, 1 + random.nextInt(20));
      case 3 -> shuffled(base, random, Integer.MAX_VALUE);
      case 4, 5 -> shuffled(base, random, 1 + random.nextInt(10));
      case 6 -> thinned(base, random);
      case 7 -> seed % 50 == 7 ? longLine(base, random) : digits(base, random);
      case 8 -> encoded(base, random);
      default -> joined(base, bases.get(random.nextInt(bases.size())), random);
    };
  }

  private static byte[] flipped(byte[] base, Random random, int count) {
    byte[] bytes = base.clone();
    for (int i = 0; i < count; i++) {
      bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static List<String> lines(byte[] bytes) {
    return new ArrayList<>(
        List.of(new String(bytes, StandardCharsets.ISO_8859_1).split("(?<=\n)", -1)));
  }

  private static byte[] joined(List<String> lines) {
    return String.join("", lines).getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] shuffled(byte[] base, Random random, int swaps) {
    List<String> lines = lines(base);
    if (swaps == Integer.MAX_VALUE) {
      Collections.shuffle(lines, random);
    } else {
      for (int i = 0; i < swaps; i++) {
        Collections.swap(lines, random.nextInt(lines.size()), random.nextInt(lines.size()));
      }
    }
    return joined(lines);
  }

  private static byte[] thinned(byte[] base, Random random) {
    List<String> lines = lines(base);
    lines.removeIf(_ -> random.nextInt(20) == 0);
    lines.add(lines.size() / 2, "CPU:" + random.nextInt(3) + " [LOST 9 EVENTS]\n");
    return joined(lines);
  }

  private static byte[] longLine(byte[] base, Random random) {
    List<String> lines = lines(base);
    String fill = random.nextBoolean() ? "x" : " a-1 [000] d..2. 1.5: sched_switch: ";
    lines.add(random.nextInt(lines.size()), fill.repeat(LONG_LINE / fill.length()) + "\n");
    return joined(lines);
  }

  private static byte[] digits(byte[] base, Random random) {
    byte[] bytes = base.clone();
    for (int i = 0; i < 30; i++) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          bytes[at] >= '0' && bytes[at] <= '9' ? (byte) ('0' + random.nextInt(10)) : bytes[at];
    }
    return bytes;
  }

  private static byte[] encoded(byte[] base, Random random) {
    String text = new String(base, StandardCharsets.ISO_8859_1);
    return switch (random.nextInt(4)) {
      case 0 -> text.getBytes(StandardCharsets.UTF_16);
      case 1 -> text.getBytes(StandardCharsets.UTF_16LE);
      case 2 -> text.replace("q0", "q\u00e4\u0000\u001b[31m").getBytes(StandardCharsets.ISO_8859_1);
      default -> text.replace('\n', '\r').getBytes(StandardCharsets.ISO_8859_1);
    };
  }

  private static byte[] joined(byte[] first, byte[] second, Random random) {
    int cut = random.nextInt(first.length);
    byte[] bytes = Arrays.copyOf(first, cut + second.length);
    System.arraycopy(second, 0, bytes, cut, second.length);
    return bytes;
  }
}
