package dev.stint.scenario;

import static dev.stint.scenario.Texts.quoted;

import dev.stint.model.linux.Quota;
import dev.stint.model.machine.CpuSet;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads policies from YAML 1.2 or JSON text, as [ScenarioReader] reads scenarios: all errors in
/// one pass, with their places; bounded time and memory; no exceptions.
public final class PolicyReader {
  private static final List<String> KEYS =
      List.of("owns", "cgroups", "vms", "pods", "processes", "guard");
  private static final List<String> KNOBS =
      List.of("cpu.weight", "cpu.max", "cpu.max.burst", "cpuset.cpus", "cpu.idle");
  private static final List<String> GUARD_KEYS = List.of("steal", "psi", "p99", "for");
  private static final Pattern PERCENT = Pattern.compile("(\\d{1,3}(?:\\.\\d{1,6})?) ?%");
  private static final int PART_MAX = 255;
  private static final int PATH_MAX = 4_000;
  private static final int WEIGHT_MAX = 10_000;
  private static final long GUARD_MIN_NS = 1_000_000_000L;
  private static final long GUARD_MAX_NS = 3_600_000_000_000L;
  private static final long GUARD_DEFAULT_NS = 10_000_000_000L;
  private static final long WAKE_MIN_NS = 1_000L;
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private final Problems problems;
  private final String file;

  private PolicyReader(Problems problems, String file) {
    this.problems = problems;
    this.file = file;
  }

  /// Reads a file.
  ///
  /// @param name how messages name it
  public static PolicyResult read(Path path, String name) {
    Problems problems = new Problems(name);
    return new PolicyReader(problems, name).result(SourceText.read(path, problems));
  }

  /// Reads a text.
  ///
  /// @param name how messages name it
  public static PolicyResult read(String text, String name) {
    Problems problems = new Problems(name);
    return new PolicyReader(problems, name).result(SourceText.check(text, problems));
  }

  private PolicyResult result(Optional<String> text) {
    Optional<Policy> policy =
        text.flatMap(
                body -> TreeParser.parse(body, problems, "`owns:` and one cgroup under `cgroups:`"))
            .map(this::policy);
    if (problems.hasErrors() || policy.isEmpty()) {
      return new PolicyResult.Refused(problems.errors());
    }
    return new PolicyResult.Loaded(policy.get(), problems.warnings());
  }

  private Policy policy(Tree root) {
    Fields fields = Fields.of(problems, root, "policy", KEYS);
    Optional<Tree.Scalar> owns = fields.scalar("owns");
    if (!fields.has("owns")) {
      problems.add(
          DiagnosticCode.MISSING,
          fields.at(),
          "",
          "the policy does not say what it owns",
          "Add `owns:` with the cgroup below which it may write, for example machine.slice");
    }
    owns.ifPresent(path ->
        checkPath(path, "owns", "Write it from where cgroups are mounted, such as machine.slice"));
    List<Policy.Entry> entries = new ArrayList<>();
    for (Policy.Kind kind : Policy.Kind.values()) {
      for (Tree.Entry entry : fields.entries(kind.key(), kind.key())) {
        entries.add(entry(kind, entry));
      }
    }
    if (entries.isEmpty() && !problems.hasErrors()) {
      problems.add(
          DiagnosticCode.MISSING,
          fields.at(),
          "",
          "the policy sets nothing",
          "Add `cgroups:`, `vms:`, `pods:` or `processes:` with a name and a knob");
    }
    return new Policy(file, owns.map(Tree.Scalar::text).orElse(""), entries, guard(fields));
  }

  private Policy.Entry entry(Policy.Kind kind, Tree.Entry entry) {
    Tree.Scalar name = entry.key();
    switch (kind) {
      case CGROUP -> checkPath(name, "cgroup", "Write it from what `owns` names, such as vm-gold");
      case VM, POD, PROCESS -> checkName(name, kind);
    }
    Fields fields =
        Fields.of(problems, entry.value(), kind.word() + " " + quoted(name.text()), KNOBS);
    Map<Policy.Knob, String> settings = new EnumMap<>(Policy.Knob.class);
    weight(fields, settings);
    quota(fields, settings);
    fields
        .cpus("cpuset.cpus", Quantities.CPU_MAX + 1, "Linux has at most " + Quantities.CPU_MAX)
        .filter(cpus -> !cpus.isEmpty())
        .map(CpuSet::toString)
        .ifPresent(cpus -> settings.put(Policy.Knob.CPUS, cpus));
    if (settings.isEmpty() && !problems.hasErrors()) {
      problems.add(
          DiagnosticCode.MISSING,
          name,
          kind.word() + " " + quoted(name.text()) + " sets no knob",
          "Add one of " + String.join(", ", KNOBS));
    }
    String place = file + ":" + name.at().line() + ":" + name.at().column();
    return new Policy.Entry(place, kind, name.text(), settings);
  }

