/// The pure, deterministic model of stacked CPU schedulers. Needs `java.base` only.
module dev.stint.model {
  requires static org.jspecify;

  exports dev.stint.model.counters;
  exports dev.stint.model.hypervisor;
  exports dev.stint.model.hypervisor.hypercall;
  exports dev.stint.model.kvm;
  exports dev.stint.model.linux;
  exports dev.stint.model.linux.cpuset;
  exports dev.stint.model.machine;
  exports dev.stint.model.mshv;
  exports dev.stint.model.predict;
  exports dev.stint.model.sched;
  exports dev.stint.model.sim;
  exports dev.stint.model.stack;
  exports dev.stint.model.stats;
  exports dev.stint.model.time;
  exports dev.stint.model.trace;
  exports dev.stint.model.workload;
}
