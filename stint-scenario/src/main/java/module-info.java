/// Scenario text to scenario records and back; importers; lint.
module dev.stint.scenario {
  requires transitive dev.stint.model;
  requires static org.jspecify;
  requires com.networknt.schema;
  requires org.snakeyaml.engine;
  requires tools.jackson.databind;
}
