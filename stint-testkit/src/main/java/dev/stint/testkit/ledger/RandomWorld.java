package dev.stint.testkit.ledger;

import dev.stint.model.sim.RandomStream;
import dev.stint.model.trace.Entities;
import dev.stint.model.trace.EntityKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// A small random stack: LPs, partitions of one or two VPs, vCPU threads, children down to two
/// levels, tasks.
final class RandomWorld {
  /// A scheduler: what it schedules, on which processors, and the rule by which it throttles.
  ///
  /// @param members ids of the schedulables that wait for these processors
  record Domain(List<Integer> processors, List<Integer> members, int rule) {}

  private static final int DEPTH_MAX = 3;

  final Entities entities = new Entities();
  final List<Domain> domains = new ArrayList<>();
  private final Map<Integer, Domain> domainOf = new LinkedHashMap<>();

  /// Every VP that has a vCPU thread, with it.
  final Map<Integer, Integer> threadOf = new LinkedHashMap<>();

  private final Map<Integer, Integer> carrierOf = new LinkedHashMap<>();

  private final RandomStream random;
  private final Domain bottom;

  RandomWorld(RandomStream random) {
    this.random = random;
    List<Integer> lps = new ArrayList<>();
    for (int i = 0; i < 1 + random.nextBelow(3); i++) {
      lps.add(entities.add(EntityKind.LP, "lp" + i, Entities.NONE));
    }
    bottom = domain(lps, "cap:lps");
    boolean bare = random.nextBelow(4) == 0;
    if (bare) {
      addUsers("linux", Entities.NONE, bottom, 1);
    } else {
      for (int i = 0; i <= random.nextBelow(3); i++) {
        bottom.members.addAll(addPartition("p" + i, Entities.NONE, bottom, 1));
      }
    }
  }

  Domain domainOf(int id) {
    return Objects.requireNonNull(domainOf.get(id));
  }

  boolean scheduled(int id) {
    return domainOf.containsKey(id);
  }

  /// The thread that schedules a VP; none if the hypervisor does, though the VP may have a thread.
  int carrierOf(int vp) {
    return carrierOf.getOrDefault(vp, Entities.NONE);
  }

  boolean carried(int vp) {
    return carrierOf.containsKey(vp);
  }

  /// Whether a vCPU thread sleeps for good, because the hypervisor schedules its VP.
  boolean asleep(int thread) {
    return threadOf.containsValue(thread) && !carrierOf.containsValue(thread);
  }

  private List<Integer> addPartition(String name, int parent, Domain below, int depth) {
    int partition = entities.add(EntityKind.PARTITION, name, parent);
    List<Integer> vps = new ArrayList<>();
    for (int i = 0; i <= random.nextBelow(2); i++) {
      int vp = entities.add(EntityKind.VP, name + "/vp" + i, partition);
      vps.add(vp);
      domainOf.put(vp, below);
    }
    addUsers(name, partition, domain(vps, "quota:" + name), depth);
    return vps;
  }

  private void addUsers(String name, int partition, Domain domain, int depth) {
    for (int i = 0; i <= random.nextBelow(4); i++) {
      int task = entities.add(EntityKind.TASK, name + "/task:" + i, partition);
      domain.members.add(task);
      domainOf.put(task, domain);
    }
    if (depth < DEPTH_MAX && random.nextBelow(3) != 0) {
      addChild(name, partition, domain, depth);
    }
  }

  private void addChild(String name, int partition, Domain domain, int depth) {
    // The hypervisor can schedule a child only if there is one below.
    boolean byHypervisor = domain != bottom && random.nextBelow(3) == 0;
    List<Integer> vps =
        addPartition(name + "/child", partition, byHypervisor ? bottom : domain, depth + 1);
    if (byHypervisor) {
      bottom.members.addAll(vps);
    }
    for (int vp : vps) {
      int thread = entities.add(EntityKind.THREAD, name + "/thread:" + vp, partition);
      domain.members.add(thread);
      domainOf.put(thread, domain);
      threadOf.put(vp, thread);
      if (!byHypervisor) {
        carrierOf.put(vp, thread);
      }
    }
  }

  private Domain domain(List<Integer> processors, String rule) {
    Domain domain =
        new Domain(
            processors, new ArrayList<>(), entities.add(EntityKind.RULE, rule, Entities.NONE));
    domains.add(domain);
    return domain;
  }
}
