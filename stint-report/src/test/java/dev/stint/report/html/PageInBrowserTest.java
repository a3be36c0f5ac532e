package dev.stint.report.html;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stint.testkit.Skip;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.interactions.WheelInput.ScrollOrigin;

/// The page as a browser shows it and a person uses it.
final class PageInBrowserTest {
  private static final String CANVAS = "document.getElementById('timeline-canvas')";
  private static final int GUTTER = 150;

  // Generous: a busy machine with two processors and no GPU.
  private static final double FRAME_MS_MAX = 250;

  @TempDir private static Path directory;
  private static Browser browser;
  private static Path page;

  @BeforeAll
  static void open() {
    Browser.missing()
        .ifPresent(what -> {
          throw Skip.because(what);
        });
    page = Pages.scenario("l1vh/core-vs-integrated", 100_000).writeTo(directory.resolve("a.html"));
    browser = new Browser();
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  @BeforeEach
  void load() {
    browser.size(1280, 1000);
    browser.open(page);
  }

  @Test
  void page_loadedAndUsed_saysNothingOnTheConsoleAndAsksForNothing() {
    browser.find("#assembly-1").click();
    browser.awaitTrue(CANVAS + ".dataset.ready === 'integrated'");
    browser.find("#theme").click();
    browser.awaitFrames();
    assertThat(browser.console()).isEmpty();
    assertThat(browser.requests()).isEmpty();
  }

  @Test
  void page_shown_beginsWithTheVerdictAndFitsTheWidth() {
    assertThat(browser.find("main section:first-of-type h2").getText()).isEqualTo("Verdict");
    assertThat(browser.find(".verdict li").getText()).startsWith("Under core, cgroup gold got");
    for (int width : new int[] {800, 1280, 1900}) {
      browser.size(width, 900);
      browser.awaitFrames();
      assertThat(browser.number("document.documentElement.scrollWidth - innerWidth"))
          .as("overflow at %d pixels", width)
          .isLessThanOrEqualTo(0);
    }
  }

  @Test
  void shares_ofGold_sayAskedGotAndErrorUnderEveryAssembly() {
    List<WebElement> rows = browser.all("#shares tr[data-path='l1vh/cgroup:gold']");
    assertThat(rows).hasSize(3);
    assertThat(rows.get(0).getText()).contains("core").contains("2.85 1.90 -33 %");
    assertThat(rows.get(1).getText()).contains("integrated").contains("2.85 2.85 0 %");
    assertThat(browser.all("#blame .bar")).hasSizeGreaterThan(12);
  }

  @Test
  void assembly_switched_changesTimelineTheftAndWaits() {
    String before = browser.text("document.getElementById('waits-body').textContent");
    assertThat(browser.find("#theft-body caption").getText()).contains("core");
    browser.find("#assembly-1").click();
    browser.awaitTrue(CANVAS + ".dataset.ready === 'integrated'");
    browser.awaitFrames();
    assertThat(browser.find("#theft-body caption").getText()).contains("integrated");
    assertThat(browser.text("document.getElementById('waits-body').textContent"))
        .contains("vmm.queue")
        .isNotEqualTo(before);
    assertThat(browser.find("#live").getDomProperty("textContent")).contains("integrated");
  }

  @Test
  void entity_selected_isMarkedEverywhere() {
    browser.find("#entity option[value='l1vh/cgroup:bronze']").click();
    browser.awaitFrames();
    assertThat(browser.all("#shares tr.selected")).hasSize(3);
    assertThat(browser.all("#blame tr.selected")).isNotEmpty();
    assertThat(browser.all("#theft tr.selected")).hasSize(1);
    assertThat(browser.find("#latency-of").getText()).isEqualTo("cgroup bronze");
    assertThat(browser.find("#latency-chart").getText()).contains("too few for a histogram");
    browser.find("#entity option[value='l1vh/task:collector']").click();
    assertThat(browser.all("#latency-chart canvas")).hasSize(1);
    browser.find("#entity option[value='']").click();
    assertThat(browser.all("tr.selected")).isEmpty();
  }

  @Test
  void timeline_zoomedByButtonWheelAndKeys_showsLessTime() {
    double whole = span();
    browser.find("#zoom-in").click();
    browser.awaitFrames();
    assertThat(span()).isEqualTo(whole / 2);
    WebElement canvas = canvas();
    canvas.sendKeys("+");
    browser.awaitFrames();
    assertThat(span()).isEqualTo(whole / 4);
    new Actions(browser.driver())
        .scrollFromOrigin(ScrollOrigin.fromElement(canvas), 0, -240)
        .perform();
    browser.awaitFrames();
    assertThat(span()).isLessThan(whole / 4);
    canvas.sendKeys(Keys.HOME);
    browser.awaitFrames();
    assertThat(span()).isEqualTo(whole);
  }

  @Test
  void timeline_dragged_movesWithThePointer() {
    browser.find("#zoom-in").click();
    browser.awaitFrames();
    double from = browser.number("Number(" + CANVAS + ".dataset.fromNs)");
    new Actions(browser.driver())
        .moveToElement(canvas())
        .clickAndHold()
        .moveByOffset(100, 0)
        .release()
        .perform();
    browser.awaitFrames();
    double perPixel = span() / (browser.number(CANVAS + ".clientWidth") - GUTTER);
    double moved = from - browser.number("Number(" + CANVAS + ".dataset.fromNs)");
    assertThat(moved).isBetween(99 * perPixel, 101 * perPixel);
  }

  @Test
  void timeline_hovered_saysWhoRan() {
    WebElement canvas = canvas();
    int middle = canvas.getSize().height / 2;
    // The first row below the heading of the LPs.
    new Actions(browser.driver()).moveToElement(canvas, 300, -middle + 26 + 21 + 9).perform();
    browser.awaitFrames();
    assertThat(browser.find("#tooltip").getText()).contains("lp0: ran ").contains(", from ");
  }

  @Test
  void timeline_byKeysAlone_goesToRowsAndSlicesAndSelects() {
    WebElement canvas = canvas();
    canvas.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, ".");
    browser.awaitFrames();
    assertThat(browser.text("document.getElementById('live').textContent")).startsWith("lp1: ran");
    canvas.sendKeys(Keys.ENTER);
    browser.awaitFrames();
    assertThat(browser.text("document.getElementById('entity').value")).isEqualTo("lp1");
    canvas.sendKeys(Keys.ESCAPE);
    assertThat(browser.text("document.getElementById('entity').value")).isEmpty();
  }

