package dev.stint.host.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.RecordedHost;
import dev.stint.host.observe.ViewEntity.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What may be said of a recorded host from its first look to its second, computed plainly from the
/// recorded text: the oracle for a view of it, whole or spoiled.
final class NaiveView {
  private static final Pattern TASK = Pattern.compile("proc/(\\d+)/task/(\\d+)/schedstat");
  private static final Pattern VCPU = Pattern.compile("CPU (\\d+)/TCG");
  private static final long TICK_NS = 10_000_000;

  private final RecordedHost host;
  private final View whole;
  private final Map<Long, Thread> threads = new TreeMap<>();

  /// @param whole the view of the host when nothing is spoiled
  NaiveView(RecordedHost host, View whole) {
    this.host = host;
    this.whole = whole;
    for (String path : host.files()) {
      Matcher task = TASK.matcher(path);
      if (task.matches()) {
        Thread thread = thread(Long.parseLong(task.group(1)), Long.parseLong(task.group(2)));
        threads.put(thread.tid, thread);
      }
    }
  }

  /// A recorded thread, by its `schedstat`: what does not fit in the interval is cut, run time
  /// last.
  record Thread(long pid, long tid, String comm, String group, String vm, long[] passed) {
    long runNs(long wallNs) {
      return Math.min(passed[0], wallNs);
    }

    long waitNs(long wallNs) {
      return Math.min(passed[1], wallNs - runNs(wallNs));
    }

    /// The entity's path, of the VM's name or its process's number.
    boolean is(String path) {
      Matcher vcpu = VCPU.matcher(comm);
      return path.equals("host/task:" + comm + "-" + tid)
          || (vcpu.matches()
              && (path.equals("host/thread:" + vm + "/vcpu" + vcpu.group(1))
                  || path.equals("host/thread:vm-" + pid + "/vcpu" + vcpu.group(1))));
    }
  }

