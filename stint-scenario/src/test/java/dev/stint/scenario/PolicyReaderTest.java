package dev.stint.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.stint.scenario.Policy.Knob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PolicyReaderTest {
  private static final String WHOLE =
      """
      owns: machine.slice
      cgroups:
        gold/web: {cpu.weight: 300, cpu.max: 50000 100000, cpu.max.burst: 5ms, cpuset.cpus: "3,0-1"}
        idle: {cpu.idle: 1, cpu.max: max}
      vms: {web: {cpu.weight: 200}}
      pods: {"shop/cart-0": {cpu.max: 1.5ms 10ms}}
      processes: {postgres: {cpuset.cpus: 2}}
      guard: {steal: 10%, psi: 2.5%, p99: 5ms, for: 20s}
      """;

  private static List<String> errors(String text) {
    return switch (PolicyReader.read(text, "p.yaml")) {
      case PolicyResult.Loaded _ -> List.of();
      case PolicyResult.Refused(List<Diagnostic> errors) ->
          errors.stream().map(Diagnostic::render).toList();
    };
  }

  private static Policy policy(String text) {
    return ((PolicyResult.Loaded) PolicyReader.read(text, "p.yaml")).policy();
  }

  @Test
  void wholePolicy_isRead_inTheKernelsWords() {
    Policy policy = policy(WHOLE);
    assertThat(policy.owns()).isEqualTo("machine.slice");
    Policy.Entry web = policy.entries().getFirst();
    assertThat(web.settings())
        .containsEntry(Knob.WEIGHT, "300")
        .containsEntry(Knob.MAX, "50000 100000")
        .containsEntry(Knob.BURST, "5000")
        .containsEntry(Knob.CPUS, "0-1,3");
    assertThat(web.place()).isEqualTo("p.yaml:3:3");
    assertThat(policy.entries().get(1).settings()).containsEntry(Knob.MAX, "max 100000");
    assertThat(policy.entries().get(3).settings()).containsEntry(Knob.MAX, "1500 10000");
    assertThat(policy.entries().stream().map(Policy.Entry::kind))
        .containsExactly(
            Policy.Kind.CGROUP,
            Policy.Kind.CGROUP,
            Policy.Kind.VM,
            Policy.Kind.POD,
            Policy.Kind.PROCESS);
    assertThat(policy.guard().orElseThrow().forNs()).isEqualTo(20_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      value = {
        "cgroups: {a: {cpu.weight: 1}} # p.yaml:1:1: the policy does not say what it owns",
        "owns: m # p.yaml:1:1: the policy sets nothing",
        "{owns: m, cgroups: {a: {}}} # p.yaml:1:21: cgroup \"a\" sets no knob",
        "{owns: m, cgroups: {a: {cpu.weigth: 1}}} # Did you mean \"cpu.weight\"?",
        "{owns: m, cgroups: {a: {cpu.weight: 0}}} # outside 1 to 10000",
        "{owns: m, cgroups: {a: {cpu.max: 500}}} # is below 1ms",
        "{owns: m, cgroups: {a: {cpu.max: 50ms, cpu.max.burst: 60ms}}} # above the quota",
        "{owns: m, cgroups: {a: {cpu.max.burst: 60ms}}} # without the cpu.max",
        "{owns: m, cgroups: {a: {cpuset.cpus: 3-1}}} # is a CPU list",
        "{owns: m, cgroups: {a: {cpu.idle: 1, cpu.weight: 2}}} # refuses a weight",
        "{owns: m, cgroups: {a: {cpu.idle: 2}}} # outside 0 to 1",
        "{owns: m, vms: {a/b: {cpu.weight: 2}}} # VM name",
        "{owns: m, cgroups: {a: {cpu.weight: 2}}, guard: {}} # the guard guards nothing",
        "{owns: m, cgroups: {a: {cpu.weight: 2}}, guard: {steal: 101%}} # is 0% to 100%",
        "{owns: /m, cgroups: {a: {cpu.weight: 2}}} # p.yaml:1:8: owns \"/m\" is absolute",
        "'' # the file says nothing. Write at least `owns:`",
      })
  void mistake_isToldWithItsPlace(String text, String message) {
    assertThat(errors(text.strip().replaceAll("^''$", "")))
        .singleElement()
        .asString()
        .contains(message.strip());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        ".",
        "/",
        "/etc",
        "a/..",
        "../a",
        "a/../../b",
        "a//b",
        "a/",
        "/a",
        "./a",
        "a/./b",
        "a\\u0000b",
        "a\\nb",
        "a/\\u007f",
        "a\\u2028b"
      })
  void path_thatLeavesItsPlace_isRefused(String path) {
    String owns = "{owns: \"" + path + "\", cgroups: {a: {cpu.weight: 1}}}";
    String entry = "{owns: m, cgroups: {\"" + path + "\": {cpu.weight: 1}}}";
    assertThat(errors(owns)).singleElement().asString().endsWith("[S060]");
    assertThat(errors(entry)).singleElement().asString().endsWith("[S060]");
  }

  /// Whatever path is accepted, resolving it stays below where it starts.
  @Test
  void path_thatIsAccepted_staysBelow() {
    Random random = new Random(1);
    String[] parts = {"..", ".", "", "a", "...", "..a", "a..", " ", "b", "/", "~", "-", "*"};
    int accepted = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder path = new StringBuilder();
      int count = random.nextInt(6);
      for (int j = 0; j < count; j++) {
        path.append(parts[random.nextInt(parts.length)]).append(random.nextBoolean() ? "/" : "");
      }
      String text = path.toString();
      if (PolicyReader.pathFault(text).isEmpty()) {
        accepted++;
        Path below = Path.of("/root/owned");
        Path resolved = below.resolve(text).normalize();
        assertThat(resolved.startsWith(below) && !resolved.equals(below)).as(text).isTrue();
        assertThat(resolved).as(text).isEqualTo(below.resolve(text));
      }
    }
    assertThat(accepted).isGreaterThan(1_000);
  }

  /// No text makes the reader throw, and none of those damaged is read as leaving its place.
  @Test
  void damagedText_isRefusedOrHarmless() {
    Random random = new Random(2);
    String alphabet = "./{}[]:,\"' \n-*&!%|>#0aé\u0000";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(WHOLE);
      for (int j = 0; j <= random.nextInt(4); j++) {
        int at = random.nextInt(text.length());
        char drawn = alphabet.charAt(random.nextInt(alphabet.length()));
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, drawn);
          case 1 -> text.insert(at, drawn);
          default -> text.deleteCharAt(at);
        }
      }
      if (PolicyReader.read(text.toString(), "p.yaml")
          instanceof PolicyResult.Loaded(var read, var _)) {
        assertThat(PolicyReader.pathFault(read.owns())).isEmpty();
        for (Policy.Entry entry : read.entries()) {
          assertThat(entry.name()).doesNotContain("\0", "\n").isNotEqualTo("..");
          assertThat(
                  entry.kind() != Policy.Kind.CGROUP
                      || PolicyReader.pathFault(entry.name()).isEmpty())
              .isTrue();
        }
      }
    }
  }

  @Test
  void publishedSchema_acceptsTheWholePolicy_andRefusesMistakes() throws IOException {
    Schema schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(Files.readString(GoldenFile.root().resolve("docs/policy.schema.json")));
    assertThat(ScenarioSchemaTest.validate(schema, WHOLE).orElseThrow()).isEmpty();
    for (String wrong :
        List.of(
            "cgroups: {a: {cpu.weight: 1}}",
            "owns: m",
            "{owns: /m, cgroups: {a: {cpu.weight: 1}}}",
            "{owns: m, cgroups: {a: {cpu.weight: 0}}}",
            "{owns: m, cgroups: {a: {}}}",
            "{owns: m, cgroups: {a/../b: {cpu.weight: 1}}}",
            "{owns: m, cgroups: {a: {cpu.weight: 1}}, guard: {steal: much}}")) {
      assertThat(ScenarioSchemaTest.validate(schema, wrong).orElseThrow()).as(wrong).isNotEmpty();
      assertThat(errors(wrong)).as(wrong).isNotEmpty();
    }
  }
}
