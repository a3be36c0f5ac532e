package dev.stint.host.observe;

import dev.stint.host.observe.ViewEntity.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/// A view as Prometheus reads it, text format 0.0.4: counters in seconds since the start of the
/// observation. What is not known has no sample.
public final class MetricsText {
  /// The media type.
  public static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final View view;
  private final StringBuilder text = new StringBuilder();

  private MetricsText(View view) {
    this.view = view;
  }

  /// The text for a view of all time since the start.
  public static String of(View total) {
    MetricsText metrics = new MetricsText(total);
    metrics.write();
    return metrics.text.toString();
  }

  private record State(String name, Function<Account, Long> ns) {}

  private static final List<State> STATES =
      List.of(
          new State("run", Account::runNs),
          new State("queue", Account::queueNs),
          new State("throttled", Account::throttledNs));

  private void write() {
    family("stint_observed_seconds_total", "counter", "How long the observation has lasted.");
    sample("stint_observed_seconds_total", List.of(), seconds(view.wallNs()));
    cpus();
    threads();
    groups();
    family("stint_finding", "gauge", "1 for each rule that found something since the start.");
    for (Finding finding : Rules.of(view)) {
      sample(
          "stint_finding",
          List.of(label("code", finding.code().text()), label("entity", finding.entity())),
          "1");
    }
  }

  private void cpus() {
    String name = "stint_cpu_seconds_total";
    family(name, "counter", "What this host's CPUs did, by state: run, stolen, idle, unknown.");
    for (ViewEntity cpu : view.of(Kind.LP)) {
      Account account = cpu.account();
      String number = label("cpu", cpu.path().substring("lp".length()));
      sample(name, List.of(number, label("state", "run")), seconds(account.runNs()));
      if (view.stealUnseen().isEmpty()) {
        sample(name, List.of(number, label("state", "stolen")), seconds(account.stolenNs()));
      }
      sample(name, List.of(number, label("state", "idle")), seconds(account.blockedNs()));
      sample(name, List.of(number, label("state", "unknown")), seconds(account.unknownNs()));
    }
  }

  /// Of VMs' vCPU threads only: other threads come and go too much to be series.
  private void threads() {
    String name = "stint_vcpu_seconds_total";
    family(name, "counter", "What vCPU threads did, by state: run, queue, throttled.");
    for (ViewEntity thread : view.of(Kind.THREAD)) {
      states(name, vcpu(thread), thread.account());
    }
    family(
        "stint_vcpu_unaccounted_seconds",
        "gauge",
        "Time of vCPU threads by what the figures leave over: blocked, unknown.");
    for (ViewEntity thread : view.of(Kind.THREAD)) {
      leftOver("stint_vcpu_unaccounted_seconds", vcpu(thread), thread.account());
    }
    family("stint_vcpu_dispatches_total", "counter", "Times that vCPU threads got a CPU.");
    for (ViewEntity thread : view.of(Kind.THREAD)) {
      sample("stint_vcpu_dispatches_total", vcpu(thread), "" + thread.dispatches());
    }
    family(
        "stint_vcpu_migrations_seen_total",
        "counter",
        "Changes of CPU that looks at vCPU threads have seen: at least so many.");
    for (ViewEntity thread : view.of(Kind.THREAD)) {
      sample("stint_vcpu_migrations_seen_total", vcpu(thread), "" + thread.migrations());
    }
    wakes("stint_vcpu", "vCPU threads", Kind.THREAD, MetricsText::vcpu);
  }

  /// Of what a trace tells; without one there is no family.
  private void wakes(
      String prefix, String whose, Kind kind, Function<ViewEntity, List<String>> labels) {
    List<ViewEntity> traced =
        view.of(kind).stream().filter(entity -> entity.wakes().isPresent()).toList();
    if (traced.isEmpty()) {
      return;
    }
    String name = prefix + "_wake_latency_seconds";
    family(name, "histogram", "Waits of " + whose + " for a CPU after wake-ups, by a trace.");
    for (ViewEntity entity : traced) {
      histogram(name, labels.apply(entity), entity.wakes().get());
    }
    name = prefix + "_wakeups_unmeasured_total";
    family(name, "counter", "Wake-ups whose wait the trace did not show the end of.");
    for (ViewEntity entity : traced) {
      sample(name, labels.apply(entity), "" + entity.wakes().get().unmeasured());
    }
    name = prefix + "_wake_latency_unknown_seconds_total";
    family(name, "counter", "Thread time of which the trace lost events.");
    for (ViewEntity entity : traced) {
      sample(name, labels.apply(entity), seconds(entity.wakes().get().unknownNs()));
    }
  }

