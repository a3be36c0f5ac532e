package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.scenario.trace.TraceFormat;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The commands and their options, written out rather than found by reflection: it starts faster.
///
/// Every value is taken as text, so that our own messages say what is wrong with it.
final class Grammar {
  private static final int WIDTH = 100;

  private Grammar() {}

  static CommandLine commandLine() {
    CommandSpec root = spec("stint", "Where every slice of CPU time goes.");
    root.addOption(
        OptionSpec.builder("-V", "--version")
            .description("Print the version.")
            .type(boolean.class)
            .arity("0")
            .build());
    root.usageMessage()
        .customSynopsis("stint COMMAND [OPTION...] [ARGUMENT...]")
        .description(
            "Simulates CPU schedulers stacked on one another (hypervisor, VM, container),",
            "and says what share each task got, who took the rest, and at which layer.")
        .footer(
            "",
            "Begin with:",
            "  stint compare l1vh/core-vs-integrated",
            "  stint help scenario       how to describe a machine of your own",
            "  stint help figures        what the figures mean",
            "",
            "Exit codes: 0 done; 1 done, and an expected figure was missed; 2 wrong usage or",
            "input; 3 not possible here; 70 a bug in Stint.");
    CommandLine line = new CommandLine(root);
    line.addSubcommand("run", run());
    line.addSubcommand("compare", compare());
    line.addSubcommand("explain", explain());
    line.addSubcommand("replay-check", replayCheck());
    line.addSubcommand("import", imports());
    line.addSubcommand("observe", ObserveGrammar.command());
    line.addSubcommand("validate", ValidateGrammar.command());
    line.addSubcommand("doctor", doctor());
    line.addSubcommand("bench", bench());
    line.addSubcommand("apply", ControlGrammar.apply());
    line.addSubcommand("rollback", ControlGrammar.rollback());
    line.addSubcommand("status", ControlGrammar.status());
    line.addSubcommand("help", help());
    line.addSubcommand("completion", completion());
    return line.setExpandAtFiles(false).setUsageHelpWidth(WIDTH).setUsageHelpAutoWidth(false);
  }

  private static CommandSpec run() {
    CommandSpec spec = spec("run", "Simulate a scenario under one assembly of the schedulers.");
    spec.usageMessage()
        .customSynopsis("stint run [OPTION...] SCENARIO")
        .description(
            "Prints who ran, where the waiting time went, who ran meanwhile, and a verdict.")
        .footer(
            "",
            "Examples:",
            "  stint run basics/two-vms-one-core",
            "  stint run l1vh/core-vs-integrated --under integrated --all",
            "  stint run my.yaml --seed 7 --duration 30s --json result.json",
            "  stint run my.yaml --out first-try",
            "  stint run my.yaml --under integrated --trace my.pftrace",
            "  my-generator | stint run - --json -");
    simulation(spec, "Assembly to run under. Default: the first that the scenario names.");
    spec.addOption(
        value(
                "--observe",
                "DIR",
                "Write what processes in each guest could read at the end, as files of /proc, of"
                    + " the cgroup tree and of debugfs; - for the standard output.")
            .build());
    spec.addOption(
        flag(
            "--counters",
            "Show what each VP's hypervisor counters say: dispatches and waiting per dispatch."));
    return spec;
  }

  private static CommandSpec compare() {
    CommandSpec spec =
        spec("compare", "Simulate a scenario under several assemblies, side by side.");
    spec.usageMessage()
        .customSynopsis("stint compare [OPTION...] SCENARIO")
        .description(
            "Prints what was asked and got under each, where the waiting time went, and a verdict.")
        .footer(
            "",
            "Examples:",
            "  stint compare l1vh/core-vs-integrated --report report.html",
            "  stint compare my.yaml --under classic,core",
            "  stint compare my.yaml --json - | jq -r .verdict.text",
            "  stint compare my.yaml --trace both.pftrace",
            "  stint compare l1vh/quota-ignored --sensitivity",
            "  stint compare l1vh/shared-lps --replications 10",
            "  stint compare basics/weights --expect --quiet && echo as published");
    simulation(spec, "Assemblies to compare, in order. Default: those that the scenario names.");
    spec.addOption(
        value(
                SensitivityHow.OPTION,
                "HOW",
                "Say which sentences of the verdict hold whatever is assumed of the hypervisor:"
                    + " each parameter over its range and some combinations (alone or =sampled),"
                    + " or all combinations (=full).")
            .completionCandidates(SensitivityHow.texts())
            .build());
    return spec;
  }

