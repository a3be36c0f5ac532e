package dev.stint.host.observe;

import dev.stint.host.observe.WatchedProcess.Member;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What is watched, as it is told.
///
/// @param all of all time since the start, or else of the last interval
record Entities(boolean all) {
  /// A VM: the sum of its vCPU threads.
  private static final class Vm {
    private final Optional<String> group;
    private Account account = Account.NONE;
    private long dispatches;
    private long migrations;
    private Optional<Wakes> wakes = Optional.empty();

    Vm(Optional<String> group) {
      this.group = group;
    }
  }

  /// CPUs, VMs, their vCPU threads, cgroups, other threads.
  List<ViewEntity> of(
      List<ViewEntity> cpus, List<Member> members, Collection<WatchedGroup> groups) {
    Map<String, Vm> vms = new TreeMap<>();
    List<ViewEntity> threads = new ArrayList<>();
    List<ViewEntity> tasks = new ArrayList<>();
    for (Member member : members) {
      ViewEntity entity = entity(member);
      (member.carriesVp() ? threads : tasks).add(entity);
      if (member.carriesVp()) {
        add(vms.computeIfAbsent(member.owner().path(), _ -> new Vm(entity.group())), member);
      }
    }
    List<ViewEntity> entities = new ArrayList<>(cpus);
    vms.forEach((path, vm) -> entities.add(entity(path, vm)));
    entities.addAll(threads);
    groups.forEach(group -> entities.add(group.entity(all)));
    entities.addAll(tasks);
    return entities;
  }

  private Account account(Member member) {
    return all ? member.thread().total() : member.thread().interval();
  }

  private long dispatches(Member member) {
    return all ? member.thread().dispatches() : member.thread().intervalDispatches();
  }

  private long migrations(Member member) {
    return all ? member.thread().migrations() : member.thread().intervalMigrations();
  }

  private Optional<Wakes> wakes(Member member) {
    return all ? member.thread().wakes() : member.thread().intervalWakes();
  }

  private ViewEntity entity(Member member) {
    WatchedThread thread = member.thread();
    Account account = account(member);
    boolean vcpu = member.carriesVp();
    return new ViewEntity(
        vcpu
            ? "host/thread:" + member.owner().path() + "/vcpu" + member.vp()
            : "host/task:" + thread.plainComm() + "-" + thread.tid(),
        vcpu ? ViewEntity.Kind.THREAD : ViewEntity.Kind.TASK,
        member.group().isEmpty()
            ? Optional.empty()
            : Optional.of(WatchedGroup.entityPath(member.group())),
        account,
        vcpu ? account : Account.NONE,
        dispatches(member),
        migrations(member),
        wakes(member).map(Wakes::latency),
        Optional.empty());
  }

  private void add(Vm vm, Member vcpu) {
    vm.account = vm.account.plus(account(vcpu));
    vm.dispatches += dispatches(vcpu);
    vm.migrations += migrations(vcpu);
    vm.wakes = Wakes.together(vm.wakes, wakes(vcpu));
  }

  private static ViewEntity entity(String path, Vm vm) {
    return new ViewEntity(
        path,
        ViewEntity.Kind.PARTITION,
        vm.group,
        vm.account,
        vm.account,
        vm.dispatches,
        vm.migrations,
        vm.wakes.map(Wakes::latency),
        Optional.empty());
  }
}
