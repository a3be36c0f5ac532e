package dev.stint.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

final class HtmlReportTest {
  static final String SMALL =
      """
      name: small
      duration: 500ms
      machine: {cores: 3}
      under: [core, integrated, root, kvm]
      costs: typical
      partitions:
        l1vh:
          kind: l1vh
          vps: 2
          groups:
            gold: {cpu.weight: 300, groups: {inner: {cpu.weight: 50}}}
            bronze: {cpu.weight: 100, cpu.max: 50000 100000}
          tasks:
            agent: {group: gold/inner, periodic: {run: 1ms, period: 10ms}}
          children:
            vm-gold: {vps: 2, group: gold, tasks: {web: {requests: {every: 5ms, service: 2ms}}}}
            vm-bronze: {vps: 2, group: bronze, tasks: {job: {count: 3, busy: {}}}}
        neighbour: {vps: 1, tasks: {app: {requests: {every: 5ms, service: 2ms}}}}
      """;

  @Test
  void slices_ofEveryEntity_sumToTheLedgerExactly() {
    Pages pages = Pages.run(SMALL, Long.MAX_VALUE);
    for (int run = 0; run < pages.recorders().size(); run++) {
      RunResult result = pages.results().runs().get(run);
      RunRecorder recorder = pages.recorders().get(run);
      recorder.finish(result.durationNs());
      int told = 0;
      for (Columns.Column column : Columns.of(PageSlices.base64(recorder))) {
        Entities.Entity entity = recorder.entities().get(column.entity());
        EntityResult account = result.entity(entity.path()).orElseThrow();
        assertThat(column.totalNs()).as(entity.path()).isEqualTo(account.wallNs());
        if (column.which() == 0) {
          assertThat(statesOf(column)).as(entity.path()).isEqualTo(statesOf(account));
        } else if (entity.kind() == EntityKind.LP) {
          assertThat(column.sumNs(0)).as(entity.path()).isEqualTo(account.blockedNs());
        }
        told++;
      }
      long expected =
          result.entities().stream().filter(entity -> entity.kind().accounted()).count();
      assertThat(told).isGreaterThanOrEqualTo((int) expected);
    }
  }

  private static Map<String, Long> statesOf(Columns.Column column) {
    Map<String, Long> states = new TreeMap<>();
    for (Columns.Slice slice : column.slices()) {
      String state =
          slice.code() == 0
              ? "blocked"
              : slice.code() == 1
                  ? "held"
                  : WaitReason.values()[(int) ((slice.code() - 3) % 16)].text();
      states.merge(state, slice.ns(), Long::sum);
    }
    return states;
  }

  private static Map<String, Long> statesOf(EntityResult account) {
    Map<String, Long> states = new TreeMap<>();
    account.waitNs().forEach((reason, ns) -> states.put(reason.text(), ns));
    long smtNs = account.waitNs().getOrDefault(WaitReason.SMT, 0L);
    states.remove(WaitReason.SMT.text());
    states.put("held", account.runNs() + account.totalOverheadNs() + smtNs);
    states.put("blocked", account.blockedNs());
    states.values().removeIf(ns -> ns == 0);
    return states;
  }

  @Test
  void histograms_ofEveryEntity_countWhatTheResultCounts() {
    Pages pages = Pages.run(SMALL, Long.MAX_VALUE);
    JsonNode data = data(pages.html());
    int checked = 0;
    for (JsonNode run : data.get("runs")) {
      for (JsonNode entity : run.get("entities")) {
        JsonNode latencies = entity.get("latencies");
        if (latencies != null) {
          for (JsonNode latency : latencies) {
            long sum = 0;
            for (int i = 1; i < latency.get("bins").size(); i += 2) {
              sum += latency.get("bins").get(i).asLong();
            }
            assertThat(sum)
                .as(entity.get("path").asString())
                .isEqualTo(latency.get("count").asLong());
            checked++;
          }
        }
      }
    }
    assertThat(checked).isGreaterThan(40);
  }

  @Test
  void slices_beyondTheLimit_endTheTimelineAndNothingElse() {
    Pages whole = Pages.run(SMALL, Long.MAX_VALUE);
    Pages cut = Pages.run(SMALL, 200);
    JsonNode full = data(whole.html()).get("runs").get(0);
    JsonNode part = data(cut.html()).get("runs").get(0);
    long coveredNs = part.get("coveredNs").asLong();
    assertThat(full.get("coveredNs").asLong()).isEqualTo(500_000_000);
    assertThat(coveredNs).isBetween(1L, 499_999_999L);
    assertThat(part.get("sliceCount").asLong()).isBetween(200L, 300L);
    assertThat(part.get("entities")).isEqualTo(full.get("entities"));
    for (Columns.Column column : Columns.of(PageSlices.base64(cut.recorders().get(0)))) {
      assertThat(column.totalNs()).isEqualTo(coveredNs);
    }
  }

  @Test
  void page_ofEqualResults_hasEqualBytes() {
    assertThat(Pages.run(SMALL, 1000).html()).isEqualTo(Pages.run(SMALL, 1000).html());
  }

  @Test
  void page_ofHostileNames_keepsThemAsText() {
    String page = Hostile.pages().html();
    assertThat(page).doesNotContain("<script>window.owned").doesNotContain("<img src=x");
    assertThat(page).contains("&lt;img src=x onerror=window.owned=3&gt; {{data}} &amp;");
    assertThat(count(page, "<script")).isEqualTo(count(page, "</script>")).isEqualTo(4);
  }

  @Test
  void page_anywhere_namesNothingToLoad() {
    String page = Pages.run(SMALL, 1000).html();
    Matcher loads =
        Pattern.compile("(?i)(src|href)=\"(?!#)[^\"]*\"|@import|url\\((?!data:)").matcher(page);
    assertThat(loads.results().map(found -> found.group()).toList()).isEmpty();
    assertThat(page).contains("default-src 'none'");
  }

  @Test
  void page_withoutScripts_saysVerdictAssumptionsAndCommand() {
    Pages pages = Pages.run(SMALL, 1000);
    String page = pages.html();
    assertThat(page.indexOf("id=\"verdict\"")).isLessThan(page.indexOf("id=\"shares\""));
    assertThat(page)
        .contains("<ul class=\"verdict\">\n<li>")
        .contains("hypervisor.time-slice")
        .contains("./stint compare sample.yaml")
        .contains(pages.results().digest());
  }

  private static long count(String text, String part) {
    return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
  }

  private static JsonNode data(String page) {
    String open = "id=\"data\">";
    int from = page.indexOf(open) + open.length();
    return new ObjectMapper().readTree(page.substring(from, page.indexOf("</script>", from)));
  }
}
