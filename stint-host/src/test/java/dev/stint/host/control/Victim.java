package dev.stint.host.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.host.HostFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// `apply` or `rollback` in a process of its own, which SIGKILL ends at a position of [Mortal], and
/// the rollback after it in this one.
///
/// @param root of the host's files
/// @param state the state directory
/// @param owns the policy's subtree
/// @param policy its text
record Victim(Path root, Path state, String owns, String policy) {
  /// What a process ends with that SIGKILL ended.
  static final int KILLED = 137;

  private static final long PATIENCE_SECONDS = 60;

  /// Which of the two dies.
  enum Command {
    APPLY,
    ROLLBACK
  }

  /// Applies or takes back, and at a position kills itself.
  ///
  /// @param args the four components, the command, and the position
  public static void main(String[] args) throws IOException {
    int last = Integer.parseInt(args[5]);
    Victim victim = new Victim(Path.of(args[0]), Path.of(args[1]), args[2], args[3]);
    Mortal.Death death =
        position -> {
          if (position == last) {
            kill();
          }
        };
    switch (Command.valueOf(args[4])) {
      case APPLY -> victim.apply(death);
      case ROLLBACK -> victim.rollBack(death);
    }
  }

  private static void kill() {
    try {
      String self = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-9", self).start().waitFor();
      TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Applies in this process; returns how many positions there are.
  int apply(Mortal.Death death) throws IOException {
    try (StateDirectory directory = StateDirectory.at(state)) {
      assertThat(directory.check(true)).isEmpty();
      assertThat(directory.lock()).isEmpty();
      Mortal process = new Mortal(tree(), directory.disk(), death);
      Plan plan =
          new Control(new HostFiles(root)).plan(KilledApplyTest.policy(policy), process.files());
      assertThat(plan.problems()).isEmpty();
      Application application = new Application(process.files(), Journal.read(process.disk()));
      assertThat(application.apply(plan, 0, "", "p.yaml", owns))
          .isInstanceOf(Application.Outcome.Applied.class);
      return process.position();
    }
  }

  /// Does it in another process; returns what that ends with.
  int elsewhere(Command command, int position) throws IOException, InterruptedException {
    String classPath = System.getProperty("java.class.path");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("surefire.test.class.path", classPath),
                Victim.class.getName(),
                root.toString(),
                state.toString(),
                owns,
                policy,
                command.name(),
                Integer.toString(position))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  /// Takes back what the dead has written; nothing stays behind.
  ///
  /// @return how many positions there are
  int rollBack() throws IOException {
    return rollBack(_ -> {});
  }

  private int rollBack(Mortal.Death death) throws IOException {
    try (StateDirectory directory = StateDirectory.at(state)) {
      assertThat(directory.check(false)).isEmpty();
      assertThat(directory.lock()).as("the dead hold no lock").isEmpty();
      Mortal process = new Mortal(tree(), directory.disk(), death);
      List<Undone> undone =
          new Application(process.files(), Journal.read(process.disk())).rollback(false);
      assertThat(undone).allMatch(each -> each.how() == Undone.How.RESTORED);
      assertThat(directory.hasJournal()).isFalse();
      return process.position();
    }
  }

  private OwnedTree tree() throws IOException {
    return OwnedTree.of(new HostFiles(root), owns);
  }
}
