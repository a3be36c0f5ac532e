package dev.stint.model.hypervisor.hypercall;

/// Hypercalls that make, end and enumerate partitions.
public sealed interface PartitionCall extends HypercallRequest {
  /// Not a partition: starts and ends an enumeration.
  long NO_PARTITION = 0;

  /// Makes a child of the caller; returns its identity.
  ///
  /// @param threadsPerCore how many VPs share a virtual core, 1 or more: what the creation flag
  ///   "SMT-enabled guest" says, as a number
  record CreatePartition(int threadsPerCore) implements PartitionCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.CREATE_PARTITION;
    }
  }

  /// Settles what kind of partition it is and who schedules it.
  ///
  /// @param partitionId of a child that is Created
  record InitializePartition(long partitionId) implements PartitionCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.INITIALIZE_PARTITION;
    }
  }

  /// Ends a partition: its VPs stop for ever, and what they needed returns to its pool.
  ///
  /// @param partitionId of a child that has no children
  record FinalizePartition(long partitionId) implements PartitionCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.FINALIZE_PARTITION;
    }
  }

  /// Forgets a finalized partition; all its pages return to the caller.
  ///
  /// @param partitionId of a child that is Finalized
  record DeletePartition(long partitionId) implements PartitionCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.DELETE_PARTITION;
    }
  }

  /// Returns the caller's identity.
  record GetPartitionId() implements PartitionCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.GET_PARTITION_ID;
    }
  }

  /// Returns the child after `previousChildId`, or [#NO_PARTITION] after the last.
  ///
  /// @param parentId the caller, or [Property#SELF]
  /// @param previousChildId a child, or [#NO_PARTITION] for the first
  record GetNextChildPartition(long parentId, long previousChildId) implements PartitionCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.GET_NEXT_CHILD_PARTITION;
    }
  }
}
