package dev.stint.host.observe;

import dev.stint.host.observe.Finding.Code;
import dev.stint.model.machine.CpuSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What is wrong with a host, by rules with stated bounds (docs/observe.md). Parts are of the time
/// in which threads ran or could have run, unless said otherwise.
public final class Rules {
  /// From here on a quota is worth a sentence.
  public static final double THROTTLED = 0.05;

  /// From here on what hypervisors took is, of the time that the CPUs were not idle.
  public static final double STOLEN = 0.02;

  /// From here on waiting for a CPU is.
  public static final double QUEUED = 0.10;

  /// What wants less than this part of one CPU is not spoken of.
  public static final double WANTED = 0.02;

  /// From here on CPUs are said to idle.
  public static final double IDLE = 0.10;

  /// With more of the CPUs' time unknown than this, nothing is said to be right.
  public static final double UNKNOWN = 0.20;

  private static final int MOST_OF_A_RULE = 3;

  private final View view;
  private final List<Finding> findings = new ArrayList<>();

  private Rules(View view) {
    this.view = view;
  }

  /// The findings on a view, one at least.
  public static List<Finding> of(View view) {
    Rules rules = new Rules(view);
    rules.throttled();
    rules.stolen();
    rules.queued();
    if (rules.findings.isEmpty()) {
      rules.nothing();
    }
    return List.copyOf(rules.findings);
  }

  /// The findings in one line.
  public static String sentence(List<Finding> findings) {
    return String.join(" ", findings.stream().map(Finding::text).toList());
  }

  private void throttled() {
    view.of(ViewEntity.Kind.GROUP).stream()
        .filter(group -> group.limits().isPresent())
        .filter(group -> group.limits().get().throttledPeriods().orElse(0) > 0)
        .filter(group -> notable(group.account()))
        .filter(group -> part(group.account().throttledNs(), group.account()) >= THROTTLED)
        .sorted(
            Comparator.comparingLong((ViewEntity group) -> -group.account().throttledNs())
                .thenComparing(ViewEntity::path))
        .limit(MOST_OF_A_RULE)
        .forEach(this::throttled);
  }

  private void throttled(ViewEntity group) {
    Account account = group.account();
    double part = part(account.throttledNs(), account);
    String name = group.path().substring("host/cgroup:".length());
    String quota =
        group.limits().flatMap(ViewEntity.Limits::quota).map(text -> " (" + text + ")").orElse("");
    findings.add(
        new Finding(
            Code.THROTTLED,
            group.path(),
            String.format(
                Locale.ROOT,
                "cgroup %s is throttled by cpu.max%s %s of the time that it wants to run%s.",
                name,
                quota,
                percent(part),
                whileIdle()),
            numbers(Map.of("throttled", part))));
  }

  private void stolen() {
    Account cpus = view.cpus();
    double part = part(cpus.stolenNs(), cpus);
    if (part >= STOLEN) {
      findings.add(
          new Finding(
              Code.STOLEN,
              "lp*",
              String.format(
                  Locale.ROOT,
                  "The hypervisor took %s of the time that this machine's CPUs were not idle.",
                  percent(part)),
              numbers(Map.of("stolen", part))));
    }
  }

  private void queued() {
    view.owners().entrySet().stream()
        .filter(owner -> notable(owner.getValue()))
        .filter(owner -> queues(owner.getValue()))
        .sorted(
            Comparator.comparingLong(
                    (Map.Entry<Owner, Account> owner) -> -owner.getValue().queueNs())
                .thenComparing(Map.Entry::getKey))
        .limit(MOST_OF_A_RULE)
        .forEach(owner -> queued(owner.getKey(), owner.getValue()));
  }

