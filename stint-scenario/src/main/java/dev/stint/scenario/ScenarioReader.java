package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.hypervisor.Controls;
import dev.stint.model.hypervisor.HypervisorConfig;
import dev.stint.model.kvm.KvmConfig;
import dev.stint.model.machine.CpuSet;
import dev.stint.model.machine.Machine;
import dev.stint.model.sched.Costs;
import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.CpuGroupSpec;
import dev.stint.model.stack.PartitionKind;
import dev.stint.model.stack.PartitionSpec;
import dev.stint.model.stack.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads scenarios from YAML 1.2 or JSON text.
///
/// Bad input is answered with [ReadResult.Refused], never with an exception; time and memory are
/// bounded whatever the text says. All errors that can be told apart are found in one pass.
public final class ScenarioReader {
  /// The longest run: an hour of simulated time.
  public static final long DURATION_MAX_NS = 3_600_000_000_000L;

  /// The shortest run: a millisecond of simulated time.
  public static final long DURATION_MIN_NS = 1_000_000L;

  private static final long DURATION_DEFAULT_NS = 10_000_000_000L;
  private static final Machine LARGEST = new Machine(1, 1, 1, Machine.LP_COUNT_MAX, 1);
  private static final Map<String, Assembly> ASSEMBLIES =
      Choices.of(Assembly.values(), Assembly::text);
  private static final List<String> KEYS =
      List.of(
          "name",
          "description",
          "seed",
          "duration",
          "machine",
          "hypervisor",
          "costs",
          "kvm",
          "cpu-groups",
          "under",
          "partitions");

  private final Problems problems;
  private final Path file;

  private ScenarioReader(Problems problems, Path file) {
    this.problems = problems;
    this.file = file;
  }

  /// Reads a file. A scenario without a name gets that of the directory of its `scenario.yaml`, or
  /// of the file.
  public static ReadResult read(Path path) {
    Problems problems = new Problems(path.toString());
    Optional<String> text = SourceText.read(path, problems);
    return new ScenarioReader(problems, path.toAbsolutePath()).result(text);
  }

  /// Reads a text.
  ///
  /// @param fileName for messages, and for the name of a scenario without one
  public static ReadResult read(String text, String fileName) {
    Problems problems = new Problems(fileName);
    Optional<String> checked = SourceText.check(text, problems);
    // A name that is no path, such as one with a NUL, still names the text in messages.
    Path file = Path.of(fileName.replaceAll("[^A-Za-z0-9_.@+/-]", "-"));
    return new ScenarioReader(problems, file).result(checked);
  }

  private ReadResult result(Optional<String> text) {
    Optional<Scenario> scenario =
        text.flatMap(body -> TreeParser.parse(body, problems)).flatMap(this::scenario);
    if (problems.hasErrors() || scenario.isEmpty()) {
      return new ReadResult.Refused(problems.errors());
    }
    return new ReadResult.Loaded(scenario.get(), problems.warnings());
  }

