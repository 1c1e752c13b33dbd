package cnnlab.explorer.web;

import cnnlab.config.UsageException;
import cnnlab.explorer.Explorer;
import cnnlab.explorer.Explorer.UnknownException;
import cnnlab.store.Json;
import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page and its answers, on 127.0.0.1 only. Questions are {@code POST …/api/NAME} with a JSON
 * object of at most {@value #MOST_BYTES} bytes; nothing else is read from the page, and no question
 * names a file.
 */
public final class ExplorerServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExplorerServer.class);

  /** Enough for an image of 1000x1000 pixels in RGB. */
  private static final int MOST_BYTES = 5_000_000;

  private static final int MOST_THREADS = 64;
  private static final int IDLE_SECONDS = 30;

  /** With what the training takes, less than the virtual machine waits on Ctrl-C. */
  private static final int MOST_WAIT_SECONDS = 2;

  private static final int OK = 200;
  private static final int BAD_REQUEST = 400;
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int WRONG_METHOD = 405;
  private static final int TOO_LARGE = 413;
  private static final int WRONG_TYPE = 415;
  private static final int FAILED = 500;
  private static final String API = "api/";
  private static final String EVENTS = "events";
  private static final String JSON = "application/json; charset=utf-8";

  private final HttpServer server;
  private final ExecutorService threads;
  private final Access access;
  private final Explorer explorer;
  private final Questions questions;
  private volatile boolean open = true;

  private ExplorerServer(HttpServer server, Explorer explorer) {
    this.server = server;
    this.explorer = explorer;
    this.questions = new Questions(explorer);
    this.access = new Access(server.getAddress().getPort());
    this.threads =
        new ThreadPoolExecutor(
            0,
            MOST_THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> {
              Thread thread = new Thread(work, "explorer page");
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.AbortPolicy());
  }

  /**
   * Starts a server.
   *
   * @param port 0 for any free one
   * @throws UsageException when the port is taken
   */
  public static ExplorerServer start(Explorer explorer, int port) {
    HttpServer http;
    try {
      http =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
    } catch (IOException e) {
      throw new UsageException(
          "--port %s: cannot be opened (%s); choose another, or 0 for any"
              .formatted(port, e.getMessage()),
          e);
    }
    ExplorerServer made = new ExplorerServer(http, explorer);
    http.createContext("/", made::handle);
    http.setExecutor(made.threads);
    http.start();
    return made;
  }

  /** The address of the page, with its token. */
  public URI address() {
    return URI.create(
        "http://127.0.0.1:%s%s"
            .formatted(String.valueOf(server.getAddress().getPort()), access.root()));
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      headers(exchange.getResponseHeaders());
      if (!access.allows(exchange)) {
        send(exchange, FORBIDDEN, "text/plain; charset=utf-8", bytes("Forbidden"));
        return;
      }
      String path = exchange.getRequestURI().getRawPath().substring(access.root().length());
      if (path.equals(EVENTS)) {
        Events.send(exchange, explorer.live(), () -> open);
      } else if (path.startsWith(API)) {
        question(exchange, path.substring(API.length()));
      } else {
        page(exchange, path);
      }
    } catch (IOException left) {
      LOG.debug("a page left before its answer", left);
    } catch (RuntimeException e) {
      LOG.warn("a question of the page failed: {}", e.toString());
      LOG.debug("cause", e);
    }
  }

  private static void headers(Headers headers) {
    headers.set(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'");
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("X-Frame-Options", "DENY");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Resource-Policy", "same-origin");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set("Cache-Control", "no-store");
  }

  private void page(HttpExchange exchange, String path) throws IOException {
    if (!exchange.getRequestMethod().equals("GET")) {
      send(exchange, WRONG_METHOD, JSON, error("GET expected"));
      return;
    }
    PageFile file = PageFile.of(path).orElse(null);
    if (file == null) {
      send(exchange, NOT_FOUND, JSON, error("there is no such page"));
      return;
    }
    send(exchange, OK, file.type(), file.content());
  }

  private void question(HttpExchange exchange, String name) throws IOException {
    if (!exchange.getRequestMethod().equals("POST")) {
      send(exchange, WRONG_METHOD, JSON, error("POST expected"));
      return;
    }
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      send(exchange, WRONG_TYPE, JSON, error("application/json expected"));
      return;
    }
    byte[] body;
    try (InputStream in = exchange.getRequestBody()) {
      body = in.readNBytes(MOST_BYTES + 1);
    }
    if (body.length > MOST_BYTES) {
      send(
          exchange,
          TOO_LARGE,
          JSON,
          error("the question has more than %s bytes".formatted(MOST_BYTES)));
      return;
    }
    int status = OK;
    byte[] answer;
    try {
      JsonNode arguments = Json.parse(new String(body, StandardCharsets.UTF_8));
      answer = json(questions.answer(name, arguments));
    } catch (UnknownException | UsageException e) {
      status = BAD_REQUEST;
      answer = error(e.getMessage());
    } catch (IOException e) {
      status = BAD_REQUEST;
      answer = error(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      LOG.warn("question '{}' failed: {}", name, e.toString());
      LOG.debug("cause", e);
      status = FAILED;
      answer = error(String.valueOf(e.getMessage()));
    }
    send(exchange, status, JSON, answer);
  }

  private static byte[] error(String message) throws IOException {
    return json(Map.of("error", message));
  }

  private static byte[] json(Object value) throws IOException {
    return bytes(Json.lineWriter().writeValueAsString(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void send(HttpExchange exchange, int status, String type, byte[] content)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, content.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(content);
    }
  }

  /**
   * Ends the server. Answers that are being computed are waited for, but not interrupted, which
   * could truncate a file that is being written.
   */
  @Override
  public void close() {
    open = false;
    server.stop(0);
    threads.shutdown();
    try {
      if (!threads.awaitTermination(MOST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        LOG.debug("an answer was not finished in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
