package dev.stint.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.checks.fidelity.FidelityPage;
import dev.stint.checks.fidelity.MatrixSection;
import dev.stint.checks.fidelity.Section;
import dev.stint.checks.fidelity.TableSection;
import dev.stint.scenario.recording.MalformedRecording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// docs/fidelity.md says what the model does now. `.ci/fidelity` rewrites it.
final class FidelityPageTest {
  @Test
  void page_madeAnew_isTheOneInDocs() throws IOException, MalformedRecording {
    Path golden = Checkout.root().resolve("golden");
    List<ReplaySection> replays = ReplaySection.all(golden);
    List<Section> sections = new ArrayList<>(replays);
    List<TableSection> freeRuns = FidelityPage.sections(golden);
    sections.addAll(freeRuns);
    for (ReplaySection replay : replays) {
      if (replay.folder().endsWith("_smp1")) {
        sections.add(FidelityPage.freed(golden, replay.folder(), replay.freed(golden), freeRuns));
      }
    }
    sections.add(MatrixSection.of(Checkout.root().resolve("docs/validation-kernel.md")));
    String page = FidelityPage.markdown(sections);
    Path file = Checkout.root().resolve("docs/fidelity.md");
    if (System.getProperty("fidelity", "").equals("update")) {
      Files.writeString(file, page);
    }
    assertThat(Files.readString(file)).as("docs/fidelity.md; run .ci/fidelity").isEqualTo(page);
  }
}
