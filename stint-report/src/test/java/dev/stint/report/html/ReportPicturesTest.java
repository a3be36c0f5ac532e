package dev.stint.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.testkit.Skip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Takes the pictures of docs/images, when asked to by `.ci/pictures`.
final class ReportPicturesTest {
  private static final int BYTES_MAX = 250_000;

  @Test
  void pictures_askedFor_areTakenAndSmall(@TempDir Path directory) throws IOException {
    Skip.unless(
        System.getProperty("pictures", "").equals("update"),
        "pictures are taken by .ci/pictures alone: fonts differ from machine to machine");
    Browser.missing()
        .ifPresent(what -> {
          throw new IllegalStateException(what);
        });
    Path images = Path.of(System.getProperty("stint.root")).resolve("docs/images");
    Files.createDirectories(images);
    Path page = directory.resolve("report.html");
    Pages.scenario("l1vh/core-vs-integrated", HtmlReport.SLICES_MAX).writeTo(page);
    try (Browser browser = new Browser()) {
      browser.size(1180, 1360);
      browser.open(page);
      take(browser, images.resolve("report-verdict.png"));
      browser.size(1180, 940);
      browser.find("#assembly-1").click();
      browser.awaitTrue(
          "document.getElementById('timeline-canvas').dataset.ready === 'integrated'");
      for (int i = 0; i < 5; i++) {
        browser.find("#zoom-in").click();
      }
      browser.value("document.activeElement.blur()");
      show(browser, "timeline");
      browser.value(
          "(() => { const c = document.getElementById('timeline-canvas');"
              + " const b = c.getBoundingClientRect(); c.dispatchEvent(new PointerEvent("
              + "'pointermove', { clientX: b.left + 640, clientY: b.top + 26 + 21 * 17 + 9,"
              + " bubbles: true })); })()");
      take(browser, images.resolve("report-timeline.png"));
      browser.size(1180, 800);
      browser.find("#entity option[value='l1vh/task:collector']").click();
      browser.find("#theme").click();
      browser.find("#theme").click();
      show(browser, "latency");
      take(browser, images.resolve("report-latency.png"));
    }
  }

  private static void show(Browser browser, String section) {
    browser.value("document.getElementById('" + section + "').scrollIntoView()");
  }

  private static void take(Browser browser, Path file) throws IOException {
    browser.awaitFrames();
    byte[] picture = browser.screenshot();
    assertThat(picture.length).as(file.toString()).isLessThan(BYTES_MAX);
    Files.write(file, picture);
  }
}
