package dev.stint.model.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

final class MachineTest {
  @Test
  void topology_twoSockets_numbersSiblingsAdjacent() {
    Machine machine = new Machine(2, 2, 1, 4, 2);
    assertThat(machine.lpCount()).isEqualTo(32);
    assertThat(machine.coreCount()).isEqualTo(16);
    assertThat(machine.coreOf(3)).isEqualTo(1);
    assertThat(machine.firstLpOf(1)).isEqualTo(2);
    assertThat(machine.cacheOf(7)).isZero();
    assertThat(machine.cacheOf(8)).isEqualTo(1);
    assertThat(machine.nodeOf(8)).isEqualTo(1);
    assertThat(machine.socketOf(15)).isZero();
    assertThat(machine.socketOf(16)).isEqualTo(1);
  }

  @Test
  void machine_absurdCounts_areRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Machine.flat(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> Machine.flat(2048, 2));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Machine(1 << 20, 1 << 20, 1 << 20, 1, 1));
  }

  @Test
  void cpuSet_operations_followSetAlgebra() {
    CpuSet low = CpuSet.range(0, 4);
    CpuSet odd = CpuSet.of(1, 3, 65);
    assertThat(low.and(odd)).isEqualTo(CpuSet.of(1, 3));
    assertThat(low.or(odd)).hasToString("0-3,65");
    assertThat(odd.minus(low)).hasToString("65");
    assertThat(odd.count()).isEqualTo(3);
    assertThat(odd.next(4)).isEqualTo(65);
    assertThat(odd.next(66)).isEqualTo(-1);
    assertThat(low.containsAll(CpuSet.of(2))).isTrue();
    assertThat(low.containsAll(odd)).isFalse();
    assertThat(CpuSet.of(7).minus(CpuSet.of(7))).isEqualTo(CpuSet.EMPTY);
    assertThat(odd.toArray()).containsExactly(1, 3, 65);
  }
}
