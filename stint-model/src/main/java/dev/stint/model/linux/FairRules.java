package dev.stint.model.linux;

/// The rules by which a kernel's fair class places, charges, picks and preempts entities of a
/// [FairQueue]. A kernel has one set, chosen by its version; the queue and [FairClass] keep what is
/// common: the hierarchy, the sums, weights, bandwidth.
sealed interface FairRules permits Eevdf, Cfs {
  /// The rules of a kernel of this version.
  ///
  /// @param scaling the factor of CFS's tunables, 1 + log2 of the CPUs
  static FairRules of(KernelVersion version, int scaling, long baseSliceNs, long tickNs) {
    return version.eevdf() ? new Eevdf(version, baseSliceNs, tickNs) : new Cfs(scaling);
  }

  /// Gives an entity that joins the queue its place in virtual time; it does not count yet.
  ///
  /// @param initial whether it is new (`ENQUEUE_INITIAL`)
  void place(FairQueue queue, Entity entity, boolean initial);

  /// The current entity's vruntime has advanced: whether it must give way to those that wait.
  boolean charged(FairQueue queue, Entity current);

  /// Whether an entity that goes to sleep stays on the queue for a while, delayed.
  boolean delaysDequeue(FairQueue queue, Entity entity);

  /// An entity is about to leave the queue.
  ///
  /// @param moving whether it moves to another queue, and so takes along what it is owed
  void leave(FairQueue queue, Entity entity, boolean moving);

  /// An entity has left the queue.
  void left(FairQueue queue);

  /// An entity that has left `from`, or sleeps there, is about to join another queue.
  void changeQueue(FairQueue from, Entity entity);

  /// A delayed entity is wanted again before it was dequeued.
  void requeueDelayed(FairQueue queue, Entity entity);

  /// An entity gets another weight, on the queue or off it.
  void reweight(FairQueue queue, Entity entity, long weight, long inverse, long nowNs);

  /// The entity to run: the current one or one of the tree, perhaps a delayed one. The queue is not
  /// empty.
  Entity pick(FairQueue queue);

  /// The entity has become current.
  void switchedIn(FairQueue queue, Entity entity);

  /// The tick, after the current entity was charged.
  void tick(FairQueue queue, Entity current);

  /// An entity is no longer to be favoured or passed over.
  void clearBuddies(FairQueue queue, Entity entity);

  /// A wake-up: whether `woken` preempts `current`, both on the same queue and charged up to now.
  boolean preempts(FairClass fair, Entity woken, Entity current, boolean fork, long nowNs);

  /// The current entity calls sched_yield, charged up to now.
  void yield(FairQueue queue, Entity entity);

  /// Whether `a` stands before `b` in the tree.
  boolean before(Entity a, Entity b);
}
