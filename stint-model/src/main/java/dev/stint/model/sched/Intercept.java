package dev.stint.model.sched;

/// Something that a guest's task did which its VMM must handle: an access to an I/O port or to a
/// device's memory. The VP makes no progress until then.
public interface Intercept {
  /// Processor time of the VMM's thread that handling takes, at least 1.
  long handlingNs();

  /// The VMM is done: the guest goes on as soon as its VP runs.
  void handled(long nowNs);
}
