package dev.stint.report.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CannotAssemble;
import dev.stint.model.stack.Experiment;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.EntityKind;
import dev.stint.report.Style;
import dev.stint.scenario.ReadResult;
import dev.stint.scenario.ScenarioReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExplainerTest {
  private static final String DURATION = "duration: 150ms";
  private static final String TWO_GROUPS =
      """
      name: two-groups
      duration: 100ms
      machine: {cores: 1}
      under: [root]
      partitions:
        host:
          kind: root
          vps: 1
          linux: {hz: 1000}
          groups:
            gold: {cpu.weight: 300}
            bronze: {cpu.weight: 100}
          tasks:
            web: {group: gold, busy: {}}
            job: {group: bronze, busy: {}}
      """;

  static Stream<Path> scenarios() throws IOException {
    try (Stream<Path> walk = Files.walk(Path.of("../scenarios"))) {
      return walk.filter(path -> path.endsWith("scenario.yaml")).sorted().toList().stream();
    }
  }

  private static Scenario read(String text) {
    return switch (ScenarioReader.read(text, "test")) {
      case ReadResult.Loaded loaded -> loaded.scenario();
      case ReadResult.Refused refused -> throw new IllegalArgumentException("" + refused.errors());
    };
  }

  private static Explanation explain(Scenario scenario, Assembly under, Question question) {
    RunEvents events =
        listener ->
            Experiment.run(
                scenario,
                under,
                new RunOptions(
                    false,
                    Optional.of(run -> listener.listen(run.entities(), run.threadOfVp())),
                    _ -> {}));
    return new Explainer(events, question, Knobs.of(scenario, under)).explain();
  }

  private static Question worst(String entity, int worst) {
    return new Question(entity, OptionalLong.empty(), worst);
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void waits_ofEveryScenario_comeToTheLedgersAndNameItsOccupants(Path file) throws IOException {
    String text = Files.readString(file).replaceAll("(?m)^duration: .*$", DURATION);
    Scenario scenario = read(text);
    for (Assembly under : List.of(Assembly.CORE, Assembly.INTEGRATED)) {
      RunResult result;
      try {
        result = Experiment.run(scenario, under, RunOptions.DEFAULT);
      } catch (CannotAssemble _) {
        continue;
      }
      List<EntityResult> asked =
          result.entities().stream()
              .filter(e -> e.kind() == EntityKind.PARTITION || e.kind() == EntityKind.TASK)
              .limit(4)
              .toList();
      for (EntityResult entity : asked) {
        Explanation answer = explain(scenario, under, worst(entity.path(), 3));
        assertThat(answer.waitedNs())
            .describedAs("%s under %s", entity.path(), under)
            .isEqualTo(entity.totalWaitNs() - entity.waitNs().getOrDefault(WaitReason.SMT, 0L));
        answer.stories().forEach(ExplainerTest::checkStory);
      }
    }
  }

  private static void checkStory(Explanation.Story story) {
    long steps = story.steps().stream().mapToLong(step -> step.toNs() - step.fromNs()).sum();
    assertThat(steps + story.leftOutNs()).isEqualTo(story.durationNs());
    assertThat(story.blame()).isNotEmpty().allMatch(blamed -> !blamed.knob().isEmpty());
    for (Explanation.Step step : story.steps()) {
      assertThat(step.chain()).isNotEmpty();
      if (step.occupant().equals("idle")) {
        continue;
      }
      // The chain is drawn by other code than the ledger that blames.
      switch (step.reason()) {
        case GUEST_QUEUE, VMM_QUEUE ->
            assertThat(lastQueued(step)).endsWith(", which runs " + step.occupant());
        case GUEST_THROTTLED, VMM_THROTTLED ->
            assertThat(step.chain().getLast()).contains("is stopped by");
        case HYPERVISOR_WAIT, OVERHEAD_SIGNAL, OVERHEAD_INTERCEPT, SMT -> {
          // An LP can be held by a sibling's occupant, and a VP by a rule.
        }
      }
    }
  }

  private static String lastQueued(Explanation.Step step) {
    return step.chain().stream()
        .filter(link -> link.contains(" waits for "))
        .reduce((_, lower) -> lower)
        .orElse("");
  }

  @Test
  void worst_twoGroupsOnOneCpu_namesTheOtherAndTheWeights() {
    Explanation answer = explain(read(TWO_GROUPS), Assembly.ROOT, worst("host/task:job", 1));

    Explanation.Story story = answer.stories().getFirst();
    assertThat(story.beginning()).isEqualTo("when host/task:web took its place");
    assertThat(story.steps()).hasSize(1);
    assertThat(story.steps().getFirst().sentence()).isEqualTo("host/vp0 ran host/task:web");
    assertThat(story.blame().getFirst().knob())
        .isEqualTo(
            "cpu.weight: host/cgroup:bronze (cpu.weight 100) against host/cgroup:gold"
                + " (cpu.weight 300)");
  }

  @Test
  void at_oneInstant_tellsWhatEveryMemberDid() {
    Scenario scenario = read(TWO_GROUPS);
    for (long atNs = 0; atNs < 100_000_000; atNs += 3_333_333) {
      Explanation web = explain(scenario, Assembly.ROOT, at("host/task:web", atNs));
      Explanation job = explain(scenario, Assembly.ROOT, at("host/task:job", atNs));

      assertThat(web.stories().size() + web.doings().size()).isEqualTo(1);
      assertThat(web.stories().size() + job.stories().size()).isEqualTo(1);
      for (Explanation.Story story : web.stories()) {
        assertThat(story.fromNs()).isLessThanOrEqualTo(atNs);
        assertThat(story.toNs()).isGreaterThan(atNs);
      }
    }
  }

  private static Question at(String entity, long atNs) {
    return new Question(entity, OptionalLong.of(atNs), 1);
  }

  @Test
  void unknownEntity_isRefusedWithThoseThereAre() {
    assertThatThrownBy(() -> explain(read(TWO_GROUPS), Assembly.ROOT, worst("host/task:wab", 1)))
        .isInstanceOfSatisfying(
            Explainer.NoSuchEntity.class,
            e -> assertThat(e.known()).contains("host/task:web", "host/cgroup:gold"));
  }

  @Test
  void text_ofAWait_saysWhenHowLongWhoAndWhichSetting() {
    Explanation answer = explain(read(TWO_GROUPS), Assembly.ROOT, worst("host/task:job", 1));

    assertThat(ExplanationText.text(answer, "two groups under root", Style.PLAIN))
        .contains("host/task:job waited", "guest.queue", "host/vp0 ran host/task:web")
        .contains("knob: cpu.weight: host/cgroup:bronze (cpu.weight 100)")
        .doesNotContain("null");
  }
}
