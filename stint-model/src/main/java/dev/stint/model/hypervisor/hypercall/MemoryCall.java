package dev.stint.model.hypervisor.hypercall;

/// Hypercalls that move pages between partitions and the pools from which the hypervisor serves
/// them. Pages are counted, not named.
public sealed interface MemoryCall extends HypercallRequest {
  /// Gives pages of the caller's memory to a pool.
  ///
  /// @param partitionId whose pool: a child's, or [Property#SELF]
  /// @param pageCount 1 or more
  record DepositMemory(long partitionId, long pageCount) implements MemoryCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.DEPOSIT_MEMORY;
    }
  }

  /// Takes free pages of a pool into the caller's memory; returns how many.
  ///
  /// @param partitionId whose pool: a child's, or [Property#SELF]
  /// @param pageCount at most so many, 1 or more
  record WithdrawMemory(long partitionId, long pageCount) implements MemoryCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.WITHDRAW_MEMORY;
    }
  }

  /// Returns how many pages of a pool are free.
  ///
  /// @param partitionId whose pool: a child's, or [Property#SELF]
  record GetMemoryBalance(long partitionId) implements MemoryCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.GET_MEMORY_BALANCE;
    }
  }

  /// Gives pages of the caller's memory to a child.
  ///
  /// @param partitionId of the child
  /// @param pageCount 1 or more
  record MapGpaPages(long partitionId, long pageCount) implements MemoryCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.MAP_GPA_PAGES;
    }
  }

  /// Takes pages of a child's memory back.
  ///
  /// @param partitionId of the child
  /// @param pageCount 1 or more
  record UnmapGpaPages(long partitionId, long pageCount) implements MemoryCall {
    @Override
    public HypercallCode code() {
      return HypercallCode.UNMAP_GPA_PAGES;
    }
  }
}
