package dev.stint.report;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.Percentiles;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.Theft;
import dev.stint.model.stats.WaitReason;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// Writes results as JSON, the contract of docs/result.schema.json. The same results always give
/// the same bytes. What is not known is `null`, never 0.
public final class JsonReport {
  private static final String OVERHEAD = "overhead.";

  private final JsonGenerator json;
  private final Results results;
  private final Verdict verdict;
  private final Extras extras;

  /// What was asked for beside the results.
  ///
  /// @param sensitivity what became of the verdict under other assumptions
  /// @param replications what became of the figures with other seeds
  public record Extras(Optional<Sensitivity> sensitivity, Optional<Replications> replications) {
    /// Nothing.
    public static final Extras NONE = new Extras(Optional.empty(), Optional.empty());
  }

  private JsonReport(JsonGenerator json, Results results, Extras extras) {
    this.json = json;
    this.results = results;
    this.extras = extras;
    verdict = Verdict.of(results);
  }

  /// Writes `results` in UTF-8 with a final line break; leaves `out` open.
  public static void write(Results results, OutputStream out) {
    write(results, Extras.NONE, out);
  }

  /// Writes `results` and what else was asked for.
  public static void write(Results results, Extras extras, OutputStream out) {
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    try (JsonGenerator json = factory.createGenerator(new Indented(), out, JsonEncoding.UTF8)) {
      new JsonReport(json, results, extras).results();
      json.writeRaw('\n');
    }
  }

  /// Two spaces, line feeds, on every platform.
  private static final class Indented extends ObjectWriteContext.Base {
    private static final DefaultIndenter INDENTER = new DefaultIndenter("  ", "\n");

    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }

