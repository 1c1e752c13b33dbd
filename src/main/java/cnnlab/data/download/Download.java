package cnnlab.data.download;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Downloads large files over HTTP. An interrupted download is resumed, by the same process or a
 * later one (range requests, RFC 9110 section 14). A file gets its name only when it is complete
 * and has the expected MD5.
 */
public final class Download {
  private static final int OK = 200;
  private static final int PARTIAL = 206;
  private static final int RANGE_NOT_SATISFIABLE = 416;

  /** Request timeout, too early, too many requests: a retry may succeed, as after 5xx. */
  private static final Set<Integer> TRANSIENT = Set.of(408, 425, 429);

  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes (?:(\\d{1,18})-\\d{1,18}|\\*)/(\\d{1,18})");

  private final HttpClient client;
  private final Limits limits;
  private final Listener listener;

  /**
   * The policy of timeouts and retries.
   *
   * @param failures upper limit on consecutive failures without progress
   * @param firstPause the pause after the first failure; it doubles with every failure
   * @param longestPause upper limit on pauses, including those requested by the server
   *     (Retry-After)
   * @param connect the timeout for connecting
   * @param stall the timeout for data from the server
   */
  public record Limits(
      int failures, Duration firstPause, Duration longestPause, Duration connect, Duration stall) {
    /** The usual policy, which gives up after about three minutes of failures. */
    public static final Limits USUAL =
        new Limits(
            8,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Duration.ofSeconds(20),
            Duration.ofSeconds(60));

    Duration pause(int failure) {
      Duration pause = firstPause;
      for (int i = 1; i < failure && pause.compareTo(longestPause) < 0; i++) {
        pause = pause.multipliedBy(2);
      }
      return shortened(pause);
    }

    Duration shortened(Duration pause) {
      return pause.compareTo(longestPause) < 0 ? pause : longestPause;
    }
  }

  /** Receives the progress of downloads. */
  public interface Listener {
    /** The number of bytes of a file that have been downloaded. */
    void progress(String name, long bytes, long total);

    /** A message for the user, such as a pause before the next attempt. */
    void message(String line);
  }

  /** A failed attempt that may be repeated. */
  private static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Duration wish;

