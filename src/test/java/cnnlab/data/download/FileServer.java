package cnnlab.data.download;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An HTTP server on the loopback interface that has one file and misbehaves on request: each
 * request is answered by the next queued behaviour, or correctly when the queue is empty.
 */
public final class FileServer implements AutoCloseable {
  static final String ETAG = "\"first\"";

  /** Time for the bytes to arrive before the connection breaks. */
  private static final long FLIGHT_MILLIS = 50;

  /** A behaviour. */
  @FunctionalInterface
  public interface Answer {
    void to(HttpExchange exchange, FileServer server) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

  /** The Range and If-Range headers of every request, or nulls. */
  public final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  /** Bytes of answers without an end. */
  public final AtomicLong sent = new AtomicLong();

  public byte[] content;
  public String etag = ETAG;

  public FileServer(byte[] content) {
    this.content = content;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public FileServer then(Answer answer) {
    answers.add(answer);
    return this;
  }

  public URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public URI file() {
    return base().resolve("/file.gz");
  }

  private void handle(HttpExchange exchange) throws IOException {
    requests.add(
        "%s %s"
            .formatted(
                exchange.getRequestHeaders().getFirst("Range"),
                exchange.getRequestHeaders().getFirst("If-Range")));
    Answer answer = answers.isEmpty() ? FileServer::properly : answers.remove();
    try (exchange) {
      answer.to(exchange, this);
    }
  }

  /** Sends the file, or the requested range if If-Range, when given, still holds. */
  static void properly(HttpExchange exchange, FileServer server) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String condition = exchange.getRequestHeaders().getFirst("If-Range");
    if (range == null || condition != null && !condition.equals(server.etag)) {
      server.send(exchange, server.content.length);
      return;
    }
    int from = Integer.parseInt(range.replaceAll("\\D", ""));
    if (from >= server.content.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + server.content.length);
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    server.sendFrom(exchange, from);
  }

  private void sendFrom(HttpExchange exchange, int from) throws IOException {
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    exchange.sendResponseHeaders(206, content.length - from);
    exchange.getResponseBody().write(content, from, content.length - from);
  }

  /** Answers 200 and sends only the first of the announced bytes. */
  private void send(HttpExchange exchange, int count) throws IOException {
    if (etag != null) {
      exchange.getResponseHeaders().set("ETag", etag);
    }
    exchange.sendResponseHeaders(200, content.length);
    OutputStream out = exchange.getResponseBody();
    out.write(content, 0, count);
    out.flush();
  }

  /** Sends the given number of bytes from the start and breaks the connection. */
  public static Answer cutAfter(int count) {
    return (exchange, server) -> {
      server.send(exchange, count);
      server.await(FLIGHT_MILLIS);
    };
  }

  /** Sends the given number of bytes from the start and stalls. */
  public static Answer stallAfter(int count) {
    return (exchange, server) -> {
      server.send(exchange, count);
      server.await(Long.MAX_VALUE);
    };
  }

  /** Never even answers. */
  public static Answer silence() {
    return (exchange, server) -> server.await(Long.MAX_VALUE);
  }

  private void await(long millis) {
    try {
      closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Sends the complete file, regardless of the range. */
  public static Answer ignoringRanges() {
    return (exchange, server) -> server.send(exchange, server.content.length);
  }

  /** Sends a range that was not requested. */
  public static Answer rangeFrom(int from) {
    return (exchange, server) -> server.sendFrom(exchange, from);
  }

  /**
   * Announces a wrong length, sends the file, and stalls: if it closed the connection, a slow
   * client would notice that before the length.
   */
  public static Answer announcing(int bytes) {
    return (exchange, server) -> {
      exchange.sendResponseHeaders(200, bytes);
      OutputStream out = exchange.getResponseBody();
      out.write(server.content, 0, Math.min(bytes, server.content.length));
      out.flush();
      server.await(Long.MAX_VALUE);
    };
  }

  /** Announces the correct end of the range and sends endless bytes, until the client stops. */
  public static Answer endlessFrom(int from) {
    return (exchange, server) -> {
      int length = server.content.length;
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes %d-%d/%d".formatted(from, length - 1, length));
      server.sendForEver(exchange, 206);
    };
  }

  /** Gives no size and never ends. */
  public static Answer endless() {
    return (exchange, server) -> server.sendForEver(exchange, 200);
  }

  private void sendForEver(HttpExchange exchange, int status) throws IOException {
    exchange.sendResponseHeaders(status, 0); // chunked, of unknown length
    OutputStream out = exchange.getResponseBody();
    while (closing.getCount() > 0) {
      out.write(content);
      sent.addAndGet(content.length);
    }
  }

  public static Answer status(int status) {
    return (exchange, server) -> exchange.sendResponseHeaders(status, -1);
  }

  public static Answer busy(int seconds) {
    return (exchange, server) -> {
      exchange.getResponseHeaders().set("Retry-After", Integer.toString(seconds));
      exchange.sendResponseHeaders(429, -1);
    };
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