  private static OptionSpec replications() {
    return value(
            ReplicationSweep.OPTION,
            "N",
            "Run with N seeds, the one above and those that follow it, and say how much of the"
                + " figures is chance: mean, 95-percent confidence interval, least and most.")
        .build();
  }

  private static void simulation(CommandSpec spec, String under) {
    spec.addPositional(scenario());
    addRun(spec, under);
    spec.addOption(
        value("--json", "FILE", "Write the results as JSON; - for the standard output.").build());
    spec.addOption(replications());
    spec.addOption(
        value(
                "--report",
                "FILE",
                "Write a page for a browser: verdict, shares, blame, latencies, who ran meanwhile,"
                    + " and a timeline. One file, no network.")
            .build());
    spec.addOption(
        value(
                "--out",
                "DIR",
                "Write everything about the runs into a new directory: scenario, results, events,"
                    + " tables.")
            .build());
    spec.addOption(
        flag(
            "--force", "Let --out replace a run directory, and --observe files of the same name."));
    spec.addOption(
        value(
                "--trace",
                "FILE",
                "Write every run, wait and wake-up: .pftrace or .pftrace.gz for ui.perfetto.dev,"
                    + " .ftrace.txt for tools that read the kernel's own trace of one Linux.")
            .build());
    spec.addOption(
        value(
                "--trace-layer",
                "PARTITION",
                "Whose Linux an .ftrace.txt shows. Default: the only one, or the one that hosts"
                    + " the others.")
            .build());
    spec.addOption(
        value(
                TimelineOutput.OPTION,
                "FROM..TO",
                "Draw who held each processor in a part of the run; alone: 100ms from its middle"
                    + " on.")
            .build());
    spec.addOption(
        flag(
            "--expect",
            "Hold the results against expected.yaml beside the scenario; exit 1 on a miss."));
    spec.addOption(flag("--all", "Show every entity."));
    spec.addOption(
        flag("--audit", "Check the model's invariants after every event; several times slower."));
    spec.addOption(
        value("--threads", "N", "How many runs may go on at once. Default: one per processor.")
            .build());
    spec.addOption(
        flag("--progress", "Tell how far the runs are, even if nobody is at a terminal."));
    addManner(spec);
  }

  static PositionalParamSpec scenario() {
    return positional(
        "SCENARIO",
        "A scenario.yaml or .json, a directory with one, a name below scenarios/, or - for the"
            + " standard input.");
  }

  private static PositionalParamSpec positional(String label, String description) {
    return PositionalParamSpec.builder()
        .paramLabel(label)
        .index("0")
        .arity("1")
        .required(true)
        .type(String.class)
        .description(description)
        .build();
  }

  private static void addRun(CommandSpec spec, String under) {
    String assemblies =
        Arrays.stream(Assembly.values()).map(Assembly::text).collect(Collectors.joining(", "));
    spec.addOption(
        value("--under", "LIST", under + " Of: " + assemblies + ".")
            .completionCandidates(Arrays.stream(Assembly.values()).map(Assembly::text).toList())
            .build());
    spec.addOption(value("--seed", "N", "Seed of all random streams.").build());
    spec.addOption(
        value("--duration", "T", "Simulated time, with a unit: 500ms, 10s. At most 3600s.")
            .build());
  }

  private static void addManner(CommandSpec spec) {
    spec.addOption(flag("--quiet", "Print nothing but errors."));
    spec.addOption(
        value("--color", "WHEN", "auto, always or never. Default: auto.")
            .completionCandidates(List.of("auto", "always", "never"))
            .build());
    spec.addOption(flag("--debug", "Print the stack trace of an internal error."));
  }