  private void histogram(String name, List<String> labels, WakeLatency wakes) {
    long sofar = 0;
    for (int i = 0; i < wakes.counts().size(); i++) {
      sofar += wakes.counts().get(i);
      boolean last = i == wakes.counts().size() - 1;
      List<String> all = new ArrayList<>(labels);
      all.add(label("le", last ? "+Inf" : bound(WakeLatency.BOUNDS_NS.get(i))));
      sample(name + "_bucket", all, "" + sofar);
    }
    sample(name + "_sum", labels, seconds(wakes.measured().sumNs()));
    sample(name + "_count", labels, "" + wakes.measured().count());
  }

  private static String bound(long ns) {
    return BigDecimal.valueOf(ns, 9).stripTrailingZeros().toPlainString();
  }

  /// `host/thread:VM/vcpuN`.
  private static List<String> vcpu(ViewEntity thread) {
    int slash = thread.path().lastIndexOf('/');
    String vm = thread.path().substring("host/thread:".length(), slash);
    return List.of(label("vm", vm), label("vcpu", thread.path().substring(slash + 5)));
  }

  private void groups() {
    String name = "stint_cgroup_seconds_total";
    family(name, "counter", "What the threads in and below cgroups did, by state.");
    for (ViewEntity group : view.of(Kind.GROUP)) {
      states(name, cgroup(group), group.account());
    }
    wakes("stint_cgroup", "the threads in and below cgroups", Kind.GROUP, MetricsText::cgroup);
    counter(
        "stint_cgroup_periods_total",
        "Bandwidth periods in which a cgroup was active.",
        limits -> limits.periods(),
        false);
    counter(
        "stint_cgroup_throttled_periods_total",
        "Bandwidth periods in which a cgroup was throttled.",
        limits -> limits.throttledPeriods(),
        false);
    counter(
        "stint_cgroup_throttled_seconds_total",
        "Time in which CPUs were forbidden to a cgroup with work for them, summed over CPUs.",
        limits -> limits.throttledNs(),
        true);
    counter(
        "stint_cgroup_pressure_waiting_seconds_total",
        "Time in which some task of a cgroup waited for a CPU (PSI).",
        limits -> limits.pressureNs(),
        true);
  }

  private void counter(
      String name, String help, Function<ViewEntity.Limits, OptionalLong> of, boolean time) {
    family(name, "counter", help);
    for (ViewEntity group : view.of(Kind.GROUP)) {
      OptionalLong value = group.limits().map(of).orElse(OptionalLong.empty());
      if (value.isPresent()) {
        long number = value.getAsLong();
        sample(name, cgroup(group), time ? seconds(number) : "" + number);
      }
    }
  }

  private static List<String> cgroup(ViewEntity group) {
    return List.of(label("cgroup", "/" + group.path().substring("host/cgroup:".length())));
  }

  private void states(String name, List<String> labels, Account account) {
    for (State state : STATES) {
      List<String> all = new ArrayList<>(labels);
      all.add(label("state", state.name()));
      sample(name, all, seconds(state.ns().apply(account)));
    }
  }

  private void leftOver(String name, List<String> labels, Account account) {
    List<String> blocked = new ArrayList<>(labels);
    blocked.add(label("state", "blocked"));
    sample(name, blocked, seconds(account.blockedNs()));
    List<String> unknown = new ArrayList<>(labels);
    unknown.add(label("state", "unknown"));
    sample(name, unknown, seconds(account.unknownNs()));
  }

  private void family(String name, String type, String help) {
    text.append("# HELP ").append(name).append(' ');
    text.append(help.replace("\\", "\\\\").replace("\n", "\\n")).append('\n');
    text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
  }

  private void sample(String name, List<String> labels, String value) {
    text.append(name);
    if (!labels.isEmpty()) {
      text.append('{').append(String.join(",", labels)).append('}');
    }
    text.append(' ').append(value).append('\n');
  }

  /// A label, escaped as the format asks: backslash, double quote, line feed.
  static String label(String name, String value) {
    String escaped = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return name + "=\"" + escaped + "\"";
  }

  private static String seconds(long ns) {
    return BigDecimal.valueOf(ns, 9).toPlainString();
  }
}
