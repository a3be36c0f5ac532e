package dev.stint.cli;

import static dev.stint.cli.PlainText.format;

import dev.stint.host.live.LiveValidation;
import dev.stint.host.standin.StandIn;
import dev.stint.model.stack.Assembly;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What came of standing in for a hypervisor, for a terminal, as JSON and as Markdown.
final class StandInReport {
  private static final List<String> HEADER =
      List.of(
          "under",
          "cgroup",
          "asked",
          "live",
          "spread",
          "model",
          "live-asked",
          "model-asked",
          "error",
          "tolerance",
          "");

  private StandInReport() {}

  /// One scenario, for a terminal.
  static String text(StandInValidate.Judged judged) {
    StandIn.Outcome outcome = judged.outcome();
    PlainText text = new PlainText();
    text.line("%s on Linux %s, beside the model", judged.scenario().name(), machine(outcome));
    text.line("shares of the L1VH's cgroups, percent of what all of them got");
    List<List<String>> cells = new ArrayList<>();
    cells.add(HEADER);
    cells.addAll(rows(outcome));
    text.table(cells);
    sentences(judged).forEach(sentence -> text.line("%s", sentence));
    return text.line("").toString();
  }

  private static String machine(StandIn.Outcome outcome) {
    return format(
        "%s (%d CPUs, HZ=%d)",
        outcome.host().release(), outcome.host().machine().lpCount(), outcome.host().linux().hz());
  }

  private static List<List<String>> rows(StandIn.Outcome outcome) {
    List<List<String>> rows = new ArrayList<>();
    for (StandIn.Side side : outcome.sides()) {
      side.shares()
          .forEach((group, share) -> {
            double asked = outcome.asked().getOrDefault(group, 0.0);
            rows.add(
                List.of(
                    side.assembly().text(),
                    group,
                    format("%.2f", asked),
                    format("%.2f", share.live()),
                    format("%.2f..%.2f", share.least(), share.most()),
                    format("%.2f", share.model()),
                    format("%+.2f", share.live() - asked),
                    format("%+.2f", share.model() - asked),
                    format("%+.2f", share.model() - share.live()),
                    format("%.2f", share.tolerance()),
                    share.agrees() ? "pass" : "miss"));
          });
    }
    return rows;
  }

  private static List<String> sentences(StandInValidate.Judged judged) {
    StandIn.Outcome outcome = judged.outcome();
    List<String> sentences = new ArrayList<>();
    for (StandIn.Side side : outcome.sides()) {
      sentences.add(finding(outcome, side));
    }
    for (StandIn.Side side : outcome.sides()) {
      sentences.add(side.assembly().text() + ": " + noise(side));
    }
    sentences.add(
        "Real: this kernel, its cgroups with these weights, limits and CPUs, the threads that run"
            + " in them, and their time, from schedstat.");
    boolean core = outcome.sides().stream().anyMatch(side -> side.assembly() == Assembly.CORE);
    if (core) {
      sentences.add(
          format(
              "Stands in, under core: for the hypervisor an agent that every %.1f ms (assumed, as"
                  + " in the model) freezes one VP and thaws the next; a child's VP is a thread"
                  + " outside the L1VH's cgroups, its vCPU thread one that sleeps inside.",
              judged.scenario().hypervisor().timeSliceNs() / 1e6));
    }
    sentences.add(
        (judged.emulated()
                ? "Stands in: a child VM is a virtual machine of QEMU's emulator"
                : "Stands in: a vCPU thread is a process that counts")
            + "; the CPUs are this machine's; nothing here is Microsoft Hypervisor.");
    sentences.add(verdict(outcome));
    return sentences;
  }

  private static String finding(StandIn.Outcome outcome, StandIn.Side side) {
    if (side.shares().isEmpty()) {
      return side.assembly().text() + ": not judged, too few valid runs on so busy a machine.";
    }
    double live = 0;
    double model = 0;
    for (Map.Entry<String, StandIn.Share> entry : side.shares().entrySet()) {
      double asked = outcome.asked().getOrDefault(entry.getKey(), 0.0);
      live = Math.max(live, Math.abs(entry.getValue().live() - asked));
      model = Math.max(model, Math.abs(entry.getValue().model() - asked));
    }
    return format(
        "Under %s what the cgroups got is up to %.2f points off what they asked for live, %.2f in"
            + " the model.",
        side.assembly().text(), live, model);
  }

