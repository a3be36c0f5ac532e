package dev.stint.report.html;

import dev.stint.model.stats.EntityResult;
import dev.stint.model.stats.RunResult;
import dev.stint.model.stats.WaitReason;
import dev.stint.model.trace.Entities;
import dev.stint.report.Cast;
import dev.stint.report.Results;
import dev.stint.report.Subject;
import dev.stint.report.Verdict;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The figures behind the page, as JSON that can stand inside a script element.
final class PageData {
  private final Results results;
  private final Cast cast;
  private final List<RunRecorder> recorders;
  private final Verdict verdict;
  private final String explain;

  PageData(Results results, Cast cast, List<RunRecorder> recorders, String explain) {
    this.explain = explain;
    this.results = results;
    this.cast = cast;
    this.recorders = recorders;
    verdict = Verdict.of(results);
  }

  /// Without any `<`, so that nothing in it can end the element.
  String json() {
    StringWriter text = new StringWriter();
    JsonFactory factory = new JsonFactory();
    try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), text)) {
      page(json);
    }
    return text.toString().replace("<", "\\u003c");
  }

  private void page(JsonGenerator json) {
    json.writeStartObject();
    json.writeNumberProperty("durationNs", results.scenario().durationNs());
    json.writeStringProperty("explain", explain);
    json.writeArrayPropertyStart("reasons");
    for (WaitReason reason : WaitReason.values()) {
      json.writeString(reason.text());
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("parts");
    for (Cast.Part part : cast.parts()) {
      json.writeStartObject();
      json.writeStringProperty("title", part.title());
      json.writeBooleanProperty("detail", part.detail());
      json.writeArrayPropertyStart("subjects");
      part.subjects().forEach(subject -> subject(json, subject));
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("runs");
    for (int run = 0; run < recorders.size(); run++) {
      run(json, run);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void subject(JsonGenerator json, Subject subject) {
    json.writeStartObject();
    json.writeStringProperty("path", subject.path());
    json.writeStringProperty("name", subject.name());
    json.writeStringProperty("kind", subject.kind().jsonName());
    json.writeNumberProperty("depth", subject.depth());
    json.writeEndObject();
  }

  private void run(JsonGenerator json, int index) {
    RunResult run = results.runs().get(index);
    RunRecorder recorder = recorders.get(index);
    Members members = new Members(run);
    json.writeStartObject();
    json.writeStringProperty("assembly", run.assembly());
    json.writeNumberProperty("sliceCount", recorder.sliceCount());
    json.writeNumberProperty("coveredNs", recorder.coveredNs(run.durationNs()));
    json.writeArrayPropertyStart("entities");
    for (Entities.Entity entity : recorder.entities().all()) {
      json.writeStartObject();
      json.writeStringProperty("path", entity.path());
      json.writeStringProperty("name", cast.name(entity.path()));
      json.writeStringProperty("kind", entity.kind().jsonName());
      cast.partitionOf(entity.path())
          .ifPresent(path -> json.writeStringProperty("partition", path));
      Integer thread = recorder.threadOfVp().get(entity.id());
      if (thread != null) {
        json.writeNumberProperty("thread", thread);
      }
      Optional<EntityResult> account = run.entity(entity.path());
      if (account.isPresent()) {
        account(json, account.get());
        LatencyBins bins = new LatencyBins(json, recorder, members);
        bins.write(entity.path(), account.get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    held(json, index);
    json.writeArrayPropertyStart("about");
    verdict.about(run.assembly()).forEach(finding -> json.writeString(finding.text()));
    json.writeEndArray();
    json.writeEndObject();
  }

  private void held(JsonGenerator json, int index) {
    json.writeArrayPropertyStart("held");
    for (Cast.Held held : cast.held(index)) {
      json.writeStartObject();
      json.writeStringProperty("victim", held.victim());
      json.writeStringProperty("reason", held.reason().text());
      json.writeStringProperty("occupant", held.occupant());
      if (held.itself()) {
        json.writeBooleanProperty("itself", true);
      }
      json.writeNumberProperty("ns", held.ns());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void account(JsonGenerator json, EntityResult entity) {
    entity.group().ifPresent(group -> json.writeStringProperty("group", group));
    json.writeNumberProperty("wallNs", entity.wallNs());
    json.writeNumberProperty("runNs", entity.runNs());
    json.writeNumberProperty("blockedNs", entity.blockedNs());
    json.writeNumberProperty("unknownNs", entity.unknownNs());
    json.writeObjectPropertyStart("waitNs");
    entity.waitNs().forEach((reason, ns) -> json.writeNumberProperty(reason.text(), ns));
    json.writeEndObject();
    json.writeObjectPropertyStart("overheadNs");
    entity.overheadNs().forEach((kind, ns) -> json.writeNumberProperty(kind.text(), ns));
    json.writeEndObject();
    json.writeNumberProperty("share", entity.share());
    if (entity.entitledShare().isPresent()) {
      json.writeNumberProperty("asked", entity.entitledShare().getAsDouble());
    }
  }
}
