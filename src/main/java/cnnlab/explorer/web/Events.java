package cnnlab.explorer.web;

import cnnlab.explorer.LiveTraining;
import cnnlab.store.Json;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Sends the states of the live training to a page, as server-sent events. */
final class Events {
  private static final int QUEUE = 16;

  /** How often it is looked whether the server is still open, and the page still there. */
  private static final int HEARTBEAT_MILLIS = 250;

  private Events() {}

  /**
   * Sends events until the page leaves or the server ends. If the page is slow, older states are
   * left out.
   *
   * @param open whether the server is open
   */
  static void send(HttpExchange exchange, LiveTraining training, BooleanSupplier open)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
    exchange.sendResponseHeaders(200, 0);
    BlockingQueue<LiveTraining.State> waiting = new ArrayBlockingQueue<>(QUEUE);
    Consumer<LiveTraining.State> listener =
        state -> {
          while (!waiting.offer(state)) {
            waiting.poll();
          }
        };
    training.listen(listener);
    try (OutputStream out = exchange.getResponseBody()) {
      while (open.getAsBoolean()) {
        LiveTraining.State state = waiting.poll(HEARTBEAT_MILLIS, TimeUnit.MILLISECONDS);
        String text =
            state == null
                ? ": waiting\n\n"
                : "data: %s\n\n".formatted(Json.lineWriter().writeValueAsString(state));
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      training.leave(listener);
    }
  }
}
