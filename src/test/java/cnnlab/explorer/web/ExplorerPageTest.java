package cnnlab.explorer.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.explorer.Explorer;
import cnnlab.explorer.KeptRun;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.ModelLoader;
import cnnlab.run.RunOptions;
import java.awt.image.BufferedImage;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page in a real Chromium, with chromedriver; skipped on machines without them. */
class ExplorerPageTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path MODEL = Path.of("results/reference/task1/model.zip");

  private static ChromeDriver browser;
  private static File driverFile;
  private static File chromiumFile;

  private Explorer explorer;
  private ExplorerServer server;

  @BeforeAll
  static void open() {
    Optional<File> driver = program("chromedriver");
    Optional<File> chromium =
        Stream.of("chromium", "chromium-browser", "google-chrome")
            .flatMap(name -> program(name).stream())
            .findFirst();
    assumeTrue(
        driver.isPresent() && chromium.isPresent(),
        "the explorer's page is tested only where chromium and chromedriver are on the PATH");
    driverFile = driver.orElseThrow();
    chromiumFile = chromium.orElseThrow();
    browser = start("en-US");
  }

  private static ChromeDriver start(String language) {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromiumFile);
    options.addArguments(
        "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,1000");
    options.setExperimentalOption("prefs", Map.of("intl.accept_languages", language));
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    ChromeDriver made =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(driverFile).build(), options);
    made.executeCdpCommand("Emulation.setLocaleOverride", Map.of("locale", language));
    return made;
  }

  private static Optional<File> program(String name) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toFile)
        .findFirst();
  }

  @AfterAll
  static void quit() {
    if (browser != null) {
      browser.quit();
    }
  }

  @BeforeEach
  void start() {
    explorer = new Explorer(RunOptions.locateDatasets(null));
    explorer.add(MODEL, ModelLoader.open(MODEL), new ArrayLayout(List.of(28, 28, 1)), null);
    server = ExplorerServer.start(explorer, 0);
    browser.get(server.address().toString());
    until("the first image is examined", b -> text("verdict").contains("true class: 7"));
  }

  @AfterEach
  void stop() {
    if (server != null) {
      assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
          .as("messages of the browser's console")
          .isEmpty();
      browser.get("about:blank");
      server.close();
    }
    if (explorer != null) {
      explorer.close();
    }
  }

  private static WebElement find(String id) {
    return browser.findElement(By.id(id));
  }

  private static String text(String id) {
    return find(id).getText();
  }

  private static void until(String what, Predicate<ChromeDriver> condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!holds(condition)) {
      assertThat(System.nanoTime())
          .as("%s; the page says: %s %s", what, text("verdict"), text("error"))
          .isLessThan(end);
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** The page may replace an element between finding and asking it. */
  private static boolean holds(Predicate<ChromeDriver> condition) {
    try {
      return condition.test(browser);
    } catch (StaleElementReferenceException replaced) {
      return false;
    }
  }

  private static void slide(String id, double value) {
    ((JavascriptExecutor) browser)
        .executeScript(
            "const s = document.getElementById(arguments[0]); s.value = arguments[1]; s.dispatchEvent(new Event('input'));",
            id,
            String.valueOf(value));
  }

  @Test
  void aDrawnStrokeIsSeenByAllEngines() {
    find("clear").click();
    until("the cleared image", b -> text("label").contains("Drawn by hand"));
    WebElement canvas = find("drawing");
    new Actions(browser)
        .moveToElement(canvas, 0, -80)
        .clickAndHold()
        .moveByOffset(0, 80)
        .moveByOffset(0, 80)
        .release()
        .perform();
    until("a vertical line is a one", b -> text("verdict").startsWith("1,"));
    until(
        "the same probability by both engines",
        b -> {
          List<WebElement> cells =
              b.findElements(By.cssSelector("#outputs tbody tr.best td:not(.bar)"));
          return cells.size() == 6 && cells.get(1).getText().equals(cells.get(2).getText());
        });
    assertThat(text("agreement")).contains("double precision");
  }

  @Test
  void aClickOnAValueTellsHowItCameAbout() {
    until(
        "the maps are drawn",
        b -> b.findElements(By.cssSelector("[data-layer=conv2] .map canvas")).size() == 8);
    until(
        "a click on a map",
        b -> {
          WebElement map = b.findElement(By.cssSelector("[data-layer=conv2] .map:nth-child(3)"));
          b.executeScript("arguments[0].scrollIntoView()", map);
          map.findElement(By.tagName("canvas")).click();
          return true;
        });
    until("the dialog is open", b -> find("value").isDisplayed());
    String story = text("value");
    assertThat(story)
        // The centre of the map lies between two values.
        .containsPattern("conv2 \\(Conv2d\\), channel 2, row [67], column [67]")
        .contains("kernel")
        .contains("products")
        .contains("ReLU(")
        .contains("double precision");
    assertThat(browser.findElements(By.cssSelector("#value .part"))).hasSize(4);
    browser.findElement(By.cssSelector("#value form button")).click();
    until("the dialog is closed", b -> !find("value").isDisplayed());
  }

  @Test
  void eachViewOfTheLayersIsDrawn() {
    for (String view : List.of("library", "difference", "scratch")) {
      browser.findElement(By.cssSelector("input[name=view][value=%s]".formatted(view))).click();
      until(
          view,
          b ->
              b.findElements(By.cssSelector("[data-layer=conv1] .map canvas")).size() == 4
                  && text("error").isEmpty());
    }
    browser.findElement(By.cssSelector("input[name=view][value=library]")).click();
    ((JavascriptExecutor) browser)
        .executeScript("document.querySelector('[data-layer=\"dense/linear\"]').scrollIntoView()");
    until(
        "the inner layer that DL4J does not show",
        b ->
            b.findElement(By.cssSelector("[data-layer='dense/linear'] .maps"))
                .getText()
                .contains("DL4J does not show"));
    WebElement kernels = browser.findElement(By.cssSelector("[data-layer=conv1] summary"));
    ((JavascriptExecutor) browser).executeScript("arguments[0].scrollIntoView()", kernels);
    kernels.click();
    until(
        "the kernels",
        b -> b.findElements(By.cssSelector("[data-layer=conv1] details canvas")).size() == 4);
  }

  @Test
  void slidersChangeTheImageAndItsProbabilities() {
    slide("s-rotation", 180);
    until("an inverted seven is no seven", b -> !text("verdict").startsWith("7"));
    find("reset").click();
    until("the image as it was", b -> text("verdict").startsWith("7"));
    find("flip-horizontal").click();
    until("a mirrored seven", b -> !text("verdict").contains("probability 1 "));
  }

  @Test
  void mistakesAreFound() {
    find("mistake").click();
    until("a mistake", b -> text("label").contains("are wrong"));
    String verdict = text("verdict");
    String truth = verdict.replaceAll(".*true class: (\\d).*", "$1");
    assertThat(verdict).doesNotStartWith(truth + ",");
  }

  @Test
  void aNetworkLearnsWhileOneWatches() {
    WebElement form = find("training");
    WebElement images = form.findElement(By.name("images"));
    images.clear();
    images.sendKeys("512");
    form.findElement(By.cssSelector("button[type=submit]")).click();
    until("the new network", b -> "live".equals(find("model").getDomProperty("value")));
    browser.findElement(By.cssSelector("[data-action=step]")).click();
    until("one step", b -> text("progress").contains("step 1;"));
    for (int epoch = 1; epoch <= 2; epoch++) {
      int steps = 4 * epoch;
      browser.findElement(By.cssSelector("[data-action=epoch]")).click();
      until("epoch " + epoch, b -> text("progress").contains("step %s;".formatted(steps)));
    }
    assertThat(text("progress")).startsWith("Paused: epoch 2, batch 4 of 4");
    until("the curve", b -> find("curve").isDisplayed());
  }

  @Test
  void augmentationIsChosenTransformByTransform() {
    WebElement form = find("training");
    form.findElement(By.name("images")).clear();
    form.findElement(By.name("images")).sendKeys("256");
    assertThat(find("transforms").isDisplayed()).isFalse();
    form.findElement(By.name("augmentation")).click();
    until("the transforms", b -> !b.findElements(By.id("t-elastic")).isEmpty());
    assertThat(find("t-rotate").isSelected()).isTrue();
    assertThat(find("t-flip").isSelected()).isFalse();
    assertThat(browser.findElements(By.id("t-stain"))).isEmpty();
    find("v-elastic").clear();
    find("v-elastic").sendKeys("60");
    assertThat(find("t-elastic").isSelected()).isTrue();
    find("t-flip").click();
    form.findElement(By.cssSelector("button[type=submit]")).click();
    until("a warning", b -> text("warnings").contains("mirrored digits are not digits"));
    browser.findElement(By.cssSelector("[data-action=epoch]")).click();
    until("an epoch", b -> text("progress").contains("step 2;"));
    assertThat(text("error")).isEmpty();
    find("v-rotate").clear();
    find("v-rotate").sendKeys("999");
    ((JavascriptExecutor) browser)
        .executeScript("document.getElementById('training').noValidate = true");
    form.findElement(By.cssSelector("button[type=submit]")).click();
    until("a refusal", b -> text("error").contains("rotate.degrees: 999"));
    // The browser reports the refusal itself.
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .singleElement()
        .satisfies(entry -> assertThat(entry.getMessage()).contains("status of 400"));
  }

  @Test
  void theSliderGoesThroughTheEpochsOfARun(@TempDir Path temp) throws Exception {
    stop();
    explorer = new Explorer(RunOptions.locateDatasets(null));
    for (int seed : new int[] {1, 2}) {
      Path file = KeptRun.write(temp.resolve("run" + seed), 10 * seed);
      explorer.add(file, ModelLoader.open(file), new ArrayLayout(List.of(28, 28, 1)), null);
    }
    server = ExplorerServer.start(explorer, 0);
    browser.get(server.address().toString());
    until("the kept epoch", b -> text("epoch-text").matches("after epoch 2 \\(in.*are right.*"));
    assertThat(text("epoch-text")).contains("training loss 2.5", "of the first 2,000 test images");
    String kept = text("outputs");
    find("beside").findElements(By.tagName("option")).get(2).click();
    until("the other run", b -> text("agreement").contains("run2/model.zip after epoch 2"));
    WebElement kernels = browser.findElement(By.cssSelector("[data-layer=conv1] summary"));
    ((JavascriptExecutor) browser).executeScript("arguments[0].scrollIntoView()", kernels);
    kernels.click();
    By kernel = By.cssSelector("[data-layer=conv1] details canvas");
    until("the kernels", b -> !b.findElements(kernel).isEmpty());
    AtomicReference<String> before = new AtomicReference<>();
    until(
        "a kernel",
        b -> {
          before.set(b.findElement(kernel).getDomAttribute("title"));
          return true;
        });
    find("epoch").sendKeys(Keys.ARROW_RIGHT);
    until("epoch 3", b -> text("epoch-text").matches("after epoch 3; .*are right.*"));
    assertThat(text("epoch-text")).contains("validation accuracy 0.75");
    until(
        "other kernels", b -> !before.get().equals(b.findElement(kernel).getDomAttribute("title")));
    until("the other run follows", b -> text("agreement").contains("after epoch 3"));
    assertThat(text("outputs")).isNotEqualTo(kept);
    find("play").click();
    until("it plays to the end", b -> "▶ Play".equals(text("play")));
    assertThat(text("epoch-text")).startsWith("after epoch 3");
    find("model").findElements(By.tagName("option")).get(1).click();
    until("the other run", b -> text("epoch-text").matches("after epoch 2 .*are right.*"));
  }

  /**
   * With German settings, numbers are typed with a comma; the page and the server go on with
   * points.
   */
  @Test
  void aGermanBrowserWorksTheSame() {
    ChromeDriver before = browser;
    Locale locale = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    browser = start("de-DE");
    try {
      browser.get(server.address().toString());
      until("the first image", b -> text("verdict").contains("true class: 7"));
      assertThat(
              ((JavascriptExecutor) browser)
                  .executeScript("return navigator.language + ' ' + (0.5).toLocaleString()"))
          .isEqualTo("de-DE 0,5");
      assertThat(text("facts")).contains("4,266 parameters");
      slide("s-magnification", 0.75);
      until(
          "a zoomed image",
          b ->
              "0.75×"
                  .equals(
                      b.findElement(By.cssSelector("#sliders output[for=s-magnification]"))
                          .getText()));
      WebElement form = find("training");
      for (String[] typed : new String[][] {{"images", "64"}, {"learningRate", "0.02"}}) {
        form.findElement(By.name(typed[0])).clear();
        form.findElement(By.name(typed[0])).sendKeys(typed[1]);
      }
      assertThat(form.findElement(By.name("learningRate")).getDomProperty("value"))
          .isEqualTo("0.02");
      form.findElement(By.name("augmentation")).click();
      until("the transforms", b -> !b.findElements(By.id("t-rotate")).isEmpty());
      form.findElement(By.cssSelector("button[type=submit]")).click();
      until("the new network", b -> "live".equals(find("model").getDomProperty("value")));
      browser.findElement(By.cssSelector("[data-action=epoch]")).click();
      until("an epoch", b -> text("progress").matches("Paused: epoch 1, .*; loss \\d\\.\\d+; .*"));
      assertThat(text("error")).isEmpty();
      assertThat(text("outputs")).doesNotContainPattern("\\d,\\d");
    } finally {
      browser.quit();
      browser = before;
      Locale.setDefault(locale);
    }
  }

  @Test
  void theWholePageIsNamedForScreenReaders() {
    assertThat(
            ((JavascriptExecutor) browser)
                .executeScript(
                    "return [...document.querySelectorAll('button,select,input,canvas')].filter(e => e.offsetParent && !e.textContent.trim() && !e.ariaLabel && !e.getAttribute('aria-labelledby') && !(e.labels && e.labels.length) && !e.closest('button')).map(e => e.outerHTML)"))
        .isEqualTo(List.of());
  }

  @Test
  void oneDrawsWithTheKeyboard() {
    WebElement drawing = find("drawing");
    drawing.sendKeys(Keys.DELETE);
    until("an empty image", b -> text("label").equals("Drawn by hand."));
    for (int i = 0; i < 5; i++) {
      drawing.sendKeys(Keys.ARROW_UP);
    }
    assertThat(text("label")).isEqualTo("Column 14, row 9");
    assertThat(pixel(14, 9)).as("the mark of the place").isEqualTo("161,42,42");
    for (int i = 0; i < 10; i++) {
      drawing.sendKeys(" ", Keys.ARROW_DOWN);
    }
    until("a one", b -> text("verdict").startsWith("1,"));
    find("clear").sendKeys("");
    ((JavascriptExecutor) browser).executeScript("arguments[0].blur()", drawing);
    assertThat(pixel(14, 9)).isEqualTo("255,255,255");
  }

  private static String pixel(int x, int y) {
    return (String)
        ((JavascriptExecutor) browser)
            .executeScript(
                "const c = new OffscreenCanvas(28, 28).getContext('2d', {willReadFrequently: true}); c.drawImage(document.getElementById('drawing'), 0, 0); return [...c.getImageData(arguments[0], arguments[1], 1, 1).data].slice(0, 3).join(',')",
                x,
                y);
  }

  /** The centre is taken; a wide picture is not squeezed. */
  @Test
  void imageFilesAreReadByTheBrowser(@TempDir Path folder) throws Exception {
    BufferedImage wide = new BufferedImage(280, 56, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 56; y++) {
      for (int x = 112; x < 168; x++) {
        wide.setRGB(x, y, 0xffffff);
      }
    }
    Path file = folder.resolve("wide.png");
    ImageIO.write(wide, "png", file.toFile());
    find("file").sendKeys(file.toAbsolutePath().toString());
    until(
        "the picture",
        b -> text("label").equals("wide.png, 280 x 56 pixels, its centre resized to 28 x 28"));
    until("white all over", b -> pixel(0, 0).equals("255,255,255"));
    assertThat(pixel(27, 27)).isEqualTo("255,255,255");
    Path text = Files.writeString(folder.resolve("note.txt"), "no picture");
    find("file").sendKeys(text.toAbsolutePath().toString());
    until("a refusal", b -> text("error").contains("note.txt is not an image"));
  }

  @Test
  void aSavedPageNeedsNoServer(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("page.html");
    Files.writeString(file, PageExport.html(explorer, "m0", explorer.example("m0", 5)));
    browser.get(file.toUri().toString());
    until("the saved image", b -> text("verdict").contains("true class: 1"));
    until(
        "the maps",
        b -> b.findElements(By.cssSelector("[data-layer=conv2] .map canvas")).size() == 8);
    until(
        "a key on a map",
        b -> {
          b.findElement(By.cssSelector("[data-layer=conv1] .map")).sendKeys(Keys.ENTER);
          return true;
        });
    until("the dialog is open", b -> find("value").isDisplayed());
    assertThat(text("value")).contains("conv1 (Conv2d), channel 0");
    assertThat(find("draw-tools").isDisplayed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 800, 1200, 1600})
  void nothingIsWiderThanTheWindow(int width) {
    browser.manage().window().setSize(new Dimension(width, 900));
    try {
      Long over =
          (Long)
              ((JavascriptExecutor) browser)
                  .executeScript(
                      "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
      assertThat(over).isZero();
    } finally {
      browser.manage().window().setSize(new Dimension(1400, 1000));
    }
  }
}