  private static String noise(StandIn.Side side) {
    double foreign = 0;
    double own = 0;
    double steal = 0;
    int valid = 0;
    for (StandIn.Attempt attempt : side.attempts()) {
      valid += attempt.valid() ? 1 : 0;
      foreign = Math.max(foreign, attempt.foreignPercent());
      own = Math.max(own, attempt.agentPercent());
      steal = Math.max(steal, attempt.stealPercent());
    }
    String runs =
        format(
            "%d of %d runs valid; others ran up to %.2f %% (at most %.1f %%), the agent itself up"
                + " to %.2f %% (at most %.1f %%), steal up to %.2f %% (at most %.1f %%)",
            valid,
            side.attempts().size(),
            foreign,
            LiveValidation.FOREIGN_MAX_PERCENT,
            own,
            StandIn.AGENT_MAX_PERCENT,
            steal,
            LiveValidation.STEAL_MAX_PERCENT);
    StandIn.Agent agent = side.agent();
    return agent.turns() == 0
        ? runs
        : runs
            + format(
                "; %d turns, given late by p50 %.0f, p99 %.0f, at most %.0f us (%s)",
                agent.turns(),
                agent.lateP50Ns() / 1e3,
                agent.lateP99Ns() / 1e3,
                agent.lateMostNs() / 1e3,
                agent.fifo() ? "SCHED_FIFO" : "no real time for the agent here");
  }

  private static String verdict(StandIn.Outcome outcome) {
    if (!outcome.agrees()) {
      return "The kernel did not do as the model says.";
    }
    return outcome.judged() ? "The kernel did as the model says." : "Not judged.";
  }

  // --- Files ---

  /// All scenarios, a table each.
  static void markdown(List<StandInValidate.Judged> all, OutputStream out) {
    PlainText text = new PlainText();
    for (StandInValidate.Judged judged : all) {
      StandIn.Outcome outcome = judged.outcome();
      text.line(
          "**%s%s**, Linux %s:\n",
          judged.scenario().name(), judged.emulated() ? " with QEMU" : "", machine(outcome));
      text.line("| %s |", String.join(" | ", HEADER));
      text.line("|%s", "---|".repeat(HEADER.size()));
      rows(outcome).forEach(row -> text.line("| %s |", String.join(" | ", row)));
      text.line("");
      sentences(judged).forEach(sentence -> text.line("- %s", sentence));
      text.line("");
    }
    text.writeTo(out);
  }

  /// All scenarios as JSON.
  static void json(List<StandInValidate.Judged> all, OutputStream out) {
    ObjectNode root = JsonMapper.builder().build().createObjectNode();
    root.put("stint", Version.text());
    ArrayNode scenarios = root.putArray("scenarios");
    for (StandInValidate.Judged judged : all) {
      StandIn.Outcome outcome = judged.outcome();
      ObjectNode scenario = scenarios.addObject();
      scenario.put("scenario", judged.scenario().name());
      scenario.put("duration_ns", judged.scenario().durationNs());
      scenario.put("kernel", outcome.host().release());
      scenario.put("cpus", outcome.host().machine().lpCount());
      scenario.put("qemu", judged.emulated());
      scenario.put("judged", outcome.judged());
      scenario.put("within_tolerance", outcome.judged() && outcome.agrees());
      ArrayNode sides = scenario.putArray("assemblies");
      outcome.sides().forEach(side -> side(sides.addObject(), outcome, side));
    }
    new PlainText().line("%s", root.toPrettyString()).writeTo(out);
  }

  private static void side(ObjectNode node, StandIn.Outcome outcome, StandIn.Side side) {
    node.put("assembly", side.assembly().text());
    ArrayNode attempts = node.putArray("runs");
    for (StandIn.Attempt attempt : side.attempts()) {
      attempts
          .addObject()
          .put("foreign_percent", attempt.foreignPercent())
          .put("agent_percent", attempt.agentPercent())
          .put("steal_percent", attempt.stealPercent())
          .put("valid", attempt.valid());
    }
    if (side.agent().turns() > 0) {
      node.putObject("agent")
          .put("fifo", side.agent().fifo())
          .put("turns", side.agent().turns())
          .put("late_p50_ns", side.agent().lateP50Ns())
          .put("late_p99_ns", side.agent().lateP99Ns())
          .put("late_max_ns", side.agent().lateMostNs());
    }
    ArrayNode groups = node.putArray("groups");
    side.shares()
        .forEach((group, share) ->
            groups
                .addObject()
                .put("group", group)
                .put("asked_percent", outcome.asked().getOrDefault(group, 0.0))
                .put("live_percent", share.live())
                .put("live_least", share.least())
                .put("live_most", share.most())
                .put("model_percent", share.model())
                .put("tolerance", share.tolerance())
                .put("within_tolerance", share.agrees()));
  }
}
