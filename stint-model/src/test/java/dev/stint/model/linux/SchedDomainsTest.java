package dev.stint.model.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SchedDomainsTest {
  private static String chain(SmpRig rig, int cpu) {
    List<String> levels = new ArrayList<>();
    for (SchedDomain domain = rig.kernel.smp.domains.lowest(cpu);
        domain != null;
        domain = domain.parent) {
      levels.add(domain.level + "" + domain.groups);
    }
    return String.join(" ", levels);
  }

  @Test
  void twoCpus_domains_areOneOfTwoGroups() {
    SmpRig rig = new SmpRig(CpuTopology.flat(2, 1));
    assertThat(chain(rig, 0)).isEqualTo("MC[0, 1]");
    assertThat(chain(rig, 1)).isEqualTo("MC[1, 0]");
    SchedDomain domain = rig.kernel.smp.domains.lowest(0);
    assertThat(domain.localGroup().prefersSibling()).isFalse();
    assertThat(domain.intervalMs).isEqualTo(2);
  }

  @Test
  void oneCpu_domains_areNone() {
    SmpRig rig = new SmpRig(CpuTopology.flat(1, 1));
    assertThat(chain(rig, 0)).isEmpty();
    assertThat(rig.kernel.smp.domains.cacheSize(0)).isEqualTo(1);
  }

  @Test
  void fullMachine_domains_areAllLevelsFromTheCpusOwnGroup() {
    SmpRig rig = new SmpRig(CpuTopology.of(new Machine(2, 1, 2, 2, 2)));
    assertThat(chain(rig, 5)).isEqualTo("SMT[5, 4] MC[4-5, 6-7] PKG[4-7, 0-3] NUMA[0-7, 8-15]");
    SchedDomain core = rig.kernel.smp.domains.lowest(5);
    assertThat(core.parent.localGroup().sharesCapacity()).isTrue();
    assertThat(core.parent.localGroup().coreCount).isEqualTo(1);
    assertThat(core.parent.parent.numaImbalanceCount).isEqualTo(2);
  }

  @Test
  void emptyLevels_domains_areDropped() {
    SmpRig rig = new SmpRig(CpuTopology.of(new Machine(1, 2, 1, 1, 2)));
    assertThat(chain(rig, 0)).isEqualTo("SMT[0, 1] NUMA[0-1, 2-3]");
    rig = new SmpRig(CpuTopology.of(new Machine(1, 1, 3, 1, 1)));
    assertThat(chain(rig, 2)).isEqualTo("PKG[2, 0, 1]");
    assertThat(rig.kernel.smp.domains.shareCache(0, 1)).isFalse();
    assertThat(rig.kernel.smp.domains.shareCache(1, 1)).isTrue();
  }

  @Test
  void groupsOfOneSpan_domains_areShared() {
    SmpRig rig = new SmpRig(CpuTopology.flat(4, 1));
    SchedDomains domains = rig.kernel.smp.domains;
    assertThat(domains.lowest(0).groups.get(1)).isSameAs(domains.lowest(1).localGroup());
    assertThat(domains.cache(0)).isSameAs(domains.cache(3));
  }

  @Test
  void partitions_domains_doNotCross() {
    SmpRig rig = new SmpRig(CpuTopology.flat(6, 1));
    rig.kernel.smp.partition(List.of(CpuSet.range(0, 2), CpuSet.range(2, 4)));
    assertThat(chain(rig, 3)).isEqualTo("MC[3, 2]");
    assertThat(chain(rig, 4)).isEmpty();
    assertThat(rig.kernel.smp.domains.shareCache(1, 2)).isFalse();
    assertThat(rig.kernel.smp.domains.lowest(0).root)
        .isNotSameAs(rig.kernel.smp.domains.lowest(2).root);
  }
}
