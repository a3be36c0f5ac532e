package dev.stint.host.live;

import dev.stint.host.CpuList;
import dev.stint.host.HostFiles;
import dev.stint.host.HostFiles.Text;
import dev.stint.model.linux.KernelVersion;
import dev.stint.model.linux.LinuxConfig;
import dev.stint.model.linux.PreemptModel;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/// What the model has to know of this machine to predict it.
///
/// @param release of the kernel
/// @param machine its processors
/// @param linux its kernel's rules
/// @param notes what had to be assumed
public record HostMachine(String release, Machine machine, LinuxConfig linux, List<String> notes) {
  private static final String CPUS = "sys/devices/system/cpu/";
  private static final Pattern RELEASE = Pattern.compile("(\\d{1,3}\\.\\d{1,3}(\\.\\d{1,3})?).*");
  private static final int HZ_DEFAULT = 250;

  /// Copies the list.
  public HostMachine {
    notes = List.copyOf(notes);
  }

  /// Looks at a machine.
  ///
  /// @param baseSliceNs of its kernel, as sched_getattr tells; absent if unknown
  public static HostMachine of(HostFiles files, OptionalLong baseSliceNs) throws CannotRunLive {
    List<String> notes = new ArrayList<>();
    String release = text(files, "proc/sys/kernel/osrelease").strip();
    Matcher matcher = RELEASE.matcher(release);
    Optional<KernelVersion> version =
        matcher.matches() ? KernelVersion.parse(matcher.group(1)) : Optional.empty();
    if (version.isEmpty()) {
      throw CannotRunLive.machine("the model has no rules for the kernel \"" + release + "\"");
    }
    String config = config(files, release);
    int hz = hz(config, notes);
    PreemptModel preempt = preempt(files, config, version.get());
    Machine machine = machine(files, notes);
    OptionalLong slice =
        baseSliceNs.isPresent()
                && baseSliceNs.getAsLong() >= 100_000
                && baseSliceNs.getAsLong() <= 100_000_000
            ? baseSliceNs
            : OptionalLong.empty();
    return new HostMachine(
        release, machine, new LinuxConfig(version.get(), hz, slice, false, preempt, false), notes);
  }

  private static String config(HostFiles files, String release) {
    if (files.read("proc/config.gz") instanceof Text.Read(String zipped)) {
      byte[] bytes = zipped.getBytes(StandardCharsets.ISO_8859_1);
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        return new String(in.readNBytes(HostFiles.LIMIT_BYTES), StandardCharsets.ISO_8859_1);
      } catch (IOException _) {
        // Not what it should be: the other place may have it.
        return text(files, "boot/config-" + release);
      }
    }
    return text(files, "boot/config-" + release);
  }

  private static int hz(String config, List<String> notes) {
    Matcher matcher = Pattern.compile("(?m)^CONFIG_HZ=(100|250|300|1000)$").matcher(config);
    if (matcher.find()) {
      return Integer.parseInt(matcher.group(1));
    }
    notes.add("HZ is assumed to be 250: the kernel's configuration cannot be read");
    return HZ_DEFAULT;
  }

  private static PreemptModel preempt(HostFiles files, String config, KernelVersion version) {
    Matcher line =
        Pattern.compile("(?s).*\\bpreempt=(none|voluntary|full|lazy)\\b.*")
            .matcher(text(files, "proc/cmdline"));
    boolean lazy =
        line.matches()
            ? line.group(1).equals("lazy")
            : config.contains("\nCONFIG_PREEMPT_LAZY=y\n");
    return lazy && version.lazyPreemption() ? PreemptModel.LAZY : PreemptModel.NONE;
  }

  /// Sockets of nodes of caches of cores of threads, if they are alike and numbered as the model
  /// numbers them; otherwise cores that share everything.
  private static Machine machine(HostFiles files, List<String> notes) throws CannotRunLive {
    CpuSet online =
        CpuList.parse(text(files, CPUS + "online").strip())
            .filter(cpus -> !cpus.isEmpty())
            .orElseThrow(() -> CannotRunLive.machine("/sys does not say which CPUs are online"));
    int count = online.count();
    if (!online.equals(CpuSet.range(0, count))) {
      throw CannotRunLive.machine("not all CPUs are online: " + online);
    }
    int threads = size(files, "topology/thread_siblings_list", 1);
    int cache = size(files, "cache/index3/shared_cpu_list", count);
    int socket = size(files, "topology/core_siblings_list", count);
    Set<String> nodes = new TreeSet<>(files.list("sys/devices/system/node"));
    nodes.removeIf(name -> !name.matches("node\\d+"));
    int node = nodes.isEmpty() ? count : Math.max(1, count / nodes.size());
    cache = Math.min(cache, Math.min(node, socket));
    boolean alike =
        count % socket == 0 && socket % node == 0 && node % cache == 0 && cache % threads == 0;
    if (!alike || threads > 2) {
      notes.add("the model takes the CPUs for equal cores that share their caches");
      return Machine.flat(count, 1);
    }
    return new Machine(count / socket, socket / node, node / cache, cache / threads, threads);
  }

  /// How many CPUs share something with CPU 0, if they are the first ones.
  private static int size(HostFiles files, String file, int otherwise) {
    return CpuList.parse(text(files, CPUS + "cpu0/" + file).strip())
        .filter(cpus -> !cpus.isEmpty() && cpus.equals(CpuSet.range(0, cpus.count())))
        .map(CpuSet::count)
        .orElse(otherwise);
  }

  private static String text(HostFiles files, String path) {
    return switch (files.read(path)) {
      case Text.Read(String text) -> text;
      case Text.Unreadable _ -> "";
    };
  }
}
