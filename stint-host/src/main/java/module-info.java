/// A real Linux host: what it allows (`doctor`), what it does (`observe`), how far the model is
/// from it (`validate`) and its knobs (`apply`). The only user of `java.lang.foreign`.
module dev.stint.host {
  requires transitive dev.stint.model;
  requires transitive dev.stint.scenario;
  requires static org.jspecify;
  requires tools.jackson.databind;

  exports dev.stint.host.cgroup;
  exports dev.stint.host.control;
  exports dev.stint.host.figures;
  exports dev.stint.host.kernel;
  exports dev.stint.host.live;
  exports dev.stint.host.observe;
  exports dev.stint.host.probe;
  exports dev.stint.host.proc;
  exports dev.stint.host.standin;
  exports dev.stint.host.sys;
  exports dev.stint.host.trace;
  exports dev.stint.host;
}
