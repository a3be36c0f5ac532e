package dev.stint.report.html;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TakesScreenshot;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/// A headless Chromium of this machine, driven through its chromedriver. Nothing is downloaded.
final class Browser implements AutoCloseable {
  private static final List<String> CHROMIUMS =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
  private static final List<String> DRIVERS =
      List.of("/usr/bin/chromedriver", "/usr/lib/chromium-browser/chromedriver");
  private static final List<String> FLAGS =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-default-apps",
          "--disable-extensions",
          "--disable-sync",
          "--no-first-run",
          "--metrics-recording-only",
          "--hide-scrollbars",
          "--force-color-profile=srgb",
          "--window-size=1280,1000");

  private final ChromeDriver driver;

  Browser() {
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(first(DRIVERS).orElseThrow().toFile())
            .build();
    ChromeOptions options = new ChromeOptions();
    options.setBinary(first(CHROMIUMS).orElseThrow().toFile());
    options.addArguments(FLAGS);
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    driver = new ChromeDriver(service, options);
    driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(60));
  }

  /// What is missing to have a browser; empty if nothing is.
  static Optional<String> missing() {
    if (first(CHROMIUMS).isEmpty()) {
      return Optional.of("no Chromium in " + CHROMIUMS);
    }
    return first(DRIVERS).isEmpty()
        ? Optional.of("no chromedriver in " + DRIVERS)
        : Optional.empty();
  }

  private static Optional<Path> first(List<String> paths) {
    return paths.stream().map(Path::of).filter(Files::isExecutable).findFirst();
  }

  /// Opens a page from its file and waits until its timeline is drawn.
  void open(Path page) {
    driver.get(page.toUri().toString());
    awaitTrue(
        "document.getElementById('timeline-canvas').dataset.paintMs !== undefined"
            + " && document.getElementById('timeline-canvas').dataset.ready !== undefined");
  }

  void size(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
  }

  /// The value of an expression.
  Object value(String expression) {
    return ((JavascriptExecutor) driver).executeScript("return " + expression + ";");
  }

  String text(String expression) {
    return String.valueOf(value(expression));
  }

  double number(String expression) {
    return ((Number) value(expression)).doubleValue();
  }

  /// What a script passes to its last argument.
  Object answer(String script) {
    return ((JavascriptExecutor) driver).executeAsyncScript(script);
  }

  void awaitTrue(String expression) {
    answer(
        "const done = arguments[arguments.length - 1]; const look = () => ("
            + expression
            + ") ? done(true) : setTimeout(look, 10); look();");
  }

  /// Until what was asked for has been drawn.
  void awaitFrames() {
    answer(
        "const done = arguments[arguments.length - 1];"
            + " requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 0)));");
  }

  WebElement find(String selector) {
    return driver.findElement(By.cssSelector(selector));
  }

  List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  ChromeDriver driver() {
    return driver;
  }

  Map<String, Object> command(String name, Map<String, Object> arguments) {
    return driver.executeCdpCommand(name, new LinkedHashMap<>(arguments));
  }

  byte[] screenshot() {
    return ((TakesScreenshot) driver).getScreenshotAs(OutputType.BYTES);
  }

  /// What the console said since the last call.
  List<String> console() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  /// The addresses that were asked for since the last call, files and data in the page excepted.
  List<String> requests() {
    List<String> addresses = new ArrayList<>();
    for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
      String message = entry.getMessage();
      if (message.contains("\"Network.requestWillBeSent\"")) {
        String address = message.replaceAll("(?s).*\"url\":\"([^\"]*)\".*", "$1");
        if (!address.matches("(file|data|blob|about|chrome):.*")) {
          addresses.add(address);
        }
      }
    }
    return addresses;
  }

  @Override
  public void close() {
    driver.quit();
  }
}