  private static CommandSpec explain() {
    CommandSpec spec = spec("explain", "Say why a task, VP, cgroup or partition waited.");
    spec.usageMessage()
        .customSynopsis("stint explain [OPTION...] RUN --entity PATH [--at T | --worst N]")
        .description(
            "Tells single waits from beginning to end: what stood between the entity and an LP,",
            "who held it, which layer is to blame, and which setting governs that.")
        .footer(
            "",
            "Examples:",
            "  stint explain l1vh/core-vs-integrated --entity l1vh/cgroup:gold",
            "  stint explain my.yaml --entity vm/task:web --worst 5 --under integrated",
            "  stint explain my.yaml --entity vm/task:web --at 1.234s --json -",
            "  stint compare my.yaml --out first && stint explain first --entity vm/task:web",
            "  stint explain trace.txt --entity linux/task:web-500");
    spec.addPositional(
        positional(
            "RUN",
            "A scenario, a run directory that --out wrote, an event file, or a trace as import"
                + " trace reads it."));
    spec.addOption(
        value("--entity", "PATH", "Whose waits: a path as run --all and --json print it.").build());
    spec.addOption(value("--at", "T", "The wait at this time of the run: 1.234s.").build());
    spec.addOption(value("--worst", "N", "The N longest waits. Default: 3.").build());
    addRun(spec, "Assembly to run under. Default: the first that the scenario names.");
    spec.addOption(
        value("--json", "FILE", "Write the answer as JSON; - for the standard output.").build());
    addManner(spec);
    return spec;
  }

