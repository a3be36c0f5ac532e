package dev.stint.testkit.isolation;

import dev.stint.model.hypervisor.Hypervisor;
import dev.stint.model.hypervisor.Partition;
import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import java.lang.reflect.RecordComponent;
import java.util.Optional;

/// A hypervisor that forgot to ask, in one kind of call, whose partition it is: it answers as if
/// the owner had called.
record DroppedCheck(Hypervisor hypervisor, Class<? extends HypercallRequest> kind)
    implements Hypercalls {
  @Override
  public HypercallResult answer(long caller, HypercallRequest request) {
    Optional<Partition> named =
        kind.isInstance(request)
            ? hypervisor.partitions().stream()
                .filter(partition -> partition.partitionId() == partitionId(request))
                .findFirst()
            : Optional.empty();
    long asIf =
        named
            .map(partition -> partition.parent().map(Partition::partitionId).orElse(1L))
            .orElse(caller);
    return hypervisor.hypercall(asIf, request);
  }

  private static long partitionId(HypercallRequest request) {
    for (RecordComponent component : request.getClass().getRecordComponents()) {
      if (component.getName().equals("partitionId")) {
        try {
          return (long) component.getAccessor().invoke(request);
        } catch (ReflectiveOperationException e) {
          throw new AssertionError(e);
        }
      }
    }
    throw new AssertionError(request + " names no partition");
  }
}
