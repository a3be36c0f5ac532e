/*
 * The only program of the guest that `stint validate --kernel` boots: it carries out /plan on the
 * kernel that runs it, and reports what happened on the second serial line (docs/validate-kernel.md).
 *
 * Every task sleeps until an instant T0 of CLOCK_MONOTONIC, a whole second, and does then what the
 * scenario's task does, so that time T0 + t here is time t of the simulation and ticks fall alike.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define CGROUPS "/sys/fs/cgroup"
#define TRACING "/sys/kernel/tracing"
#define SECOND 1000000000L
#define MILLISECOND 1000000L
#define TASKS_MAX 256
#define GROUPS_MAX 256
#define QUIET (3 * SECOND) /* from the last task's sleep to T0: quota periods end meanwhile */
#define QUIET_MAX (30 * SECOND) /* from the first's */
#define ALONE (10 * MILLISECOND) /* more than two ticks */
#define TURN_NS 125000L
#define LEAD (20 * MILLISECOND)
#define JOBS_MAX 20000
#define WORDS_MAX 16
#define LINE_MAX 1024

struct job {
  long release_ns, start_ns, end_ns;
};

/* What the main process and the tasks share. */
struct shared {
  atomic_int ready;       /* tasks that wait for their turn */
  atomic_int turn;        /* tasks below it may go to sleep until T0 */
  atomic_int asleep;      /* tasks that sleep until T0 */
  long t0_ns;
  atomic_int holder[TASKS_MAX]; /* by exchange: whose turn it is */
  struct {
    atomic_int jobs;
    struct job job[JOBS_MAX];
  } task[TASKS_MAX];
};

struct task {
  char name[16], group[LINE_MAX], kind[16], cpus[LINE_MAX];
  int policy, nice;
  long slice_ns, start_ns, a, b, c;
  pid_t pid;
};

static struct shared *shared;
static struct task tasks[TASKS_MAX];
static char groups[GROUPS_MAX][LINE_MAX];
static int task_count, group_count, report = 1;
static long ns_per_1000_loops;

static void say(const char *format, ...) {
  char text[LINE_MAX * 4];
  va_list values;
  va_start(values, format);
  int length = vsnprintf(text, sizeof text, format, values);
  va_end(values);
  if (length > (int)sizeof text - 1) length = sizeof text - 1;
  for (int done = 0; done < length;) {
    ssize_t written = write(report, text + done, length - done);
    if (written <= 0) return;
    done += written;
  }
}

static void stop(void) {
  say("end\n");
  tcdrain(report);
  sync();
  reboot(RB_POWER_OFF);
  for (;;) pause();
}

static void fail(const char *what, const char *about) {
  say("error %s %s: %s\n", what, about, strerror(errno));
  stop();
}

/* --- Time --- */

static long now_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * SECOND + t.tv_nsec;
}

static void sleep_until(long at_ns) {
  struct timespec t = {at_ns / SECOND, at_ns % SECOND};
  while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &t, NULL) == EINTR) {}
}

static void sleep_for(long ns) { sleep_until(now_ns(CLOCK_MONOTONIC) + ns); }

/* Two instructions a turn: under counted instructions every turn takes as long as any other. */
static void loops(long count) {
  if (count > 0) {
    __asm__ volatile("1: sub $1, %0\n jnz 1b" : "+r"(count) : : "cc");
  }
}

static void calibrate(void) {
  const long count = 200000;
  long best = SECOND;
  for (int i = 0; i < 20; i++) {
    long from = now_ns(CLOCK_MONOTONIC);
    loops(count);
    long took = now_ns(CLOCK_MONOTONIC) - from;
    if (took < best) best = took;
  }
  ns_per_1000_loops = best * 1000 / count;
  if (ns_per_1000_loops < 1) ns_per_1000_loops = 1;
}

/*
 * Computes until the thread's CPU time has grown to `target_ns`. The clock is read once, before:
 * a reading makes the kernel account for the running task, which its scheduler would not do then.
 * What the kernel adds meanwhile is made up for in the next job.
 */
