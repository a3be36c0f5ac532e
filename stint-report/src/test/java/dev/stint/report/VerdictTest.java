package dev.stint.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stats.EntityResult;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the verdict says of real runs, with the numbers of those runs.
final class VerdictTest {
  private static String share(Results results, int run, String path) {
    EntityResult entity = results.runs().get(run).entity(path).orElseThrow();
    return Numbers.cpus(entity.share());
  }

  private static List<Finding> ofCode(Verdict verdict, String code) {
    return verdict.findings().stream().filter(f -> f.code().equals(code)).toList();
  }

  @Test
  void guestsWithoutFamily_areToldTheirShares() {
    Results results = Samples.guests();
    String text = Verdict.of(results).text();
    assertThat(share(results, 0, "vm-a")).isNotEqualTo(share(results, 0, "vm-b"));
    assertThat(text)
        .contains("vm-a " + share(results, 0, "vm-a") + " of ")
        .contains("vm-b " + share(results, 0, "vm-b") + " of ")
        .doesNotContain("integrated");
  }

  @Test
  void quota_isSaidToHoldItsGroup() {
    Results results = Samples.quota();
    EntityResult pod = results.runs().getFirst().entity("node/cgroup:pod").orElseThrow();
    assertThat(pod.throttledPeriods()).isPositive();
    String text = Verdict.of(results).text();
    assertThat(text).contains("cgroup pod", Numbers.cpus(pod.share()));
  }

  @Test
  void l1vh_isToldWhatTheIntegratedSchedulerChanges() {
    Results results = Samples.l1vh();
    Verdict verdict = Verdict.of(results);
    assertThat(verdict.text())
        .contains("Under core, cgroup gold got " + share(results, 0, "l1vh/cgroup:gold"))
        .contains("The integrated scheduler changes the largest error")
        .contains("bound nothing (vm-bronze got " + share(results, 0, "l1vh/vm-bronze") + ")")
        .contains("held it to " + share(results, 1, "l1vh/cgroup:bronze") + " under integrated")
        .contains("Assumed, for Microsoft Hypervisor's are not public:");
    Finding below = ofCode(verdict, "below-entitled").getFirst();
    assertThat(below.entity()).contains("l1vh/cgroup:gold");
    assertThat(below.numbers().get("got_cpus"))
        .isEqualTo(results.runs().getFirst().entity("l1vh/cgroup:gold").orElseThrow().share());
  }

  @Test
  void affinities_thatBoundNothing_shareASentence() {
    Verdict verdict = Verdict.of(Samples.l1vh());
    String about = "the affinity of the vCPU threads of ";
    assertThat(verdict.sentences())
        .filteredOn(sentence -> sentence.contains(about))
        .containsExactly(
            "Under core, "
                + about
                + "vm-gold and vm-bronze bound nothing: they sleep while the hypervisor runs their"
                + " VPs.");
    assertThat(verdict.findings()).filteredOn(f -> f.text().contains(about)).hasSize(2);
  }

  @Test
  void quotaThatNobodyReached_isNotSaidToHold() {
    Verdict verdict = Verdict.of(Samples.l1vh("gold", "bronze", "190000 100000"));
    assertThat(ofCode(verdict, "quota-held")).isEmpty();
    assertThat(ofCode(verdict, "quota-not-reached")).hasSize(1);
    assertThat(verdict.text())
        .contains("was never reached under integrated")
        .doesNotContain("held");
  }

  @Test
  void sameRuns_giveTheSameVerdict() {
    assertThat(Verdict.of(Samples.l1vh())).isEqualTo(Verdict.of(Samples.l1vh()));
  }
}