  private void weight(Fields fields, Map<Policy.Knob, String> settings) {
    if (fields.has("cpu.weight")) {
      int weight = fields.integer("cpu.weight", 1, WEIGHT_MAX, 1, DiagnosticCode.WEIGHT);
      settings.put(Policy.Knob.WEIGHT, Integer.toString(weight));
    }
    if (fields.has("cpu.idle")) {
      int idle = fields.integer("cpu.idle", 0, 1, 0, DiagnosticCode.RANGE);
      settings.put(Policy.Knob.IDLE, Integer.toString(idle));
      if (idle == 1 && fields.has("cpu.weight")) {
        problems.add(
            DiagnosticCode.NOT_HERE,
            fields.at("cpu.weight"),
            fields.text("cpu.weight", ""),
            "cpu.weight has no meaning here: Linux refuses a weight where cpu.idle is 1",
            "Remove one of the two");
      }
    }
  }

  private void quota(Fields fields, Map<Policy.Knob, String> settings) {
    boolean alone = fields.has("cpu.max.burst") && !fields.has("cpu.max");
    if (alone) {
      problems.add(
          DiagnosticCode.MISSING,
          fields.at("cpu.max.burst"),
          fields.text("cpu.max.burst", ""),
          "cpu.max.burst stands without the cpu.max that it adds to",
          "Say cpu.max too");
      return;
    }
    Optional<Quota> quota = new QuotaReader(problems).quota(fields);
    if (fields.has("cpu.max")) {
      settings.put(
          Policy.Knob.MAX,
          quota
              .map(limit -> limit.quotaNs() / 1_000 + " " + limit.periodNs() / 1_000)
              .orElse("max 100000"));
      if (fields.has("cpu.max.burst")) {
        long burstNs = quota.map(Quota::burstNs).orElse(0L);
        settings.put(Policy.Knob.BURST, Long.toString(burstNs / 1_000));
      }
    }
  }

  private Optional<Policy.Guard> guard(Fields policy) {
    if (!policy.has("guard")) {
      return Optional.empty();
    }
    Fields fields = policy.fields("guard", "guard", GUARD_KEYS);
    OptionalDouble steal = percent(fields, "steal");
    OptionalDouble psi = percent(fields, "psi");
    OptionalLong wake =
        fields.durationNs("p99", WAKE_MIN_NS, GUARD_MAX_NS, DiagnosticCode.DURATION_RANGE);
    long forNs =
        fields.durationNs(
            "for", GUARD_MIN_NS, GUARD_MAX_NS, GUARD_DEFAULT_NS, DiagnosticCode.DURATION_RANGE);
    if (steal.isEmpty() && psi.isEmpty() && wake.isEmpty() && !problems.hasErrors()) {
      problems.add(
          DiagnosticCode.MISSING,
          fields.at(),
          "",
          "the guard guards nothing",
          "Add `steal: 10%`, `psi: 30%` or `p99: 5ms`");
    }
    return Optional.of(new Policy.Guard(steal, psi, wake, forNs));
  }

  private OptionalDouble percent(Fields fields, String key) {
    Optional<Tree.Scalar> scalar = fields.scalar(key);
    if (scalar.isEmpty()) {
      return OptionalDouble.empty();
    }
    var matcher = PERCENT.matcher(scalar.get().text());
    if (matcher.matches() && new BigDecimal(matcher.group(1)).compareTo(HUNDRED) <= 0) {
      return OptionalDouble.of(new BigDecimal(matcher.group(1)).doubleValue());
    }
    problems.add(
        DiagnosticCode.PERCENT_FORM,
        scalar.get(),
        key + " is 0% to 100% and got " + quoted(scalar.get().text()),
        "Write a percentage, such as 10%");
    return OptionalDouble.empty();
  }

  private void checkName(Tree.Scalar name, Policy.Kind kind) {
    String text = name.text();
    boolean slashes = kind == Policy.Kind.POD && text.split("/", -1).length <= 2;
    boolean fits = !text.isBlank() && text.length() <= PART_MAX && !hasControls(text);
    if (!fits || (!slashes && text.contains("/")) || text.contains("..")) {
      problems.add(
          DiagnosticCode.NAME_FORM,
          name,
          kind.word() + " name " + quoted(text) + " is not 1 to 255 characters on one line",
          "Write the name as its process or the kubelet has it");
    }
  }

  /// A path that stays below where it starts, whatever is there.
  private void checkPath(Tree.Scalar path, String what, String fix) {
    pathFault(path.text())
        .ifPresent(fault ->
            problems.add(
                DiagnosticCode.POLICY_PATH,
                path,
                what + " " + quoted(path.text()) + " " + fault,
                fix));
  }

  /// What is wrong with the path of a cgroup; empty if nothing is.
  ///
  /// A path is names of directories with single slashes between them: neither empty nor absolute,
  /// without `.` and `..`, without control characters.
  public static Optional<String> pathFault(String path) {
    if (path.isEmpty() || path.length() > PATH_MAX) {
      return Optional.of("is not 1 to " + PATH_MAX + " characters long");
    }
    if (path.startsWith("/")) {
      return Optional.of("is absolute");
    }
    Set<String> parts = new LinkedHashSet<>(List.of(path.split("/", -1)));
    if (parts.contains("..") || parts.contains(".")) {
      return Optional.of("has a part that is `.` or `..`");
    }
    if (parts.contains("") || parts.stream().anyMatch(part -> part.length() > PART_MAX)) {
      return Optional.of("has a part that is empty or longer than " + PART_MAX + " characters");
    }
    return hasControls(path) ? Optional.of("has control characters") : Optional.empty();
  }

  private static boolean hasControls(String text) {
    return text.codePoints()
        .anyMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || c == 0xFFFD);
  }
}