static void compute_to(long target_ns) {
  long left = target_ns - now_ns(CLOCK_THREAD_CPUTIME_ID);
  loops(left * 1000 / ns_per_1000_loops);
}

/* --- Files --- */

static int put(const char *file, const char *text) {
  int fd = open(file, O_WRONLY);
  if (fd < 0) return -1;
  ssize_t written = write(fd, text, strlen(text));
  int error = errno;
  close(fd);
  errno = error;
  return written < 0 ? -1 : 0;
}

static void must_put(const char *file, const char *text) {
  if (put(file, text) < 0) fail("write", file);
}

static char *content(const char *file) {
  static char text[1 << 20];
  int fd = open(file, O_RDONLY);
  size_t length = 0;
  if (fd >= 0) {
    ssize_t got;
    while (length < sizeof text - 1 && (got = read(fd, text + length, sizeof text - 1 - length)) > 0)
      length += got;
    close(fd);
  }
  text[length] = 0;
  return text;
}

static const char *in_group(const char *group, const char *file) {
  static char path[2 * LINE_MAX];
  snprintf(path, sizeof path, CGROUPS "/%s%s%s", group, *group ? "/" : "", file);
  return path;
}

/* --- The plan --- */

static const char *group_of(const char *word) { return strcmp(word, "/") ? word : ""; }

static void make_group(const char *group) {
  char parent[LINE_MAX];
  if (group_count == GROUPS_MAX) {
    errno = E2BIG;
    fail("group", group);
  }
  snprintf(parent, sizeof parent, "%s", group);
  char *slash = strrchr(parent, '/');
  if (slash) *slash = 0; else *parent = 0;
  must_put(in_group(parent, "cgroup.subtree_control"), "+cpu +cpuset");
  if (mkdir(in_group(group, ""), 0755) < 0) fail("mkdir", group);
  snprintf(groups[group_count++], LINE_MAX, "%s", group);
}

/* Runs in the group for a moment, which starts its period timer, and says when that will expire. */
static void find_phase(const char *group, long period_ns) {
  must_put(in_group(group, "cgroup.procs"), "0");
  long until = now_ns(CLOCK_MONOTONIC) + MILLISECOND;
  while (now_ns(CLOCK_MONOTONIC) < until) {}
  char *text = content("/proc/timer_list");
  must_put(CGROUPS "/cgroup.procs", "0");
  for (char *at = text; (at = strstr(at, "sched_cfs_period_timer")); at++) {
    char *expires = strstr(at, "expires at ");
    if (expires) say("phase %s %ld\n", group, atol(expires + 11));
  }
  sleep_for(3 * period_ns);
}

static void add_task(char **word, int count) {
  if (count < 12 || task_count == TASKS_MAX) {
    errno = E2BIG;
    fail("task", count > 1 ? word[1] : "");
  }
  struct task *task = &tasks[task_count++];
  snprintf(task->name, sizeof task->name, "%s", word[1]);
  snprintf(task->group, sizeof task->group, "%s", group_of(word[2]));
  task->policy = atoi(word[3]);
  task->nice = atoi(word[4]);
  task->slice_ns = atol(word[5]);
  snprintf(task->cpus, sizeof task->cpus, "%s", word[6]);
  task->start_ns = atol(word[7]);
  snprintf(task->kind, sizeof task->kind, "%s", word[8]);
  task->a = atol(word[9]);
  task->b = atol(word[10]);
  task->c = atol(word[11]);
}

