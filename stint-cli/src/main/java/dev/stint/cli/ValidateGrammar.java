package dev.stint.cli;

import picocli.CommandLine.Model.CommandSpec;

/// The options of `validate`.
final class ValidateGrammar {
  private ValidateGrammar() {}

  static CommandSpec command() {
    CommandSpec spec =
        Grammar.spec("validate", "Run a scenario on a real kernel and compare it with the model.");
    spec.usageMessage()
        .customSynopsis("stint validate --kernel IMAGE [OPTION...] SCENARIO")
        .description(
            "Boots a Linux kernel in QEMU with a clock that counts instructions, has it run the",
            "scenario, and prints figure by figure what it did, what the model predicts, how far",
            "apart they are, and how far they may be. Needs no root, and no quiet machine: the",
            "same kernel gives the same run, bit by bit.")
        .footer(
            "",
            "Examples:",
            "  .ci/kernels 6.18                    download a kernel",
            "  stint validate validate/weights --kernel 6.18",
            "  stint validate validate/weights --kernel /boot/vmlinuz-6.1.0-50-cloud-amd64 --twice",
            "",
            "Exit codes: 0 all within tolerance; 1 not all; 2 wrong input; 3 not possible here.");
    spec.addPositional(Grammar.scenario());
    spec.addOption(
        Grammar.value(
                "--kernel",
                "IMAGE",
                "A kernel image (bzImage), or a series that .ci/kernels downloaded: 6.1, 6.12,"
                    + " 6.18.")
            .build());
    spec.addOption(
        Grammar.value("--duration", "T", "Time that the guest runs it: 500ms, 10s.").build());
    spec.addOption(Grammar.flag("--fresh", "Boot even if this very run was made before."));
    spec.addOption(
        Grammar.flag(
            "--twice", "Boot twice and say whether both runs were the same, byte by byte."));
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
}
