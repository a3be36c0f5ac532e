package dev.stint.testkit.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stint.model.hypervisor.hypercall.HypercallRequest;
import dev.stint.model.hypervisor.hypercall.HypercallResult;
import dev.stint.model.hypervisor.hypercall.MemoryCall;
import dev.stint.model.hypervisor.hypercall.PartitionCall;
import dev.stint.model.hypervisor.hypercall.PortCall;
import dev.stint.model.hypervisor.hypercall.PropertyCall;
import dev.stint.model.hypervisor.hypercall.StatsCall;
import dev.stint.model.hypervisor.hypercall.VpCall;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hostile partitions against the hypervisor. `-Dfuzz.calls=1000000` makes it thorough.
class IsolationFuzzTest {
  private static final long CALLS = Long.getLong("fuzz.calls", 60_000);
  private static final int SEEDS = 4;
  private static final long MUTANT_CALLS = 60_000;

  /* The machine's are the root partition's, which is not hostile. */
  private static final List<String> NEVER_ALLOWED = List.of("GetSystemProperty");

  @Test
  void randomHypercalls_stayWithinWhatTheCallerOwns() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      IsolationFuzzer fuzzer = new IsolationFuzzer(seed);
      fuzzer.run(CALLS / SEEDS);
      for (Class<?> family : HypercallRequest.class.getPermittedSubclasses()) {
        for (Class<?> call : family.getPermittedSubclasses()) {
          if (!NEVER_ALLOWED.contains(call.getSimpleName())) {
            assertThat(fuzzer.successes(call.getSimpleName()))
                .as("%s: else the fuzzer does not reach it", call.getSimpleName())
                .isPositive();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        PropertyCall.GetPartitionProperty.class,
        PropertyCall.SetPartitionProperty.class,
        PartitionCall.InitializePartition.class,
        PartitionCall.FinalizePartition.class,
        PartitionCall.DeletePartition.class,
        MemoryCall.DepositMemory.class,
        MemoryCall.WithdrawMemory.class,
        MemoryCall.GetMemoryBalance.class,
        MemoryCall.MapGpaPages.class,
        MemoryCall.UnmapGpaPages.class,
        VpCall.CreateVp.class,
        VpCall.GetVpRegisters.class,
        VpCall.SetVpRegisters.class,
        VpCall.AssertVirtualInterrupt.class,
        PortCall.CreatePort.class,
        PortCall.DeletePort.class,
        PortCall.ConnectPort.class,
        PortCall.DisconnectPort.class,
        StatsCall.MapStatsPage2.class
      })
  void droppedOwnershipCheck_isCaught(Class<? extends HypercallRequest> kind) {
    IsolationFuzzer fuzzer =
        new IsolationFuzzer(1, world -> new DroppedCheck(world.hypervisor, kind));
    assertThatThrownBy(() -> fuzzer.run(MUTANT_CALLS))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("seed 1 call")
        .hasMessageContaining(kind.getSimpleName());
  }

  @Test
  void refusalThatChangesSomething_isCaught() {
    IsolationFuzzer fuzzer =
        new IsolationFuzzer(
            1,
            world ->
                (caller, request) -> {
                  HypercallResult result = world.hypervisor.hypercall(caller, request);
                  if (result instanceof HypercallResult.Failure
                      && request instanceof VpCall.CreateVp) {
                    world.hypervisor.hypercall(1, new MemoryCall.DepositMemory(-1, 1));
                  }
                  return result;
                });
    assertThatThrownBy(() -> fuzzer.run(MUTANT_CALLS)).hasMessageContaining("yet it changed");
  }

  @Test
  void successThatChangesAStranger_isCaught() {
    IsolationFuzzer fuzzer =
        new IsolationFuzzer(
            1,
            world ->
                (caller, request) -> {
                  if (request instanceof MemoryCall.DepositMemory) {
                    world.hypervisor.hypercall(
                        1, new MemoryCall.DepositMemory(world.guest.partitionId(), 1));
                  }
                  return world.hypervisor.hypercall(caller, request);
                });
    assertThatThrownBy(() -> fuzzer.run(MUTANT_CALLS)).hasMessageContaining("it changed");
  }
}