  private static CommandSpec replayCheck() {
    CommandSpec spec =
        spec("replay-check", "Compare a recorded kernel's decisions with the model's.");
    spec.usageMessage()
        .customSynopsis("stint replay-check [OPTION...] TRACE")
        .description(
            "Feeds the wake-ups, sleeps and run lengths of an ftrace text (plain or gzipped:",
            "sched_switch, sched_wakeup, sched_wakeup_new, sched_migrate_task) to the model and",
            "asks it, at every switch, who runs next. Prints how often it is the task that the",
            "kernel ran, and the first disagreements with the model's queues beside them.",
            "",
            "What the text does not say is read off it: the tick's phase, the phase of quota",
            "periods, and the lag that tasks bring along, which is estimated and printed.")
        .footer(
            "",
            "Example:",
            "  stint replay-check golden/guest-6.18.15_smp1/a1_nice0_5.ftrace.txt.gz \\",
            "      --scenario golden/live-6.18.44/a1_nice0_5.json");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("TRACE")
            .index("0")
            .arity("1")
            .required(true)
            .type(String.class)
            .description("The text of a tracefs trace file.")
            .build());
    spec.addOption(
        value("--scenario", "FILE", "Groups, weights, slices, quotas: a scenario or golden JSON.")
            .build());
    spec.addOption(
        value("--kernel", "RELEASE", "Whose rules. Default: as the folder is named, else 6.18.")
            .build());
    spec.addOption(value("--hz", "N", "CONFIG_HZ: 100, 250, 300, 1000. Default: 250.").build());
    spec.addOption(
        value("--base-slice", "T", "base_slice_ns. Default: 0.7ms scaled by CPUs.").build());
    spec.addOption(value("--show", "N", "How many disagreements to describe. Default: 5.").build());
    spec.addOption(
        value("--json", "FILE", "Write the findings as JSON; - for the standard output.").build());
    spec.addOption(flag("--debug", "Print the stack trace of an internal error."));
    return spec;
  }

  private static CommandSpec imports() {
    CommandSpec spec = spec("import", "Read what another program recorded of a real machine.");
    spec.usageMessage()
        .customSynopsis("stint import trace [OPTION...] FILE")
        .description(
            "Reads a scheduler trace as text, plain or gzipped: ftrace, trace-cmd report or perf",
            "script, with sched_switch and sched_wakeup or sched_waking, better also",
            "sched_wakeup_new, sched_migrate_task and sched_process_fork. Prints what each CPU",
            "and task did, who ran while others waited, and what is wrong with the trace: time",
            "that it does not tell is shown as unknown, and blamed on nobody.")
        .footer(
            "",
            "Examples:",
            "  stint import trace golden/guest-6.18.15_smp1/f1_per2_10_1hog.ftrace.txt.gz",
            "  perf script --ns -F comm,pid,tid,cpu,time,event,trace > t && stint import trace t",
            "  stint import trace t --to-scenario mine.yaml && stint compare mine.yaml");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("trace")
            .index("0")
            .arity("1")
            .required(true)
            .type(String.class)
            .completionCandidates(List.of("trace"))
            .description("What it is.")
            .build());
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE")
            .index("1")
            .arity("1")
            .required(true)
            .type(String.class)
            .description("The recording.")
            .build());
    List<String> formats = Arrays.stream(TraceFormat.values()).map(TraceFormat::text).toList();
    spec.addOption(
        value("--format", "WHO", "Who wrote it: " + String.join(", ", formats) + ". Default: auto.")
            .completionCandidates(formats)
            .build());
    spec.addOption(
        value("--from", "T", "Leave out what lies before, counted from the first event.").build());
    spec.addOption(value("--duration", "T", "Account for so much. Default: to the end.").build());
    spec.addOption(
        value("--to-scenario", "FILE", "Write a scenario in which its tasks run again.").build());
    spec.addOption(
        value("--json", "FILE", "Write the account as JSON; - for the standard output.").build());
    spec.addOption(flag("--all", "Show every task."));
    spec.addOption(flag("--quiet", "Print nothing but errors."));
    spec.addOption(
        value("--color", "WHEN", "auto, always or never. Default: auto.")
            .completionCandidates(List.of("auto", "always", "never"))
            .build());
    spec.addOption(flag("--debug", "Print the stack trace of an internal error."));
    return spec;
  }

  private static CommandSpec doctor() {
    CommandSpec spec = spec("doctor", "Say what this machine supports. Needs no privilege.");
    spec.usageMessage()
        .customSynopsis("stint doctor [--json FILE]")
        .description(
            "Each line is Supported, Unsupported (it cannot be had here) or Unavailable (it is",
            "there, but not for you, or not now), with the reason.")
        .footer("", "Example:", "  stint doctor --json -");
    spec.addOption(
        value("--json", "FILE", "Write the findings as JSON; - for the standard output.").build());
    spec.addOption(flag("--debug", "Print the stack trace of an internal error."));
    return spec;
  }

  private static CommandSpec bench() {
    CommandSpec spec = spec("bench", "Measure how fast the simulator is here.");
    spec.usageMessage()
        .customSynopsis("stint bench [OPTION...]")
        .description(
            "Runs workloads in turns with the floor, a two-level slice simulator with nothing in",
            "it that could be left out, and prints what an event costs in each. Times are of one",
            "thread's processor; docs/performance.md says what they mean.")
        .footer("", "Examples:", "  stint bench --quick", "  stint bench --only vms --json -");
    spec.addOption(flag("--quick", "In less than a minute: fewer and shorter runs."));
    spec.addOption(value("--only", "REGEX", "Only the cases in whose name this is found.").build());
    spec.addOption(
        value("--rounds", "N", "How often each case runs. Default: 7, quick 3.").build());
    spec.addOption(flag("--markdown", "Print tables of Markdown."));
    spec.addOption(
        value("--json", "FILE", "Write the figures as JSON; - for the standard output.").build());
    spec.addOption(flag("--debug", "Print the stack trace of an internal error."));
    return spec;
  }

  private static CommandSpec help() {
    CommandSpec spec = spec("help", "Explain a command or a topic.");
    spec.usageMessage()
        .customSynopsis("stint help [COMMAND|TOPIC]")
        .footer(
            "",
            "Topics:",
            "  scenario   how to write a scenario",
            "  figures    what the figures mean");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("COMMAND|TOPIC")
            .index("0")
            .arity("0..1")
            .type(String.class)
            .description("What to explain.")
            .build());
    return spec;
  }

  private static CommandSpec completion() {
    CommandSpec spec =
        spec("completion", "Print a script that completes Stint's words in a shell.");
    spec.usageMessage()
        .customSynopsis("stint completion bash|zsh")
        .footer(
            "",
            "Example, for ~/.bashrc or ~/.zshrc:",
            "  source <(/path/to/stint completion bash)");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("bash|zsh")
            .index("0")
            .arity("1")
            .required(true)
            .type(String.class)
            .completionCandidates(List.of("bash", "zsh"))
            .description("Which shell.")
            .build());
    return spec;
  }

  static CommandSpec spec(String name, String header) {
    CommandSpec spec = CommandSpec.create().name(name);
    spec.usageMessage().header(header, "").sortOptions(false);
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .type(boolean.class)
            .arity("0")
            .description("Print this.")
            .build());
    return spec;
  }

  static OptionSpec.Builder value(String name, String label, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(String.class)
        .arity("1")
        .description(description);
  }

  static OptionSpec flag(String name, String description) {
    return OptionSpec.builder(name).type(boolean.class).arity("0").description(description).build();
  }
}
