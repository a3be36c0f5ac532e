/// Scenario text to Scenario records and back; importers; lint.
module dev.stint.scenario {
  requires transitive dev.stint.model;
  requires static org.jspecify;
  requires org.snakeyaml.engine;

  exports dev.stint.scenario;
  exports dev.stint.scenario.recording;
  exports dev.stint.scenario.trace;
}