/* Returns how long the run is to last. */
static long carry_out_plan(void) {
  long duration_ns = SECOND;
  FILE *plan = fopen("/plan", "r");
  if (!plan) fail("open", "/plan");
  char line[LINE_MAX * 2];
  while (fgets(line, sizeof line, plan)) {
    char *word[WORDS_MAX];
    int count = 0;
    for (char *w = strtok(line, " \n"); w && count < WORDS_MAX; w = strtok(NULL, " \n"))
      word[count++] = w;
    if (count == 0) continue;
    if (!strcmp(word[0], "group")) {
      make_group(word[1]);
    } else if (!strcmp(word[0], "write")) {
      char value[LINE_MAX];
      snprintf(value, sizeof value, "%s%s%s", word[3], count > 4 ? " " : "", count > 4 ? word[4] : "");
      must_put(in_group(word[1], word[2]), value);
    } else if (!strcmp(word[0], "phase")) {
      find_phase(word[1], atol(word[2]));
    } else if (!strcmp(word[0], "put")) {
      must_put(word[1], word[2]);
    } else if (!strcmp(word[0], "task")) {
      add_task(word, count);
    } else if (!strcmp(word[0], "duration")) {
      duration_ns = atol(word[1]);
    } else {
      errno = EINVAL;
      fail("plan", word[0]);
    }
  }
  fclose(plan);
  return duration_ns;
}

/* --- What tasks do --- */

static void wait_while(atomic_int *at, int value) {
  while (atomic_load(at) == value)
    syscall(SYS_futex, at, FUTEX_WAIT, value, NULL, NULL, 0);
}

static void set(atomic_int *at, int value) {
  atomic_store(at, value);
  syscall(SYS_futex, at, FUTEX_WAKE, 1 << 20, NULL, NULL, 0);
}

static void recorded(int index, long release_ns, long start_ns) {
  int number = atomic_load(&shared->task[index].jobs);
  if (number == JOBS_MAX) return;
  shared->task[index].job[number] =
      (struct job){release_ns - shared->t0_ns, start_ns - shared->t0_ns,
                   now_ns(CLOCK_MONOTONIC) - shared->t0_ns};
  atomic_store(&shared->task[index].jobs, number + 1);
}

/* Jobs of `run` at k x period + phase; a late one begins when the one before it ends. */
static void periodic(int index, long run_ns, long period_ns, long phase_ns, long start_ns) {
  long first = start_ns > phase_ns ? (start_ns - phase_ns + period_ns - 1) / period_ns : 0;
  long release_ns = shared->t0_ns + phase_ns + first * period_ns;
  long target_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
  for (;; release_ns += period_ns) {
    if (now_ns(CLOCK_MONOTONIC) < release_ns) sleep_until(release_ns);
    long from_ns = now_ns(CLOCK_MONOTONIC);
    target_ns += run_ns;
    compute_to(target_ns);
    recorded(index, release_ns, from_ns);
  }
}

/* Computes for `on` of every on + off from `phase` on, sleeps for the rest. */
static void on_off(long on_ns, long off_ns, long phase_ns) {
  for (long from_ns = shared->t0_ns + phase_ns;; from_ns += on_ns + off_ns) {
    sleep_until(from_ns);
    while (now_ns(CLOCK_MONOTONIC) < from_ns + on_ns) loops(200);
  }
}

/* Two tasks pass a token to and fro, each computing `work` before it does. */
static void ping_pong(long work_ns, int exchange, int player) {
  atomic_int *holder = &shared->holder[exchange];
  long target_ns = now_ns(CLOCK_THREAD_CPUTIME_ID);
  for (;;) {
    wait_while(holder, 1 - player);
    target_ns += work_ns;
    compute_to(target_ns);
    set(holder, 1 - player);
  }
}

/* --- Tasks --- */

struct attributes {
  unsigned size, policy;
  unsigned long flags;
  int nice;
  unsigned priority;
  unsigned long runtime, deadline, period;
  unsigned clamp_least, clamp_most;
};

static void be_pinned(const char *cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const char *at = cpus; *at;) {
    int from = strtol(at, (char **)&at, 10), to = from;
    if (*at == '-') to = strtol(at + 1, (char **)&at, 10);
    for (int cpu = from; cpu <= to && cpu < CPU_SETSIZE; cpu++) CPU_SET(cpu, &set);
    if (*at != ',') break;
    at++;
  }
  if (sched_setaffinity(0, sizeof set, &set) < 0) fail("sched_setaffinity", cpus);
}