  private Thread thread(long pid, long tid) {
    String task = "proc/" + pid + "/task/" + tid + "/";
    long[] passed = new long[3];
    for (int i = 0; i < 3; i++) {
      passed[i] = field(2, task + "schedstat", i) - field(1, task + "schedstat", i);
    }
    String stat = host.text(2, task + "stat");
    String command = host.text(1, "proc/" + pid + "/cmdline");
    String group =
        host.text(1, task + "cgroup")
            .lines()
            .filter(line -> line.matches("\\d+:cpu:.*|0::/.+"))
            .findFirst()
            .orElse("/")
            .replaceAll(".*:/|^/", "");
    return new Thread(
        pid,
        tid,
        stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')')),
        group,
        command.contains("guest=gold") ? "gold" : "stopped",
        passed);
  }

  private long field(int look, String path, int index) {
    return Long.parseLong(host.text(look, path).strip().split(" ")[index]);
  }

  Map<Long, Thread> threads() {
    return threads;
  }

  Thread thread(String path) {
    List<Thread> found = threads.values().stream().filter(thread -> thread.is(path)).toList();
    assertThat(found).as("recorded threads that are %s", path).hasSize(1);
    return found.getFirst();
  }

  /// The ticks that passed on a CPU, as `/proc/stat` counts them: user, nice, system, idle, waiting
  /// for disks, interrupts, soft interrupts, stolen.
  long[] ticks(String cpu) {
    long[][] looks = new long[2][];
    for (int look = 1; look <= 2; look++) {
      String line =
          host.text(look, "proc/stat")
              .lines()
              .filter(each -> each.startsWith(cpu + " "))
              .findFirst()
              .orElseThrow();
      looks[look - 1] =
          Arrays.stream(line.split(" +")).skip(1).mapToLong(Long::parseLong).toArray();
    }
    long[] passed = new long[8];
    Arrays.setAll(passed, i -> looks[1][i] - looks[0][i]);
    return passed;
  }

  /// Holds a view of the host, some of whose files may be spoiled, against the recording: a figure
  /// is what the whole host's is, or not known.
  void check(View view) {
    assertThat(view.wallNs()).isEqualTo(host.intervalNs());
    boolean throttlingKnown = view.notes().stream().noneMatch(note -> note.contains("hrottling"));
    for (ViewEntity entity : view.entities()) {
      Account account = entity.account();
      assertThat(account.residualNs()).as(entity.path()).isZero();
      assertThat(Math.min(account.blockedNs(), account.unknownNs())).isNotNegative();
      switch (entity.kind()) {
        case LP -> cpu(entity);
        case TASK, THREAD -> thread(entity, throttlingKnown);
        case GROUP -> group(entity, view);
        case PARTITION -> partition(entity, view);
      }
    }
    for (Finding finding : Rules.of(view)) {
      boolean same =
          Rules.of(whole).stream()
              .anyMatch(known ->
                  known.code() == finding.code() && known.entity().equals(finding.entity()));
      boolean less =
          switch (finding.code()) {
            case THROTTLED, STOLEN, NOTHING -> false;
            // The wait is there; to whom it is told, and whose fault it is, is not known.
            case QUEUED, CONFINED, BLIND -> true;
          };
      assertThat(same || less).as("%s of %s", finding, view.notes()).isTrue();
    }
  }

  private void cpu(ViewEntity entity) {
    long wallNs = host.intervalNs();
    long[] ticks = ticks("cpu" + entity.path().substring(2));
    long stolenNs = Math.min(wallNs, ticks[7] * TICK_NS);
    long busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6];
    long runNs = Math.min(wallNs - stolenNs, busy * TICK_NS);
    long idleNs = Math.min(wallNs - stolenNs - runNs, (ticks[3] + ticks[4]) * TICK_NS);
    assertThat(entity.account())
        .isEqualTo(
            new Account(wallNs, runNs, 0, 0, stolenNs, idleNs, wallNs - stolenNs - runNs - idleNs));
  }

  private void thread(ViewEntity entity, boolean throttlingKnown) {
    Thread thread = thread(entity.path());
    Account account = entity.account();
    long wallNs = host.intervalNs();
    assertThat(account.wallNs()).isEqualTo(wallNs);
    assertThat(account.runNs()).as(entity.path()).isEqualTo(thread.runNs(wallNs));
    assertThat(account.waitNs()).as(entity.path()).isEqualTo(thread.waitNs(wallNs));
    assertThat(entity.dispatches()).isEqualTo(thread.passed[2]);
    Account known =
        whole.entities().stream()
            .filter(each -> each.kind() == Kind.TASK || each.kind() == Kind.THREAD)
            .filter(each -> thread.is(each.path()))
            .findFirst()
            .orElseThrow()
            .account();
    assertThat(account.blockedNs()).as(entity.path()).isLessThanOrEqualTo(known.blockedNs());
    if (throttlingKnown && entity.group().isPresent()) {
      assertThat(account.throttledNs()).as(entity.path()).isEqualTo(known.throttledNs());
    } else {
      assertThat(account.throttledNs()).isIn(0L, known.throttledNs());
    }
  }

  private void group(ViewEntity group, View view) {
    Account sum =
        view.entities().stream()
            .filter(entity -> entity.kind() == Kind.TASK || entity.kind() == Kind.THREAD)
            .filter(entity -> (entity.group().orElse("") + "/").startsWith(group.path() + "/"))
            .map(ViewEntity::account)
            .reduce(Account.NONE, Account::plus);
    assertThat(group.account()).as(group.path()).isEqualTo(sum);
    ViewEntity.Limits limits = group.limits().orElseThrow();
    ViewEntity.Limits known = FakeMachine.entity(whole, group.path()).limits().orElseThrow();
    if (limits.quota().isPresent()) {
      assertThat(limits.quota()).isEqualTo(known.quota());
    }
    sameOrUnknown(limits.periods(), known.periods());
    sameOrUnknown(limits.throttledPeriods(), known.throttledPeriods());
    sameOrUnknown(limits.throttledNs(), known.throttledNs());
    sameOrUnknown(limits.pressureNs(), known.pressureNs());
  }

  private static void sameOrUnknown(OptionalLong figure, OptionalLong known) {
    if (figure.isPresent()) {
      assertThat(figure).isEqualTo(known);
    }
  }

  private static void partition(ViewEntity vm, View view) {
    String vcpus = "host/thread:" + vm.path() + "/vcpu";
    assertThat(vm.account())
        .isEqualTo(
            view.entities().stream()
                .filter(entity -> entity.path().startsWith(vcpus))
                .map(ViewEntity::account)
                .reduce(Account.NONE, Account::plus));
  }
}