  private Optional<Scenario> scenario(Tree root) {
    Fields fields = Fields.of(problems, root, "scenario", KEYS);
    fields.scalar("name").ifPresent(name -> Names.check(problems, name, "scenario"));
    long seed = fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE, 1, DiagnosticCode.RANGE);
    long durationNs =
        fields.durationNs(
            "duration",
            DURATION_MIN_NS,
            DURATION_MAX_NS,
            DURATION_DEFAULT_NS,
            DiagnosticCode.DURATION_RANGE);
    MachineReader machineReader = new MachineReader(problems);
    Optional<Machine> machine = machineReader.machine(fields);
    HypervisorConfig hypervisor = machineReader.hypervisor(fields);
    Costs costs = CostsReader.read(problems, fields);
    KvmConfig kvm = machineReader.kvm(fields);
    List<CpuGroupSpec> cpuGroups = machineReader.cpuGroups(fields, machine.orElse(LARGEST));
    PartitionReader.Frame frame =
        new PartitionReader.Frame(
            machine.orElse(LARGEST),
            machine.isPresent(),
            durationNs,
            cpuGroups.stream().map(CpuGroupSpec::name).toList());
    List<PartitionSpec> partitions =
        root instanceof Tree.Mapping ? partitions(fields, frame) : List.of();
    checkReserves(fields, partitions, frame.machine());
    checkPinned(fields, partitions, frame.machine(), hypervisor);
    List<Assembly> under = under(fields, partitions);
    return Optional.of(
        new Scenario(
            fields.text("name", defaultName()),
            fields.text("description", ""),
            seed,
            durationNs,
            frame.machine(),
            hypervisor,
            costs,
            kvm,
            cpuGroups,
            partitions,
            under));
  }

  private String defaultName() {
    Path name = file.getFileName();
    if (name == null) {
      return Names.from("");
    }
    Path parent = file.getParent();
    boolean named = name.toString().startsWith("scenario.") && parent != null;
    Path directory = named && parent != null ? parent.getFileName() : null;
    return directory == null
        ? Names.from(name.toString().replaceAll("\\.(ya?ml|json)$", ""))
        : Names.from(directory.toString());
  }

  private List<PartitionSpec> partitions(Fields fields, PartitionReader.Frame frame) {
    List<Tree.Entry> entries = fields.entries("partitions", "partitions");
    if (entries.isEmpty()) {
      if (!problems.hasErrors() || !fields.has("partitions")) {
        problems.add(
            DiagnosticCode.NO_PARTITIONS,
            fields.at("partitions"),
            "",
            "the scenario has no partitions",
            "Add `partitions:` with at least one, for example `vm: {tasks: {a: {busy: {}}}}`");
      }
      return List.of();
    }
    Budget budget = new Budget(problems);
    PartitionReader reader = new PartitionReader(problems, budget, frame);
    Optional<PartitionReader.Read> root = root(entries, reader);
    List<PartitionSpec> partitions = new ArrayList<>();
    for (Tree.Entry entry : entries) {
      if (PartitionReader.kind(entry.value()).equals(Optional.of(PartitionKind.ROOT))) {
        root.ifPresent(read -> {
          if (read.partition().name().equals(entry.key().text())) {
            partitions.add(read.partition());
          }
        });
      } else if (!budget.exhausted()) {
        partitions.add(reader.read(entry, root.map(PartitionReader.Read::asParent)).partition());
      }
    }
    return partitions;
  }

  /// The root partition, read before its guests, which name its groups.
  private Optional<PartitionReader.Read> root(List<Tree.Entry> entries, PartitionReader reader) {
    List<Tree.Entry> roots =
        entries.stream()
            .filter(entry ->
                PartitionReader.kind(entry.value()).equals(Optional.of(PartitionKind.ROOT)))
            .toList();
    for (Tree.Entry second : roots.stream().skip(1).toList()) {
      problems.add(
          DiagnosticCode.SECOND_ROOT,
          second.key(),
          "partition "
              + quoted(second.key().text())
              + " is a second root partition beside "
              + quoted(roots.getFirst().key().text()),
          "Make it `kind: l1vh` or a guest");
    }
    return roots.stream().findFirst().map(entry -> reader.read(entry, Optional.empty()));
  }

  private void checkReserves(Fields fields, List<PartitionSpec> partitions, Machine machine) {
    long machineTotal = 0;
    for (PartitionSpec partition : partitions) {
      long total = reserved(partition);
      machineTotal += total;
      int lpCount = partition.lps().map(CpuSet::count).orElse(machine.lpCount());
      if (total > (long) lpCount * Controls.ONE_LP) {
        Position at = place(fields, partition.name(), "reserve");
        refuseReserve(at, "partition " + quoted(partition.name()), total, lpCount);
        return;
      }
    }
    if (machineTotal > (long) machine.lpCount() * Controls.ONE_LP) {
      refuseReserve(fields.at("partitions"), "the scenario", machineTotal, machine.lpCount());
    }
  }

  /// Where a key of a partition is written, or else where the partition is.
  private static Position place(Fields fields, String partition, String key) {
    Optional<Tree> found =
        fields
            .find("partitions")
            .filter(Tree.Mapping.class::isInstance)
            .flatMap(tree -> ((Tree.Mapping) tree).find(partition));
    if (found.isPresent() && found.get() instanceof Tree.Mapping mapping) {
      return mapping.find(key).map(Tree::at).orElse(mapping.at());
    }
    return found.map(Tree::at).orElse(fields.at());
  }

  private static long reserved(PartitionSpec partition) {
    long total = (long) partition.controls().reserve() * partition.vps();
    for (PartitionSpec child : partition.children()) {
      total += reserved(child);
    }
    return total;
  }

  private void refuseReserve(Position at, String who, long raw, int lpCount) {
    problems.add(
        DiagnosticCode.RESERVE_SUM,
        at,
        "",
        who
            + " reserves "
            + raw * 100 / Controls.ONE_LP
            + "% of an LP in all and may use "
            + lpCount
            + (lpCount == 1 ? " LP" : " LPs"),
        "Lower `reserve` or `vps`");
  }

  private void checkPinned(
      Fields fields, List<PartitionSpec> partitions, Machine machine, HypervisorConfig hypervisor) {
    if (!hypervisor.l1vhPinned()) {
      return;
    }
    for (PartitionSpec partition : partitions) {
      int lpCount = partition.lps().map(CpuSet::count).orElse(machine.lpCount());
      if (partition.kind() == PartitionKind.L1VH && partition.vps() > lpCount) {
        problems.add(
            DiagnosticCode.PINNED,
            place(fields, partition.name(), "vps"),
            "",
            "partition "
                + quoted(partition.name())
                + " has "
                + partition.vps()
                + " VPs pinned to "
                + lpCount
                + (lpCount == 1 ? " LP" : " LPs"),
            "Use at most " + lpCount + " VPs, or `l1vh-vps: scheduled`");
      }
    }
  }

  private List<Assembly> under(Fields fields, List<PartitionSpec> partitions) {
    boolean l1vh =
        partitions.stream().anyMatch(partition -> partition.kind() == PartitionKind.L1VH);
    boolean onlyRoot =
        partitions.stream().allMatch(partition -> partition.kind() == PartitionKind.ROOT);
    if (!fields.has("under")) {
      if (onlyRoot) {
        return List.of(Assembly.ROOT);
      }
      return l1vh
          ? List.of(Assembly.CORE, Assembly.INTEGRATED, Assembly.ROOT)
          : List.of(Assembly.CORE, Assembly.ROOT);
    }
    Set<Assembly> under = new LinkedHashSet<>();
    List<Tree> items = fields.items("under", "under");
    for (Tree item : items) {
      Optional<Tree.Scalar> name = Fields.scalar(problems, item, "an entry of under");
      Optional<Assembly> assembly =
          name.flatMap(text -> Fields.choice(problems, text, "under", ASSEMBLIES));
      if (assembly.isEmpty()) {
        continue;
      }
      if (!under.add(assembly.get())) {
        problems.add(
            DiagnosticCode.NAME_TAKEN,
            name.orElseThrow(),
            quoted(assembly.get().text()) + " is in `under` twice",
            "Remove one of the two");
      }
      if (assembly.get() == Assembly.INTEGRATED && !l1vh && !problems.hasErrors()) {
        problems.add(
            DiagnosticCode.NEEDS_L1VH,
            name.orElseThrow(),
            "integrated needs a partition of kind l1vh and there is none",
            "Add one, or remove integrated from `under`");
      }
    }
    if (items.isEmpty() && !problems.hasErrors()) {
      problems.add(
          DiagnosticCode.MISSING,
          fields.at("under"),
          "",
          "under names no assembly",
          "Write for example `under: [core, integrated, root]`");
    }
    return List.copyOf(under);
  }
}
