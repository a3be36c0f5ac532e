package dev.stint.host.observe;

import dev.stint.model.stats.Percentiles;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A view as JSON: entities in the words of a simulation's results, so that they can be subtracted
/// from one another. What is not known is `null`, never 0.
public final class ViewJson {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private ViewJson() {}

  /// The text of a view, indented, with a final line break.
  ///
  /// @param version of Stint
  public static String text(View view, String version) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("stint", version);
    root.put("source", "live");
    root.put("duration_ns", view.wallNs());
    ArrayNode entities = root.putArray("entities");
    view.entities()
        .forEach(entity ->
            entity(entity, view.wallNs(), view.stealUnseen().isPresent(), entities.addObject()));
    ArrayNode behind = root.putArray("behind");
    view.behind()
        .forEach((victim, occupants) ->
            occupants.forEach((occupant, ns) ->
                behind
                    .addObject()
                    .put("victim", victim.path())
                    .put("occupant", occupant.path())
                    .put("ns", ns)));
    verdict(Rules.of(view), root.putObject("verdict"));
    ArrayNode notes = root.putArray("notes");
    view.notes().forEach(notes::add);
    return root.toPrettyString() + "\n";
  }

  private static void entity(ViewEntity entity, long wallNs, boolean stealUnseen, ObjectNode node) {
    Account account = entity.account();
    boolean lp = entity.kind() == ViewEntity.Kind.LP;
    node.put("path", entity.path());
    node.put("kind", entity.kind().jsonName());
    string(node, "group", entity.group());
    node.put("wall_ns", account.wallNs());
    node.put("run_ns", account.runNs());
    node.put("blocked_ns", account.blockedNs());
    node.put("unknown_ns", account.unknownNs());
    ObjectNode wait = node.putObject("wait_ns");
    Account carried = entity.carried();
    reason(wait, "guest.queue", account.queueNs() - carried.queueNs());
    reason(wait, "guest.throttled", account.throttledNs() - carried.throttledNs());
    reason(wait, "vmm.queue", carried.queueNs());
    reason(wait, "vmm.throttled", carried.throttledNs());
    if (lp && stealUnseen) {
      wait.putNull("hypervisor.wait");
    } else {
      reason(wait, "hypervisor.wait", account.stolenNs());
    }
    node.put("residual_ns", account.residualNs());
    number(node, "dispatches", lp ? OptionalLong.empty() : OptionalLong.of(entity.dispatches()));
    number(
        node,
        "migrations_at_least",
        lp ? OptionalLong.empty() : OptionalLong.of(entity.migrations()));
    number(node, "wait_per_dispatch_ns", entity.waitPerDispatchNs());
    wakes(entity.wakes(), node);
    node.put("share", wallNs == 0 ? 0 : (double) account.runNs() / wallNs);
    Optional<ViewEntity.Limits> limits = entity.limits();
    if (limits.isPresent()) {
      string(node, "cpu_max", limits.get().quota());
      number(node, "periods", limits.get().periods());
      number(node, "throttled_periods", limits.get().throttledPeriods());
      number(node, "throttled_ns", limits.get().throttledNs());
      number(node, "pressure_some_ns", limits.get().pressureNs());
    }
  }

  private static void wakes(Optional<WakeLatency> wakes, ObjectNode node) {
    Optional<Percentiles> known = wakes.flatMap(WakeLatency::known);
    if (known.isEmpty()) {
      node.putNull("wake_latency_ns");
    } else {
      Percentiles waits = known.get();
      boolean some = waits.count() > 0;
      ObjectNode figures = node.putObject("wake_latency_ns");
      figures.put("count", waits.count());
      known(figures, "min", some, waits.minNs());
      known(figures, "p50", some, waits.p50Ns());
      known(figures, "p90", some, waits.p90Ns());
      known(figures, "p99", some, waits.p99Ns());
      known(figures, "p999", some, waits.p999Ns());
      known(figures, "max", some, waits.maxNs());
      figures.put("sum", waits.sumNs());
    }
    if (wakes.isPresent()) {
      node.put("wakeups_measured", wakes.get().measured().count());
      node.put("wakeups_unmeasured", wakes.get().unmeasured());
      node.put("wake_latency_unknown_ns", wakes.get().unknownNs());
    }
  }

  private static void known(ObjectNode node, String name, boolean known, long value) {
    number(node, name, known ? OptionalLong.of(value) : OptionalLong.empty());
  }

  private static void verdict(List<Finding> findings, ObjectNode node) {
    node.put("text", Rules.sentence(findings));
    ArrayNode list = node.putArray("findings");
    for (Finding finding : findings) {
      ObjectNode one = list.addObject();
      one.put("code", finding.code().text());
      one.put("entity", finding.entity());
      one.put("text", finding.text());
      ObjectNode numbers = one.putObject("numbers");
      for (Map.Entry<String, Double> number : finding.numbers().entrySet()) {
        numbers.put(number.getKey(), number.getValue());
      }
    }
  }

  private static void reason(ObjectNode wait, String name, long ns) {
    if (ns > 0) {
      wait.put(name, ns);
    }
  }

  private static void number(ObjectNode node, String name, OptionalLong value) {
    if (value.isPresent()) {
      node.put(name, value.getAsLong());
    } else {
      node.putNull(name);
    }
  }

  private static void string(ObjectNode node, String name, Optional<String> value) {
    if (value.isPresent()) {
      node.put(name, value.get());
    } else {
      node.putNull(name);
    }
  }
}
