/// What is made of runs: terminal tables, JSON and the verdict; a page for a browser (`html`),
/// traces (`perfetto`, `ftrace`), text timelines (`timeline`), event files (`events`), tables
/// (`tables`) and the chains behind single waits (`explain`).
module dev.stint.report {
  requires transitive dev.stint.model;
  requires transitive dev.stint.scenario;
  requires static org.jspecify;
  requires HdrHistogram;
  requires tools.jackson.databind;

  exports dev.stint.report;
  exports dev.stint.report.bench;
  exports dev.stint.report.events;
  exports dev.stint.report.explain;
  exports dev.stint.report.ftrace;
  exports dev.stint.report.html;
  exports dev.stint.report.perfetto;
  exports dev.stint.report.tables;
  exports dev.stint.report.timeline;
}
