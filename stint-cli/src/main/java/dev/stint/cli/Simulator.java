package dev.stint.cli;

import dev.stint.model.stack.Assembly;
import dev.stint.model.stack.RunOptions;
import dev.stint.model.stack.Scenario;
import dev.stint.model.stats.RunResult;

/// Whatever turns a scenario into figures: the model, or figures made by hand in tests.
interface Simulator {
  RunResult run(Scenario scenario, Assembly assembly, RunOptions options);
}