static void live(int index) {
  struct task *task = &tasks[index];
  prctl(PR_SET_NAME, task->name);
  prctl(PR_SET_TIMERSLACK, 1);
  must_put(in_group(task->group, "cgroup.procs"), "0");
  if (strcmp(task->cpus, "-")) be_pinned(task->cpus);
  struct attributes attributes = {.size = sizeof attributes,
                                  .policy = task->policy,
                                  .nice = task->nice,
                                  .runtime = task->slice_ns};
  if (syscall(SYS_sched_setattr, 0, &attributes, 0) < 0) fail("sched_setattr", task->name);
  set(&shared->ready, atomic_load(&shared->ready) + 1);
  while (atomic_load(&shared->turn) <= index) wait_while(&shared->turn, atomic_load(&shared->turn));
  compute_to(now_ns(CLOCK_THREAD_CPUTIME_ID) + ALONE);
  atomic_store(&shared->asleep, index + 1);
  sleep_until(shared->t0_ns + task->start_ns);
  if (!strcmp(task->kind, "busy")) {
    for (;;) loops(1L << 40);
  } else if (!strcmp(task->kind, "batch")) {
    long from_ns = now_ns(CLOCK_MONOTONIC);
    compute_to(now_ns(CLOCK_THREAD_CPUTIME_ID) + task->a);
    recorded(index, shared->t0_ns + task->start_ns, from_ns);
    _exit(0);
  } else if (!strcmp(task->kind, "periodic")) {
    periodic(index, task->a, task->b, task->c, task->start_ns);
  } else if (!strcmp(task->kind, "on-off")) {
    on_off(task->a, task->b, task->c);
  } else if (!strcmp(task->kind, "ping-pong")) {
    ping_pong(task->a, task->b, task->c);
  }
  errno = EINVAL;
  fail("workload", task->kind);
}

static void start_tasks(void) {
  for (int i = 0; i < task_count; i++) {
    tasks[i].pid = fork();
    if (tasks[i].pid < 0) fail("fork", tasks[i].name);
    if (tasks[i].pid == 0) live(i);
    while (atomic_load(&shared->ready) <= i) wait_while(&shared->ready, i);
    say("task %d %d\n", i, tasks[i].pid);
  }
}

/*
 * One after the other: of those that sleep until one instant, the first wakes first. Each computes
 * alone before: the scheduler then finds that it owes the task nothing, and the task nothing to it.
 * T0 is set before the first goes to sleep, and all sleep long enough for quota periods to end.
 */
static void let_sleep(void) {
  const long each_ns = 100 * MILLISECOND;
  long from = now_ns(CLOCK_MONOTONIC);
  shared->t0_ns = (from + QUIET_MAX) / SECOND * SECOND;
  for (int i = 0; i < task_count; i++) {
    set(&shared->turn, i + 1);
    do sleep_for(each_ns); while (atomic_load(&shared->asleep) <= i);
  }
  if (now_ns(CLOCK_MONOTONIC) > shared->t0_ns - QUIET) {
    errno = ETIME;
    fail("start", "tasks");
  }
}

/* --- The report --- */

static void say_counters(const char *when) {
  for (int i = 0; i < group_count; i++) {
    char *text = content(in_group(groups[i], "cpu.stat"));
    for (char *at = text; *at; at++)
      if (*at == '\n') *at = ' ';
    say("stat %s %s %s\n", when, groups[i], text);
  }
}

static void say_jobs(void) {
  for (int i = 0; i < task_count; i++) {
    int count = atomic_load(&shared->task[i].jobs);
    for (int j = 0; j < count; j++) {
      struct job *job = &shared->task[i].job[j];
      say("job %d %ld %ld %ld\n", i, job->release_ns, job->start_ns, job->end_ns);
    }
  }
}

static void say_trace(void) {
  static char part[1 << 16];
  int fd = open(TRACING "/trace", O_RDONLY);
  if (fd < 0) fail("open", TRACING "/trace");
  say("trace\n");
  for (ssize_t got; (got = read(fd, part, sizeof part)) > 0;)
    for (ssize_t done = 0, written; done < got; done += written)
      if ((written = write(report, part + done, got - done)) <= 0) return;
  close(fd);
}

