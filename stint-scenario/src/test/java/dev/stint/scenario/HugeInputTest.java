package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever the text, reading it takes bounded time and memory. Both are measured for this thread
/// alone, so that a busy machine does not matter.
final class HugeInputTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final long CPU_MAX_NS = 2_000_000_000L;
  private static final long ALLOCATED_MAX = 1L << 30;
  private static final int ALMOST_4_MIB = (4 << 20) - 100;

  static Map<String, Supplier<String>> texts() {
    Map<String, Supplier<String>> texts = new LinkedHashMap<>();
    texts.put("brackets", () -> "[".repeat(ALMOST_4_MIB));
    texts.put("braces", () -> "{a: ".repeat(ALMOST_4_MIB / 4));
    texts.put("dashes", () -> "- ".repeat(ALMOST_4_MIB / 2));
    texts.put("questions", () -> "? ".repeat(ALMOST_4_MIB / 2));
    texts.put("wide list", () -> "a: [" + "1,".repeat(ALMOST_4_MIB / 2 - 10) + "1]");
    texts.put("nested lists", () -> "a: [" + "[],".repeat(ALMOST_4_MIB / 3 - 10) + "1]");
    texts.put("many keys", () -> numbered("k%d: 1%n", 300_000));
    texts.put("many bad partitions", () -> "partitions:\n" + numbered(" p%d: {vp: 1}%n", 80_000));
    texts.put(
        "many groups", () -> "partitions: {v: {groups: {" + numbered("g%d: ,%n", 200_000) + "}}}");
    texts.put("one comment", () -> "#" + "c".repeat(ALMOST_4_MIB));
    texts.put("many comments", () -> "#\n".repeat(ALMOST_4_MIB / 2));
    texts.put("one scalar", () -> "description: " + "x".repeat(ALMOST_4_MIB));
    texts.put("long name", () -> "partitions: {\"" + "x".repeat(ALMOST_4_MIB) + "\": {}}");
    texts.put("many words", () -> "a ".repeat(ALMOST_4_MIB / 2) + ":");
    texts.put("many lines", () -> "description: \"" + "x\n ".repeat(ALMOST_4_MIB / 3 - 10) + "\"");
    texts.put("block scalar", () -> "description: |\n" + " x\n".repeat(ALMOST_4_MIB / 3 - 10));
    texts.put("escapes", () -> "description: \"" + "\\\\".repeat(ALMOST_4_MIB / 2 - 10) + "\"");
    texts.put("tags", () -> "!".repeat(ALMOST_4_MIB));
    texts.put("anchors", () -> "[" + numbered("&a%d x,", 300_000) + "]");
    texts.put("aliases", () -> "[&a x," + "*a,".repeat(ALMOST_4_MIB / 3 - 10) + "]");
    texts.put("digits", () -> "seed: " + "9".repeat(ALMOST_4_MIB));
    texts.put("cpu list", () -> "partitions: {v: {lps: \"" + "0,".repeat(2_000_000) + "0\"}}");
    texts.put(
        "quota", () -> "partitions: {v: {groups: {g: {cpu.max: " + "1 ".repeat(2_000_000) + "}}}}");
    texts.put("spaces", () -> " ".repeat(ALMOST_4_MIB) + "x");
    texts.put("line breaks", () -> "\n".repeat(ALMOST_4_MIB) + "x");
    texts.put("merges", HugeInputTest::merges);
    texts.put("vps", () -> "partitions:\n" + numbered(" p%d: {vps: 256}%n", 100_000));
    texts.put("tasks", () -> "partitions: {v: {tasks: {t: {count: 200000, busy: }}}}");
    return texts;
  }

  @ParameterizedTest
  @MethodSource("names")
  void hugeText_isRead_inBoundedTimeAndMemory(String name) {
    String text = texts().get(name).get();
    ScenarioReader.read("partitions: {vm: {tasks: {t: {busy: {}}}}}", "warm-up");
    long cpuBefore = THREADS.getCurrentThreadCpuTime();
    long allocatedBefore = THREADS.getCurrentThreadAllocatedBytes();

    ReadResult result = ScenarioReader.read(text, "s.yaml");

    long allocated = THREADS.getCurrentThreadAllocatedBytes() - allocatedBefore;
    long cpuNs = THREADS.getCurrentThreadCpuTime() - cpuBefore;
    assertThat(cpuNs).as("CPU time in ns").isLessThan(CPU_MAX_NS);
    assertThat(allocated).as("bytes allocated").isLessThan(ALLOCATED_MAX);
    if (result instanceof ReadResult.Refused(var errors)) {
      assertThat(errors).isNotEmpty();
      assertThat(errors)
          .allSatisfy(
              error -> assertThat(error.render()).hasSizeLessThan(500).doesNotContain("\n"));
    }
  }

  static Set<String> names() {
    return texts().keySet();
  }

  @Test
  void largerFile_isRefused_unread(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("big.yaml");
    Files.writeString(file, "#".repeat((4 << 20) + 1));

    assertThat(MalformedCorpus.errors(file))
        .extracting(Diagnostic::code)
        .containsExactly(DiagnosticCode.TOO_LARGE);
  }

  @Test
  void manyVpsAndTasks_areRefused_once() {
    String text =
        "partitions:\n" + numbered(" p%d: {vps: 256, tasks: {t: {count: 3000, busy: {}}}}%n", 100);

    assertThat(ScenarioReader.read(text, "s.yaml"))
        .isInstanceOfSatisfying(
            ReadResult.Refused.class,
            refused ->
                assertThat(refused.errors())
                    .extracting(Diagnostic::code)
                    .containsExactly(DiagnosticCode.TOO_MUCH, DiagnosticCode.TOO_MUCH));
  }

  private static String numbered(String format, int count) {
    StringBuilder text = new StringBuilder();
    IntStream.range(0, count).forEach(i -> text.append(String.format(format, i)));
    return text.toString();
  }

  /// Each use of the anchor costs as much as what it stands for.
  private static String merges() {
    return "a: &a {" + numbered("k%d: 1, ", 1_000) + "}\n" + numbered("b%d: {<<: *a}%n", 100_000);
  }
}