  private void queued(Owner owner, Account account) {
    double part = part(account.queueNs(), account);
    Optional<Map.Entry<Owner, Long>> most =
        view.behind().getOrDefault(owner, Map.of()).entrySet().stream()
            .max(Map.Entry.comparingByValue());
    String whom =
        most.map(occupant ->
                occupant.getKey().equals(owner)
                    ? ", mostly for its own threads"
                    : ", mostly for " + occupant.getKey().words())
            .orElse("");
    String waits =
        String.format(
            Locale.ROOT,
            "%s waits for CPUs %s of the time that it wants to run%s",
            capital(owner.words()),
            percent(part),
            whom);
    Optional<Confinement> confined = Optional.ofNullable(view.confined().get(owner));
    double elsewhere = confined.map(this::idleOutside).orElse(0.0);
    findings.add(
        elsewhere >= IDLE
            ? new Finding(
                Code.CONFINED,
                owner.path(),
                waits + ", " + elsewhereIdle(confined.get(), elsewhere) + ".",
                numbers(Map.of("queued", part, "idle_elsewhere", elsewhere)))
            : new Finding(
                Code.QUEUED,
                owner.path(),
                waits + whileIdle() + ".",
                numbers(Map.of("queued", part))));
  }

  /// Whether it waits for CPUs long enough for a sentence.
  static boolean queues(Account account) {
    return part(account.queueNs(), account) >= QUEUED;
  }

  private Stream<ViewEntity> outside(Confinement confined) {
    return view.of(ViewEntity.Kind.LP).stream()
        .filter(cpu -> !confined.cpus().contains(number(cpu)));
  }

  private static int number(ViewEntity cpu) {
    return Integer.parseInt(cpu.path().substring("lp".length()));
  }

  private double idleOutside(Confinement confined) {
    Account others = outside(confined).map(ViewEntity::account).reduce(Account.NONE, Account::plus);
    return others.wallNs() == 0 ? 0 : (double) others.blockedNs() / others.wallNs();
  }

  /// `while CPU 1 idles 93 %: cpuset vms/gold allows its 2 threads only CPU 0`.
  private String elsewhereIdle(Confinement confined, double idle) {
    CpuSet others = CpuSet.of(outside(confined).mapToInt(Rules::number).toArray());
    return String.format(
        Locale.ROOT,
        "while %s %s %s: %s allows %s only %s",
        cpus(others),
        others.count() == 1 ? "idles" : "idle",
        percent(idle),
        confined.words(),
        confined.threads() == 1 ? "it" : "its " + confined.threads() + " threads",
        cpus(confined.cpus()));
  }

  private static String cpus(CpuSet set) {
    return (set.count() == 1 ? "CPU " : "CPUs ") + set;
  }

  private void nothing() {
    Account cpus = view.cpus();
    boolean blind =
        cpus.wallNs() == 0 || cpus.unknownNs() > UNKNOWN * cpus.wallNs() || view.owners().isEmpty();
    findings.add(
        blind
            ? new Finding(
                Code.BLIND, "host", "Too little can be seen here to say what is wrong.", Map.of())
            : new Finding(
                Code.NOTHING,
                "host",
                view.stealUnseen().isEmpty()
                    ? "Nothing is wrong: no quota, no hypervisor and no queue takes much."
                    : "Nothing is wrong that can be seen: no quota and no queue takes much; whether"
                        + " a hypervisor does, this machine is not told.",
                numbers(Map.of())));
  }

  /// Not a thread that wanted a millisecond and waited for half of it.
  private boolean notable(Account account) {
    return view.wallNs() > 0 && account.wantedNs() >= WANTED * view.wallNs();
  }

  private String whileIdle() {
    double idle = idle();
    return idle >= IDLE ? ", while the CPUs idle " + percent(idle) : "";
  }

  private double idle() {
    Account cpus = view.cpus();
    return cpus.wallNs() == 0 ? 0 : (double) cpus.blockedNs() / cpus.wallNs();
  }

  private Map<String, Double> numbers(Map<String, Double> own) {
    Map<String, Double> numbers = new TreeMap<>(own);
    numbers.put("idle", idle());
    return numbers;
  }

  private static double part(long ns, Account account) {
    return account.wantedNs() <= 0 ? 0 : (double) ns / account.wantedNs();
  }

  private static String percent(double part) {
    return String.format(Locale.ROOT, "%.0f %%", part * 100);
  }

  private static String capital(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }
}
