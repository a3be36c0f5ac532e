package dev.stint.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The words of the commands that change a real host.
final class ControlGrammar {
  private ControlGrammar() {}

  static CommandSpec apply() {
    CommandSpec spec = Grammar.spec("apply", "Set the CPU knobs of cgroups, VMs and pods here.");
    spec.usageMessage()
        .customSynopsis("stint apply [OPTION...] POLICY")
        .description(
            "Shows what the policy changes, asks, and writes it in an order the kernel accepts.",
            "Each old value is on the disk before the write; if one write fails, all are undone.",
            "Nothing outside the policy's own subtree is written. stint rollback undoes it.")
        .footer(
            "",
            "Examples:",
            "  stint apply web.yaml --dry-run",
            "  stint apply web.yaml --yes && stint status",
            "  stint apply web.yaml --yes --watch --rollback-on-exit",
            "",
            "A policy:",
            "  owns: machine.slice",
            "  vms: {web: {cpu.weight: 300}, batch: {cpu.max: 50000 100000, cpuset.cpus: 2-3}}",
            "  guard: {steal: 10%%, psi: 40%%, for: 10s}",
            "",
            "Exit codes: 0 applied; 1 taken back by the guard; 2 wrong usage or policy; 3 not",
            "possible here: no privilege, no such VM or cgroup, the kernel refused a write, or",
            "the journal is damaged.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("POLICY")
            .index("0")
            .arity("1")
            .required(true)
            .type(String.class)
            .description("A YAML file; docs/control.md explains it.")
            .build());
    spec.addOption(Grammar.flag("--dry-run", "Show what would change, and write nothing."));
    spec.addOption(Grammar.flag("--yes", "Write without asking."));
    spec.addOption(
        Grammar.flag("--watch", "Stay, write again what others change, and heed the guard."));
    spec.addOption(Grammar.value("--interval", "T", "How often to look. Default: 1s.").build());
    spec.addOption(Grammar.flag("--rollback-on-exit", "With --watch: undo it when told to end."));
    addRoot(spec);
    return spec;
  }

  static CommandSpec rollback() {
    CommandSpec spec = Grammar.spec("rollback", "Undo what stint apply wrote.");
    spec.usageMessage()
        .customSynopsis("stint rollback [OPTION...]")
        .description(
            "Restores the values before the first apply that is still in force, the last write",
            "first. It can be repeated, also after a kill in the middle. A value that somebody",
            "else changed since is reported and left.")
        .footer(
            "",
            "Examples:",
            "  stint rollback",
            "  stint rollback --force",
            "",
            "Exit codes: 0 all is as before, or with --keep as others set it; 1 others set some",
            "values, which are left; 2 wrong usage, or no such journal; 3 not possible here, or",
            "the journal is damaged: what can be told is restored, the rest is to be checked.");
    spec.addOption(
        Grammar.value("--journal", "FILE", "What to undo. Default: the one of this machine.")
            .build());
    spec.addOption(Grammar.flag("--force", "Restore also what others changed since."));
    spec.addOption(Grammar.flag("--keep", "Leave what others changed, and forget about it."));
    addRoot(spec);
    return spec;
  }

  static CommandSpec status() {
    CommandSpec spec = Grammar.spec("status", "Show what stint apply set, and what drifted since.");
    spec.usageMessage()
        .customSynopsis("stint status [OPTION...]")
        .footer(
            "",
            "Examples:",
            "  stint status",
            "  stint status --json -",
            "",
            "Exit codes: 0 as applied, or nothing is; 1 something drifted; 2 wrong",
            "usage, or no such journal; 3 cannot tell, for example as the journal is damaged.");
    spec.addOption(
        Grammar.value("--journal", "FILE", "Of which journal. Default: the one of this machine.")
            .build());
    spec.addOption(
        Grammar.value("--json", "FILE", "Write it as JSON; - for the standard output.").build());
    addRoot(spec);
    return spec;
  }

  private static void addRoot(CommandSpec spec) {
    spec.addOption(
        Grammar.value("--root", "DIR", "Use a recorded tree of files instead of this machine.")
            .build());
    spec.addOption(Grammar.flag("--debug", "Print the stack trace of an internal error."));
  }
}
