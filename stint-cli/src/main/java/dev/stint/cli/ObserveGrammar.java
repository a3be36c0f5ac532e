package dev.stint.cli;

import picocli.CommandLine.Model.CommandSpec;

/// The options of `observe`.
final class ObserveGrammar {
  private ObserveGrammar() {}

  static CommandSpec command() {
    CommandSpec spec = Grammar.spec("observe", "Say where this machine's CPU time goes, live.");
    spec.usageMessage()
        .customSynopsis("stint observe [OPTION...]")
        .description(
            "Shows what VMs (QEMU, cloud-hypervisor, Firecracker), their vCPU threads and cgroups",
            "run and wait for: a CPU, a quota, a hypervisor below. Ends with a sentence on what is",
            "wrong. Reads /proc and cgroupfs only; needs no privilege, and writes nothing.",
            "With --latency, as root, it traces wake-ups in a buffer of its own, and removes it.")
        .footer(
            "",
            "Examples:",
            "  stint observe                            until Ctrl-C",
            "  stint observe --for 30s --json host.json",
            "  stint observe --metrics localhost:9273   for Prometheus",
            "  stint observe --latency                  and how late vCPUs and cgroups wake up",
            "",
            "Columns, of one CPU's time: run; queue: ready while the CPU ran others; throttl: kept",
            "from running by a cpu.max; blocked: asleep; unknown: nothing readable tells."
                + " wait/run:",
            "the mean wait each time that a CPU was got. moves: changes of CPU, at least so many.",
            "",
            "docs/observe.md says what the figures and sentences mean.");
    spec.addOption(
        Grammar.value(
                "--for",
                "T",
                "How long: 30s. Default: until Ctrl-C on a terminal and with --metrics, else 10s.")
            .build());
    spec.addOption(
        Grammar.value("--interval", "T", "Between two looks: 100ms to 60s. Default: 1s.").build());
    spec.addOption(
        Grammar.value(
                "--json", "FILE", "Write the account of it all as JSON; - for the standard output.")
            .build());
    spec.addOption(
        Grammar.value(
                "--metrics", "HOST:PORT", "Serve it to Prometheus at http://HOST:PORT/metrics.")
            .build());
    spec.addOption(
        Grammar.flag(
            "--latency", "Trace wake-ups: p50, p99 and longest wait for a CPU. Needs root."));
    spec.addOption(Grammar.flag("--all", "Show threads that are in no VM, too."));
    spec.addOption(Grammar.flag("--verbose", "Say at the end what observing cost."));
    spec.addOption(Grammar.flag("--quiet", "Print nothing but errors."));
    spec.addOption(Grammar.flag("--debug", "Print the stack trace of an internal error."));
    return spec;
  }
}