static void mount_all(void) {
  mkdir("/proc", 0755), mkdir("/sys", 0755), mkdir("/dev", 0755);
  mount("dev", "/dev", "devtmpfs", 0, NULL);
  mount("proc", "/proc", "proc", 0, NULL);
  mount("sys", "/sys", "sysfs", 0, NULL);
  report = open("/dev/ttyS1", O_RDWR | O_NOCTTY);
  if (report < 0) report = open("/dev/console", O_RDWR | O_NOCTTY);
  struct termios raw;
  if (tcgetattr(report, &raw) == 0) {
    cfmakeraw(&raw);
    tcsetattr(report, TCSANOW, &raw);
  }
  say("stint 1\n");
  if (mount("cgroup2", CGROUPS, "cgroup2", 0, NULL) < 0) fail("mount", "cgroup2");
  mount("debug", "/sys/kernel/debug", "debugfs", 0, NULL);
  if (mount("trace", TRACING, "tracefs", 0, NULL) < 0) fail("mount", "tracefs");
}

/*
 * The emulator runs one CPU until a timer of its machine goes off, then the CPU that the timer is for:
 * with ticks alone each CPU would run for a tick and lose the next. Timers of the kernel's profiler,
 * one on each CPU in turn, make that 125 us. Their interrupts count as nobody's time.
 */
static void interleave_cpus(void) {
  int count = sysconf(_SC_NPROCESSORS_ONLN);
  struct perf_event_attr clock = {.type = PERF_TYPE_SOFTWARE,
                                  .size = sizeof clock,
                                  .config = PERF_COUNT_SW_CPU_CLOCK,
                                  .sample_period = count * TURN_NS};
  if (count < 2) return;
  long from = now_ns(CLOCK_MONOTONIC) + MILLISECOND;
  for (int cpu = 0; cpu < count; cpu++) {
    char text[16];
    snprintf(text, sizeof text, "%d", cpu);
    be_pinned(text);
    while (now_ns(CLOCK_MONOTONIC) < from + cpu * (clock.sample_period + TURN_NS)) {}
    if (syscall(SYS_perf_event_open, &clock, -1, cpu, -1, 0) < 0) fail("perf_event_open", text);
  }
  char all[16];
  snprintf(all, sizeof all, "0-%d", count - 1);
  be_pinned(all);
}

static void prepare_trace(void) {
  must_put(TRACING "/tracing_on", "0");
  must_put(TRACING "/trace_clock", "mono");
  must_put(TRACING "/buffer_size_kb", "24576");
  must_put(TRACING "/options/overwrite", "0");
  const char *events[] = {"sched_switch", "sched_wakeup", "sched_wakeup_new", "sched_migrate_task"};
  for (int i = 0; i < 4; i++) {
    char file[LINE_MAX];
    snprintf(file, sizeof file, TRACING "/events/sched/%s/enable", events[i]);
    must_put(file, "1");
  }
}

int main(void) {
  mount_all();
  struct utsname name;
  uname(&name);
  say("release %s\n", name.release);
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) fail("mmap", "");
  prctl(PR_SET_TIMERSLACK, 1);
  calibrate();
  say("loops %ld\n", ns_per_1000_loops);
  long duration_ns = carry_out_plan();
  say("base-slice %ld\n", atol(content("/sys/kernel/debug/sched/base_slice_ns")));
  start_tasks();
  prepare_trace();
  interleave_cpus();
  let_sleep();
  struct sched_param fifo = {.sched_priority = 50};
  sched_setscheduler(0, SCHED_FIFO, &fifo);
  say("t0 %ld\n", shared->t0_ns);
  sleep_until(shared->t0_ns - LEAD);
  say_counters("begin");
  must_put(TRACING "/tracing_on", "1");
  sleep_until(shared->t0_ns + duration_ns);
  put(TRACING "/tracing_on", "0");
  say_counters("end");
  for (int i = 0; i < task_count; i++) kill(tasks[i].pid, SIGKILL);
  say_jobs();
  say_trace();
  stop();
}
