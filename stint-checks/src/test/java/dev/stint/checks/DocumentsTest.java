package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Documents: links lead somewhere, commands do what the page says.
final class DocumentsTest {
  private static final String CLASS_PATH = System.getProperty("java.class.path");

  @TempDir private Path directory;

  static List<String> pages() {
    return Checkout.files(Checkout.root(), ".md").stream().map(Checkout::name).toList();
  }

  private static MarkdownPage page(String name) {
    return new MarkdownPage(Checkout.read(Checkout.root().resolve(name)));
  }

  private List<String> run(String... lines) {
    try (DocumentCommands commands = new DocumentCommands(Checkout.root(), directory, CLASS_PATH)) {
      return commands.findings("sample.md", new MarkdownPage(String.join("\n", lines)));
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void page_links_leadSomewhere(String name) {
    Path root = Checkout.root();
    assertThat(DocumentLinks.findings(root, root.resolve(name), page(name))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void page_markedCommands_doWhatItSays(String name) {
    try (DocumentCommands commands = new DocumentCommands(Checkout.root(), directory, CLASS_PATH)) {
      assertThat(commands.findings(name, page(name))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void page_reminders_nameAnIssue(String name) {
    assertThat(TidyRules.ofText(name, Checkout.read(Checkout.root().resolve(name)))).isEmpty();
  }

  @Test
  void command_thatRuns_isFine() {
    assertThat(run("```sh run", "# the version", "./stint --version", "```")).isEmpty();
  }

  @Test
  void command_withOutput_isCompared() {
    String[] right = {"```sh run", "./stint --version", "```", "```text output", "...", "```"};
    assertThat(run(right)).isEmpty();
  }

  @Test
  void command_withOtherOutput_isFound() {
    String[] wrong = {"```sh run", "./stint --version", "```", "```text output", "stint 9", "```"};
    assertThat(run(wrong))
        .singleElement()
        .asString()
        .startsWith("sample.md:1: the output below it");
  }

  @Test
  void command_withOtherExitCode_isFound() {
    assertThat(run("```sh run exit=7", "./stint --version", "```"))
        .singleElement()
        .asString()
        .startsWith("sample.md:1: exit code 0, not 7");
  }

  @Test
  void command_ofAnotherProgram_isFoundAndNotRun() {
    assertThat(run("```sh run", "rm -r scenarios", "```"))
        .containsExactly("sample.md:1: only ./stint may be run here, not: rm -r scenarios");
    assertThat(DocumentCommands.foreignLine(List.of("./stint --version; rm x"))).isNotEmpty();
  }

  @Test
  void output_dots_standForAnyLines() {
    List<String> printed = new ArrayList<>(List.of("a", "b", "c"));
    assertThat(DocumentCommands.matches(List.of("a", "...", "c"), printed)).isTrue();
    assertThat(DocumentCommands.matches(List.of("..."), printed)).isTrue();
    assertThat(DocumentCommands.matches(List.of("a", "c"), printed)).isFalse();
  }

  @Test
  void link_toNoFile_isFound() {
    Path file = Checkout.root().resolve("sample.md");
    MarkdownPage page =
        new MarkdownPage("# One\n[a](#one) [b](#two) [c](no.md) [d](https://e.org)\n`[x](y)`\n");
    assertThat(DocumentLinks.findings(Checkout.root(), file, page))
        .containsExactly(
            "sample.md:2: #two names no heading of that page", "sample.md:2: no.md does not exist");
  }
}