    Failure(String why, Duration wish) {
      super(why);
      this.wish = wish;
    }
  }

  public Download(Limits limits, Listener listener) {
    this.limits = limits;
    this.listener = listener;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(limits.connect)
            .build();
  }

  /**
   * Downloads a file that does not exist yet.
   *
   * @param source its address
   * @param target the file to create
   * @param bytes its expected length; no more is read, whatever the server announces
   * @param md5 its expected MD5
   * @throws IOException when the server refuses, keeps failing or has a different file, or the disk
   *     fails; the message gives a remedy. The part downloaded so far is kept as {@code NAME.part},
   *     unless the MD5 was wrong
   */
  public void fetch(URI source, Path target, long bytes, String md5) throws IOException {
    try (PartFile part = PartFile.open(target)) {
      if (part.size() > bytes) {
        listener.message(
            target.getFileName() + ": the partial download is longer than the file; starting over");
        part.restart(source, null);
      }
      boolean resumed = part.size() > 0;
      long furthest = part.size();
      int failures = 0;
      while (true) {
        Failure failure = attempt(source, target, part, bytes);
        if (failure == null) {
          String found = part.md5();
          if (found.equals(md5)) {
            part.finish();
            return;
          }
          if (!resumed) {
            part.discard();
            throw new IOException(
                "%s: the file has MD5 %s, expected %s. Try another mirror with --url."
                    .formatted(source, found, md5));
          }
          // The earlier part may have come from another file: try once more from the start.
          listener.message(target.getFileName() + ": wrong MD5 after resuming; starting over");
          part.restart(source, null);
          resumed = false;
          furthest = 0;
          continue;
        }
        failures = part.size() > furthest ? 1 : failures + 1;
        furthest = Math.max(furthest, part.size());
        if (failures >= limits.failures) {
          throw new IOException(
              "%s: %s; gave up after %d attempts. The data received so far is kept: run the command again to resume."
                  .formatted(source, failure.getMessage(), failures));
        }
        pause(target, failure, failures);
      }
    }
  }

  private void pause(Path target, Failure failure, int failures) throws IOException {
    Duration pause = failure.wish == null ? limits.pause(failures) : limits.shortened(failure.wish);
    listener.message(
        "%s: %s; next attempt in %s"
            .formatted(target.getFileName(), failure.getMessage(), seconds(pause)));
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      throw interrupted();
    }
  }

  /** Makes one attempt; returns null when the file is complete. */
  private Failure attempt(URI source, Path target, PartFile part, long bytes) throws IOException {
    try {
      HttpResponse<BodyQueue> response = send(request(source, part));
      try (BodyQueue body = response.body()) {
        long total = begin(source, part, response);
        if (total != bytes) {
          throw new IOException(
              "%s: the server has a file of %,d bytes, the published one has %,d. Try another mirror with --url."
                  .formatted(source, total, bytes));
        }
        if (part.size() < total) {
          receive(body, source, target, part, total);
        }
        return null;
      }
    } catch (InterruptedException e) {
      throw interrupted();
    } catch (Failure e) {
      return e;
    }
  }

  private HttpRequest request(URI source, PartFile part) {
    HttpRequest.Builder request = HttpRequest.newBuilder(source).timeout(limits.stall);
    // Ranges refer to bytes of the file itself, so compression is not allowed.
    request.header("Accept-Encoding", "identity");
    if (part.size() > 0) {
      request.header("Range", "bytes=" + part.size() + "-");
      part.validator(source).ifPresent(validator -> request.header("If-Range", validator));
    }
    return request.build();
  }

  private HttpResponse<BodyQueue> send(HttpRequest request) throws Failure, InterruptedException {
    try {
      return client.send(request, info -> new BodyQueue(limits.stall));
    } catch (IOException | IllegalArgumentException e) {
      // IllegalArgumentException: an invalid address in a redirect.
      throw new Failure("no answer (%s)".formatted(e), null);
    }
  }

  /**
   * Prepares the part file for the body of the response.
   *
   * @return the length of the complete file
   */
  private static long begin(URI source, PartFile part, HttpResponse<?> response)
      throws IOException, Failure {
    int status = response.statusCode();
    if (status == OK) {
      part.restart(source, validator(response));
      return length(response)
          .orElseThrow(
              () -> new IOException(source + ": the server does not give the size of the file"));
    }
    Matcher range =
        CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    boolean ranged = range.matches();
    if (status == PARTIAL
        && ranged
        && range.group(1) != null
        && Long.parseLong(range.group(1)) == part.size()) {
      return Long.parseLong(range.group(2));
    }
    if (status == RANGE_NOT_SATISFIABLE
        && ranged
        && Long.parseLong(range.group(2)) == part.size()) {
      return part.size();
    }
    if (status == PARTIAL || status == RANGE_NOT_SATISFIABLE) {
      String had = part.size() + " bytes";
      part.restart(source, null);
      throw new Failure("the server cannot resume from byte " + had + "; starting over", null);
    }
    if (status >= 500 || TRANSIENT.contains(status)) {
      throw new Failure("the server answered " + status, wish(response));
    }
    throw new IOException(
        "%s: the server answered %d. Is the address right? Use --url for a mirror."
            .formatted(source, status));
  }

  private static OptionalLong length(HttpResponse<?> response) {
    return response.headers().firstValueAsLong("Content-Length");
  }

  /** A strong ETag or the date; If-Range does not allow weak ETags (RFC 9110 section 13.1.5). */
  private static String validator(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("ETag")
        .filter(etag -> !etag.startsWith("W/"))
        .or(() -> response.headers().firstValue("Last-Modified"))
        .orElse(null);
  }

  private static Duration wish(HttpResponse<?> response) {
    return response
        .headers()
        .firstValue("Retry-After")
        .filter(value -> value.matches("\\d{1,9}"))
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .orElse(null);
  }

  private void receive(BodyQueue body, URI source, Path target, PartFile part, long total)
      throws Failure, InterruptedException {
    String name = target.getFileName().toString();
    try {
      for (List<ByteBuffer> piece = body.next(); piece != null; piece = body.next()) {
        if (piece.stream().mapToLong(ByteBuffer::remaining).sum() > total - part.size()) {
          part.restart(source, null);
          throw new Failure(
              "more data arrived than the %,d bytes of the file; starting over".formatted(total),
              null);
        }
        part.append(piece);
        listener.progress(name, part.size(), total);
      }
    } catch (IOException e) {
      throw new Failure(e.getMessage(), null);
    }
    if (part.size() != total) {
      throw new Failure("%,d of %,d bytes arrived".formatted(part.size(), total), null);
    }
  }

  private static InterruptedIOException interrupted() {
    Thread.currentThread().interrupt();
    return new InterruptedIOException("the download was interrupted");
  }

  static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}
