package cnnlab.report.claim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A headless Chromium, driven through its DevTools protocol. */
public final class Browser implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "chrome");

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger ids = new AtomicInteger();
  private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
  private final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
  private volatile CountDownLatch loaded = new CountDownLatch(1);

  private Browser(Process process, Path profile) throws Exception {
    this.process = process;
    this.profile = profile;
    HttpClient http = HttpClient.newHttpClient();
    this.socket =
        http.newWebSocketBuilder()
            .buildAsync(URI.create(page(http)), new Listener())
            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    for (String domain : List.of("Page", "Runtime", "Log", "Network")) {
      call(domain + ".enable", Map.of());
    }
  }

  /** The browser's executable, if one is installed. */
  public static Optional<Path> installed() {
    String path = System.getenv().getOrDefault("PATH", "");
    return Stream.concat(Arrays.stream(path.split(File.pathSeparator)), Stream.of("/usr/bin"))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Starts the browser with a new profile.
   *
   * @param profile a new folder for the profile
   */
  public static Browser start(Path program, Path profile) throws Exception {
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage",
                "--remote-debugging-port=0",
                "--user-data-dir=" + profile,
                "about:blank")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return new Browser(process, profile);
    } catch (Exception e) {
      end(process);
      throw e;
    }
  }

  /** Shows a file at a given width in pixels; returns when it and its pictures are loaded. */
  public void open(Path file, int width, boolean dark) throws Exception {
    call(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", false));
    call(
        "Emulation.setEmulatedMedia",
        Map.of(
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
    complaints.clear();
    loaded = new CountDownLatch(1);
    call("Page.navigate", Map.of("url", file.toUri().toString()));
    if (!loaded.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException(file + " was not loaded within " + PATIENCE);
    }
  }

  /** The value of a JavaScript expression, which may be a promise. */
  public JsonNode evaluate(String expression) throws Exception {
    JsonNode answer =
        call(
            "Runtime.evaluate",
            Map.of("expression", expression, "returnByValue", true, "awaitPromise", true));
    if (answer.has("exceptionDetails")) {
      throw new IOException(answer.get("exceptionDetails").toString());
    }
    return answer.path("result").path("value");
  }

  /** Presses a key in the focused element. */
  public void press(String key, int code, String text) throws Exception {
    Map<String, Object> event =
        Map.of("key", key, "code", key, "windowsVirtualKeyCode", code, "text", text);
    for (String type : List.of("keyDown", "keyUp")) {
      ObjectNode parameters = JSON.valueToTree(event);
      call("Input.dispatchKeyEvent", parameters.put("type", type));
    }
  }

  /** Errors and warnings of the console, exceptions, and requests other than for files. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  @Override
  public void close() {
    end(process);
  }

  private static void end(Process process) {
    List<ProcessHandle> all =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(handle -> handle.onExit().orTimeout(10, TimeUnit.SECONDS).join());
  }

  private JsonNode call(String method, Object parameters) throws Exception {
    int id = ids.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    answers.put(id, answer);
    String message =
        JSON.writeValueAsString(Map.of("id", id, "method", method, "params", parameters));
    socket.sendText(message, true).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    JsonNode whole = answer.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    if (whole.has("error")) {
      throw new IOException(method + ": " + whole.get("error"));
    }
    return whole.path("result");
  }

  /** The address of the page's socket; the browser writes its port into its profile. */
  private String page(HttpClient http) throws Exception {
    Path port = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      if (!process.isAlive()) {
        throw new IOException("the browser ended with code " + process.exitValue());
      }
      if (Files.isRegularFile(port) && !Files.readAllLines(port).isEmpty()) {
        URI list =
            URI.create("http://127.0.0.1:%s/json/list".formatted(Files.readAllLines(port).get(0)));
        String pages =
            http.send(HttpRequest.newBuilder(list).build(), HttpResponse.BodyHandlers.ofString())
                .body();
        for (JsonNode page : JSON.readTree(pages)) {
          if (page.path("type").asText().equals("page")) {
            return page.path("webSocketDebuggerUrl").asText();
          }
        }
      }
      Thread.sleep(50);
    }
    throw new IOException("the browser did not start within " + PATIENCE);
  }

  private void event(JsonNode event) {
    JsonNode p = event.path("params");
    switch (event.path("method").asText()) {
      case "Page.loadEventFired" -> loaded.countDown();
      case "Runtime.exceptionThrown" -> complaints.add(p.toString());
      case "Runtime.consoleAPICalled" -> {
        if (List.of("error", "warning", "assert").contains(p.path("type").asText())) {
          complaints.add(p.toString());
        }
      }
      case "Log.entryAdded" -> {
        if (!p.path("entry").path("level").asText().equals("verbose")) {
          complaints.add(p.toString());
        }
      }
      case "Network.requestWillBeSent" -> {
        String url = p.path("request").path("url").asText();
        if (!url.startsWith("file:") && !url.startsWith("data:")) {
          complaints.add("request to " + url);
        }
      }
      default -> {}
    }
  }

  /** Assembles messages and passes them on. */
  private final class Listener implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        try {
          JsonNode message = JSON.readTree(text.toString());
          if (message.has("id")) {
            answers.remove(message.get("id").asInt()).complete(message);
          } else {
            event(message);
          }
        } catch (IOException e) {
          complaints.add(e.toString());
        } finally {
          text.setLength(0);
        }
      }
      webSocket.request(1);
      return null;
    }
  }
}
