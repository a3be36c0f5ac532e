package dev.stint.host.observe;

import dev.stint.host.HostFiles;
import dev.stint.host.Reading;
import dev.stint.host.proc.CpuTicks;
import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The host's CPUs: busy, idle, and stolen by a hypervisor below, in ticks of `/proc/stat`.
final class CpuLedger {
  private final Map<Integer, Cpu> cpus = new TreeMap<>();
  private Optional<String> blind = Optional.empty();

  private static final class Cpu {
    private long atNs;
    private CpuTicks last;
    private Account interval = Account.NONE;
    private Account total = Account.NONE;

    Cpu(long atNs, CpuTicks first) {
      this.atNs = atNs;
      last = first;
    }

    void look(long nowNs, CpuTicks now) {
      interval = account(nowNs - atNs, now.since(last));
      total = total.plus(interval);
      atNs = nowNs;
      last = now;
    }
  }

  /// Looks again.
  ///
  /// @param nowNs `CLOCK_MONOTONIC`, taken with the read
  void look(HostFiles files, long nowNs) {
    Reading<Map<Integer, CpuTicks>> reading = CpuTicks.read(files);
    switch (reading) {
      case Reading.Unknown<Map<Integer, CpuTicks>>(String reason) -> {
        blind = Optional.of(reason);
        cpus.clear();
      }
      case Reading.Known<Map<Integer, CpuTicks>>(Map<Integer, CpuTicks> ticks) -> {
        blind = Optional.empty();
        cpus.keySet().retainAll(ticks.keySet());
        ticks.forEach((number, now) -> {
          Cpu cpu = cpus.get(number);
          if (cpu == null) {
            cpus.put(number, new Cpu(nowNs, now));
          } else {
            cpu.look(nowNs, now);
          }
        });
      }
    }
  }

  /// Ticks are whole and wall time is not: what they do not fill is unknown, what they overfill is
  /// cut, idle time first.
  static Account account(long wallNs, CpuTicks passed) {
    boolean backwards =
        passed.user() < 0 || passed.system() < 0 || passed.idle() < 0 || passed.steal() < 0;
    if (backwards || wallNs < 0) {
      return Account.unknown(Math.max(0, wallNs));
    }
    long most = wallNs / CpuTicks.TICK_NS + 1;
    long stolenNs = Math.min(wallNs, Math.min(passed.steal(), most) * CpuTicks.TICK_NS);
    long runNs = Math.min(wallNs - stolenNs, Math.min(passed.busy(), most) * CpuTicks.TICK_NS);
    long idleNs =
        Math.min(wallNs - stolenNs - runNs, Math.min(passed.idle(), most) * CpuTicks.TICK_NS);
    return new Account(wallNs, runNs, 0, 0, stolenNs, idleNs, wallNs - stolenNs - runNs - idleNs);
  }

  /// What hypervisors took from all CPUs in the last interval.
  long intervalStolenNs() {
    return cpus.values().stream().mapToLong(cpu -> cpu.interval.stolenNs()).sum();
  }

  /// Their numbers.
  CpuSet online() {
    return CpuSet.of(cpus.keySet().stream().mapToInt(Integer::intValue).toArray());
  }

  List<ViewEntity> entities(boolean all) {
    List<ViewEntity> entities = new ArrayList<>();
    cpus.forEach((number, cpu) ->
        entities.add(
            new ViewEntity(
                "lp" + number,
                ViewEntity.Kind.LP,
                Optional.empty(),
                all ? cpu.total : cpu.interval,
                Account.NONE,
                0,
                0,
                Optional.empty(),
                Optional.empty())));
    return entities;
  }

  /// Why nothing is known of them, if nothing is.
  Optional<String> blind() {
    return blind;
  }
}
