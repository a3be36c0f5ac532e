/// Terminal, JSON, HTML and Perfetto output.
module dev.stint.report {
  requires transitive dev.stint.model;
  requires transitive dev.stint.scenario;
  requires static org.jspecify;
  requires HdrHistogram;
  requires tools.jackson.databind;

  exports dev.stint.report;
  exports dev.stint.report.events;
  exports dev.stint.report.explain;
  exports dev.stint.report.ftrace;
  exports dev.stint.report.html;
  exports dev.stint.report.perfetto;
  exports dev.stint.report.tables;
  exports dev.stint.report.timeline;
}