  @Test
  void worstWait_clicked_showsItsIntervalAndWhy() {
    browser.find("#waits-body button").click();
    browser.awaitFrames();
    assertThat(span()).isLessThan(1e9);
    assertThat(browser.find("#waits-body tbody td:last-child").getText())
        .startsWith("hypervisor.wait: vm-");
    assertThat(browser.find("#waits-explain").getText())
        .startsWith("./stint explain sample.yaml --under core --entity l1vh/")
        .endsWith("ns");
    browser.find("#timeline-slices summary").click();
    browser.awaitFrames();
    assertThat(browser.find("#timeline-slices table").getText())
        .contains("waited", "hypervisor.wait", "meanwhile");
  }

  @Test
  void theft_byArrowKeys_movesFromCellToCell() {
    WebElement first = browser.find("#theft td.cell[tabindex='0']");
    first.sendKeys(Keys.ARROW_RIGHT);
    assertThat(browser.text("document.activeElement.title")).contains("waited");
    assertThat(browser.all("#theft td.cell[tabindex='0']")).hasSize(1);
    browser.find("#theft-reason option[value='hypervisor.wait']").click();
    assertThat(browser.find("#theft table").getText()).contains("itself");
  }

  @Test
  void theme_switched_changesColoursAndFollowsTheSystem() {
    String background = "getComputedStyle(document.body).backgroundColor";
    String light = browser.text(background);
    browser.command(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", "dark"))));
    String dark = browser.text(background);
    assertThat(dark).isNotEqualTo(light);
    browser.find("#theme").click();
    assertThat(browser.text(background)).isEqualTo(light);
    browser.command("Emulation.setEmulatedMedia", Map.of("features", List.of()));
    browser.find("#theme").click();
    assertThat(browser.text(background)).isEqualTo(dark);
  }

  @Test
  void page_audited_hasNamesHeadingsCaptionsAndContrast() throws IOException {
    String audit = audit();
    assertThat(faults(audit)).as("light").isEmpty();
    browser.find("#entity option[value='l1vh/cgroup:gold']").click();
    browser.find("#theme").click();
    browser.find("#theme").click();
    browser.awaitFrames();
    assertThat(faults(audit)).as("dark, with a selection").isEmpty();
    browser.value("document.getElementById('theft').append(document.createElement('input'))");
    assertThat(faults(audit)).as("with a fault").hasSize(1);
  }

  private static List<?> faults(String audit) {
    return (List<?>) browser.value("(() => {" + audit + "})()");
  }

  private static String audit() throws IOException {
    try (InputStream in = PageInBrowserTest.class.getResourceAsStream("audit.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void page_printed_leavesOutControlsAndShowsTheWholeRun() {
    browser.find("#zoom-in").click();
    browser.command("Emulation.setEmulatedMedia", Map.of("media", "print"));
    browser.value("dispatchEvent(new Event('beforeprint'))");
    for (String hidden : List.of(".toolbar", "nav", "#zoom-in", "#timeline-help", "footer")) {
      assertThat(browser.find(hidden).isDisplayed()).as(hidden).isFalse();
    }
    assertThat(browser.find("#timeline-canvas").isDisplayed()).isTrue();
    assertThat(browser.all("main details[open]")).isNotEmpty();
    browser.value("dispatchEvent(new Event('afterprint'))");
    browser.command("Emulation.setEmulatedMedia", Map.of("media", ""));
    Map<String, Object> pdf = browser.command("Page.printToPDF", Map.of("printBackground", true));
    assertThat(String.valueOf(pdf.get("data")).length()).isGreaterThan(50_000);
    assertThat(browser.find(".toolbar").isDisplayed()).isTrue();
  }

  @Test
  void page_ofHostileNames_showsThemAndRunsNothing() {
    browser.open(Hostile.pages().writeTo(directory.resolve("hostile.html")));
    assertThat(browser.value("window.owned")).isNull();
    assertThat(browser.find("h1").getText()).isEqualTo(Hostile.NAME);
    assertThat(browser.all("img")).isEmpty();
    assertThat(browser.text("document.getElementById('entity').textContent"))
        .contains(Hostile.TASK);
    assertThat(browser.console()).isEmpty();
  }

  @Test
  void timeline_cutShort_saysSoInWords() {
    browser.open(
        Pages.scenario("l1vh/core-vs-integrated", 500).writeTo(directory.resolve("c.html")));
    assertThat(browser.find("#timeline-notice").getText())
        .startsWith("This run has more slices than a page can hold.")
        .contains("all other figures on this page cover the whole run");
  }

  @Test
  void timeline_ofAMillionSlices_pansFluently() {
    Path big = BigPage.pages().writeTo(directory.resolve("big.html"));
    long begin = System.nanoTime();
    browser.open(big);
    double openMs = (System.nanoTime() - begin) / 1e6;
    browser.find("#zoom-in").click();
    canvas();
    List<?> frames =
        (List<?>)
            browser.answer(
                """
                const done = arguments[arguments.length - 1];
                const canvas = document.getElementById("timeline-canvas");
                const paints = [];
                const frames = [];
                let last = performance.now();
                const step = (i) => {
                  canvas.dispatchEvent(new KeyboardEvent("keydown",
                    { key: i % 8 < 4 ? "ArrowRight" : "ArrowLeft", bubbles: true }));
                  requestAnimationFrame(() => setTimeout(() => {
                    const now = performance.now();
                    paints.push(Number(canvas.dataset.paintMs));
                    frames.push(now - last);
                    last = now;
                    if (i < 40) step(i + 1); else {
                      const middle = (all) => all.slice(8).sort((a, b) => a - b)[16];
                      done([middle(paints), middle(frames), Math.max(...paints.slice(8))]);
                    }
                  }, 0));
                };
                step(0);
                """);
    double paintMs = ((Number) frames.get(0)).doubleValue();
    double frameMs = ((Number) frames.get(1)).doubleValue();
    double worstMs = ((Number) frames.get(2)).doubleValue();
    System.out.printf(
        "a million slices, %.1f MB: open %.0f ms; pan: paint %.1f, frame %.1f, worst %.1f ms%n",
        big.toFile().length() / 1e6, openMs, paintMs, frameMs, worstMs);
    assertThat(frameMs).as("median time between frames").isLessThan(FRAME_MS_MAX);
    assertThat(browser.console()).isEmpty();
  }

  private static WebElement canvas() {
    WebElement canvas = browser.find("#timeline-canvas");
    browser.value("document.getElementById('timeline').scrollIntoView()");
    browser.value(CANVAS + ".focus({ preventScroll: true })");
    browser.awaitFrames();
    return canvas;
  }

  private static double span() {
    return browser.number(
        "Number(" + CANVAS + ".dataset.toNs) - Number(" + CANVAS + ".dataset.fromNs)");
  }
}
