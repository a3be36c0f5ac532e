package dev.stint.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// The options of `validate`.
final class ValidateGrammar {
  private ValidateGrammar() {}

  static CommandSpec command() {
    CommandSpec spec =
        Grammar.spec("validate", "Run a scenario on a real kernel and compare it with the model.");
    usage(spec);
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("SCENARIO")
            .index("0..*")
            .arity("0..*")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description(Grammar.scenario().description())
            .build());
    live(spec);
    spec.addOption(
        Grammar.value(
                "--kernel",
                "IMAGE",
                "A kernel image (bzImage), or a series that .ci/kernels downloaded: 6.1, 6.12,"
                    + " 6.18.")
            .build());
    spec.addOption(
        Grammar.value("--duration", "T", "Time that the kernel runs it: 500ms, 10s.").build());
    spec.addOption(Grammar.flag("--fresh", "Boot even if this very run was made before."));
    spec.addOption(
        Grammar.flag(
            "--twice", "Boot once more and say whether both runs were the same, byte by byte."));
    spec.addOption(
        Grammar.flag(
            "--first-difference",
            "With --kernel: print where the model first does other than the kernel, the switches"
                + " of both around it, and the model's queues there."));
    spec.addOption(
        Grammar.value(
                "--trace", "FILE", "Write the guest's own trace, for replay-check and import.")
            .build());
    spec.addOption(
        Grammar.value("--json", "FILE", "Write the figures as JSON; - for the standard output.")
            .build());
    spec.addOption(Grammar.flag("--quiet", "Print nothing but errors."));
    spec.addOption(Grammar.flag("--debug", "Print the stack trace of an internal error."));
    return spec;
  }

  private static void live(CommandSpec spec) {
    spec.addOption(Grammar.flag("--all", "Every scenario in scenarios/live."));
    spec.addOption(
        Grammar.value("--repetitions", "N", "Valid runs to make on this machine. Default: 3.")
            .build());
    spec.addOption(
        Grammar.flag(
            "--no-boost", "Do not let the load outweigh everything else on this machine."));
    spec.addOption(
        Grammar.value(
                "--under",
                "LIST",
                "core,integrated: run an L1VH and its VMs on this machine, an agent in the"
                    + " hypervisor's place.")
            .build());
    spec.addOption(
        Grammar.flag("--qemu", "With --under: child VMs are QEMU's instead of processes."));
    spec.addOption(
        Grammar.value("--markdown", "FILE", "Write the figures as a Markdown table.").build());
  }

  private static void usage(CommandSpec spec) {
    spec.usageMessage()
        .customSynopsis(
            "stint validate [OPTION...] SCENARIO...",
            "       stint validate --all [OPTION...]",
            "       stint validate --under core,integrated [OPTION...] SCENARIO...",
            "       stint validate --kernel IMAGE [OPTION...] SCENARIO")
        .description(
            "Has a real kernel run the scenario and prints figure by figure what it did, what the",
            "model predicts, how far apart they are, and how far they may be.",
            "",
            "Without --kernel it is the kernel of this machine: threads of a worker process in",
            "cgroups of its own, several times over. Needs root or a delegated cgroup, and tells",
            "runs that other work disturbed. See docs/validate.md.",
            "",
            "With --under an L1VH with child VMs runs on this machine: under core an agent takes",
            "the CPUs away in the hypervisor's rotation, under integrated this kernel's cgroups",
            "decide. Needs root. See docs/standin.md.",
            "",
            "With --kernel Stint boots a kernel in QEMU with a clock that counts instructions.",
            "Needs no root and no quiet machine: the same kernel gives the same run, bit by bit.",
            "See docs/validate-kernel.md.")
        .footer(
            "",
            "Examples:",
            "  stint validate live/nice-0-and-5",
            "  stint validate --all --markdown table.md",
            "  stint validate --under core,integrated standin/weights",
            "  .ci/kernels 6.18                    download a kernel",
            "  stint validate kernel/weights-1-2-4 --kernel 6.18",
            "  stint validate kernel/weights-1-2-4 --kernel /boot/vmlinuz-6.1 --twice",
            "",
            "Exit codes: 0 all within tolerance; 1 not all; 2 wrong input; 3 not possible here, or",
            "too few undisturbed runs.");
  }
}