    @Override
    public PrettyPrinter getPrettyPrinter() {
      return new DefaultPrettyPrinter().withObjectIndenter(INDENTER).withArrayIndenter(INDENTER);
    }
  }

  private void results() {
    json.writeStartObject();
    json.writeStringProperty("stint", results.version());
    json.writeStringProperty("scenario", results.scenario().name());
    json.writeNumberProperty("seed", results.scenario().seed());
    json.writeNumberProperty("duration_ns", results.scenario().durationNs());
    json.writeStringProperty("digest", results.digest());
    json.writeArrayPropertyStart("runs");
    results.runs().forEach(this::run);
    json.writeEndArray();
    verdict(verdict.text(), verdict.findings());
    assumed(allAssumed());
    extras.sensitivity().ifPresent(new SensitivityJson(json)::write);
    extras.replications().ifPresent(new ReplicationsJson(json)::write);
    json.writeEndObject();
  }

  private Map<String, String> allAssumed() {
    Map<String, String> all = new TreeMap<>();
    results.runs().forEach(run -> all.putAll(run.assumed()));
    return all;
  }

  private void run(RunResult run) {
    json.writeStartObject();
    json.writeStringProperty("assembly", run.assembly());
    json.writeNumberProperty("duration_ns", run.durationNs());
    json.writeStringProperty("digest", run.digest());
    json.writeNumberProperty("events", run.events());
    json.writeArrayPropertyStart("entities");
    run.entities().forEach(this::entity);
    json.writeEndArray();
    json.writeArrayPropertyStart("theft");
    run.theft().forEach(this::theft);
    json.writeEndArray();
    List<Finding> about = verdict.about(run.assembly());
    verdict(String.join(" ", about.stream().map(Finding::text).toList()), about);
    assumed(run.assumed());
    json.writeArrayPropertyStart("notes");
    run.notes().forEach(json::writeString);
    json.writeEndArray();
    json.writeEndObject();
  }

  private void entity(EntityResult entity) {
    json.writeStartObject();
    json.writeStringProperty("path", entity.path());
    json.writeStringProperty("kind", entity.kind().jsonName());
    string("group", entity.group());
    json.writeNumberProperty("wall_ns", entity.wallNs());
    json.writeNumberProperty("run_ns", entity.runNs());
    json.writeNumberProperty("blocked_ns", entity.blockedNs());
    if (entity.unknownNs() > 0) {
      json.writeNumberProperty("unknown_ns", entity.unknownNs());
    }
    json.writeObjectPropertyStart("wait_ns");
    entity.waitNs().forEach(this::wait);
    json.writeEndObject();
    json.writeObjectPropertyStart("overhead_ns");
    entity.waitNs().forEach(this::overhead);
    entity.overheadNs().forEach((kind, ns) -> json.writeNumberProperty(kind.text(), ns));
    json.writeEndObject();
    json.writeNumberProperty("residual_ns", entity.residualNs());
    json.writeNumberProperty("dispatches", entity.dispatches());
    json.writeNumberProperty("switches", entity.switches());
    json.writeNumberProperty("migrations", entity.migrations());
    json.writeNumberProperty("throttled_periods", entity.throttledPeriods());
    json.writeNumberProperty("periods", entity.periods());
    distribution("wake_latency_ns", entity.wakeLatency());
    json.writeNumberProperty("share", entity.share());
    OptionalDouble entitled = entity.entitledShare();
    if (entitled.isPresent()) {
      json.writeNumberProperty("entitled_share", entitled.getAsDouble());
    } else {
      json.writeNullProperty("entitled_share");
    }
    json.writeObjectPropertyStart("metrics");
    entity.metrics().forEach(this::distribution);
    json.writeEndObject();
    json.writeEndObject();
  }

  /// `wait_ns` and `overhead_ns` have no nanosecond in common: wall is run, blocked and all of
  /// either.
  private void wait(WaitReason reason, long ns) {
    if (!reason.text().startsWith(OVERHEAD)) {
      json.writeNumberProperty(reason.text(), ns);
    }
  }

  private void overhead(WaitReason reason, long ns) {
    if (reason.text().startsWith(OVERHEAD)) {
      json.writeNumberProperty(reason.text().substring(OVERHEAD.length()), ns);
    }
  }

  private void distribution(String name, Percentiles values) {
    json.writeObjectPropertyStart(name);
    json.writeNumberProperty("count", values.count());
    boolean known = values.count() > 0;
    figure("min", values.minNs(), known);
    figure("p50", values.p50Ns(), known);
    figure("p90", values.p90Ns(), known);
    figure("p99", values.p99Ns(), known);
    figure("p999", values.p999Ns(), known);
    figure("max", values.maxNs(), known);
    json.writeNumberProperty("sum", values.sumNs());
    json.writeEndObject();
  }

  private void figure(String name, long value, boolean known) {
    if (known) {
      json.writeNumberProperty(name, value);
    } else {
      json.writeNullProperty(name);
    }
  }

  private void theft(Theft theft) {
    json.writeStartObject();
    json.writeStringProperty("victim", theft.victim());
    json.writeStringProperty("occupant", theft.occupant());
    json.writeStringProperty("reason", theft.reason().text());
    json.writeNumberProperty("ns", theft.ns());
    json.writeEndObject();
  }

  private void verdict(String text, List<Finding> findings) {
    json.writeObjectPropertyStart("verdict");
    json.writeStringProperty("text", text);
    json.writeArrayPropertyStart("findings");
    for (Finding finding : findings) {
      json.writeStartObject();
      json.writeStringProperty("code", finding.code());
      string("entity", finding.entity());
      string("assembly", finding.assembly());
      json.writeStringProperty("text", finding.text());
      json.writeObjectPropertyStart("numbers");
      finding.numbers().forEach(json::writeNumberProperty);
      json.writeEndObject();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void assumed(Map<String, String> assumed) {
    json.writeObjectPropertyStart("assumed");
    new TreeMap<>(assumed).forEach(json::writeStringProperty);
    json.writeEndObject();
  }

  private void string(String name, Optional<String> value) {
    if (value.isPresent()) {
      json.writeStringProperty(name, value.get());
    } else {
      json.writeNullProperty(name);
    }
  }
}
