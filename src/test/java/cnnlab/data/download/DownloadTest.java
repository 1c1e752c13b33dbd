package cnnlab.data.download;

import static cnnlab.data.download.FileServer.announcing;
import static cnnlab.data.download.FileServer.busy;
import static cnnlab.data.download.FileServer.cutAfter;
import static cnnlab.data.download.FileServer.endless;
import static cnnlab.data.download.FileServer.endlessFrom;
import static cnnlab.data.download.FileServer.ignoringRanges;
import static cnnlab.data.download.FileServer.rangeFrom;
import static cnnlab.data.download.FileServer.silence;
import static cnnlab.data.download.FileServer.stallAfter;
import static cnnlab.data.download.FileServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.io.Checksum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadTest {
  private static final int SIZE = 100_000;
  private static final int CUT = 30_000;
  private static final int TRIES = 4;

  private static final Download.Limits LIMITS =
      new Download.Limits(
          TRIES,
          Duration.ofMillis(1),
          Duration.ofMillis(4),
          Duration.ofSeconds(5),
          Duration.ofSeconds(20));

  /** Records events. */
  private static final class Log implements Download.Listener {
    final List<String> messages = new ArrayList<>();
    long bytes;
    long total;

    @Override
    public void progress(String name, long done, long of) {
      bytes = done;
      total = of;
    }

    @Override
    public void message(String line) {
      messages.add(line);
    }
  }

  @TempDir Path folder;

  private final Log log = new Log();
  private byte[] content;
  private FileServer server;

  @BeforeEach
  void start() {
    content = new byte[SIZE];
    new Random(1).nextBytes(content);
    server = new FileServer(content);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Path target() {
    return folder.resolve("file.gz");
  }

  private Path part() {
    return folder.resolve("file.gz.part");
  }

  private void fetch() throws IOException {
    fetch(LIMITS);
  }

  private void fetch(Download.Limits limits) throws IOException {
    new Download(limits, log)
        .fetch(server.file(), target(), content.length, Checksum.MD5.hex(content));
  }

  /** The file is complete, and there is nothing beside it. */
  private void assertFetched() throws IOException {
    assertThat(Files.readAllBytes(target())).isEqualTo(content);
    assertThat(folder.toFile().list()).containsExactly("file.gz");
  }

  @Test
  void fetchesAFileAndLeavesNothingElse() throws IOException {
    fetch();
    assertFetched();
    assertThat(server.requests).containsExactly("null null");
    assertThat(log.bytes).isEqualTo(SIZE);
    assertThat(log.total).isEqualTo(SIZE);
    assertThat(log.messages).isEmpty();
  }

  @Test
  void resumesAfterABrokenConnection() throws IOException {
    server.then(cutAfter(CUT));
    fetch();
    assertFetched();
    assertThat(server.requests).containsExactly("null null", "bytes=%d- \"first\"".formatted(CUT));
    assertThat(log.messages).hasSize(1).first().asString().contains("next attempt in 0.0 s");
  }

  @Test
  void resumesInALaterProcess() throws IOException {
    Files.write(part(), Arrays.copyOf(content, CUT));
    Files.writeString(folder.resolve("file.gz.part.etag"), server.file() + "\n\"first\"\n");
    fetch();
    assertFetched();
    assertThat(server.requests).containsExactly("bytes=%d- \"first\"".formatted(CUT));
  }

  @Test
  void doesNotAskAnotherMirrorForTheFirstOnesTag() throws IOException {
    Files.write(part(), Arrays.copyOf(content, CUT));
    Files.writeString(folder.resolve("file.gz.part.etag"), "http://elsewhere/x\n\"other\"\n");
    fetch();
    assertFetched();
    assertThat(server.requests).containsExactly("bytes=%d- null".formatted(CUT));
  }

  @Test
  void onlyRenamesACompletePart() throws IOException {
    Files.write(part(), content);
    fetch();
    assertFetched();
  }

  @Test
  void startsOverWhenTheServerIgnoresRanges() throws IOException {
    server.then(cutAfter(CUT)).then(ignoringRanges());
    fetch();
    assertFetched();
  }

  @Test
  void startsOverWhenTheFileHasChanged() throws IOException {
    byte[] older = new byte[SIZE];
    server.content = older;
    server.then(
        (exchange, self) -> {
          cutAfter(CUT).to(exchange, self);
          self.content = content;
          self.etag = "\"second\"";
        });
    fetch();
    assertFetched();
    assertThat(server.requests).last().isEqualTo("bytes=%d- \"first\"".formatted(CUT));
  }

  @Test
  void startsOverWhenTheServerSendsAnotherRange() throws IOException {
    server.then(cutAfter(CUT)).then(rangeFrom(CUT + 1));
    fetch();
    assertFetched();
    assertThat(server.requests).hasSize(3).last().isEqualTo("null null");
  }

  /** A number with more digits than a long is not a valid range. */
  @Test
  void startsOverWhenTheRangeIsInvalid() throws IOException {
    Files.write(part(), Arrays.copyOf(content, CUT));
    server.then(
        (exchange, answering) -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes */" + "9".repeat(30));
          exchange.sendResponseHeaders(416, -1);
        });
    fetch();
    assertFetched();
  }

  @Test
  void startsOverOnceWhenThePartHasAWrongMd5() throws IOException {
    Files.write(part(), new byte[CUT]);
    fetch();
    assertFetched();
    assertThat(log.messages).anyMatch(line -> line.contains("wrong MD5 after resuming"));
  }

  @Test
  void startsOverWhenAnOlderPartIsTooLong() throws IOException {
    Files.write(part(), new byte[SIZE + 1]);
    fetch();
    assertFetched();
  }

  @Test
  void resumesWhenTheServerStalls() throws IOException {
    server.then(stallAfter(CUT)).then(silence());
    Duration stall = Duration.ofMillis(400);
    fetch(new Download.Limits(TRIES, stall, stall, stall, stall));
    assertFetched();
    assertThat(log.messages).first().asString().contains("no data for 0.4 s");
    assertThat(log.messages).last().asString().contains("no answer");
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 429, 500, 503})
  void triesAgainAfterATransientFault(int status) throws IOException {
    server.then(status(status)).then(status(status));
    fetch();
    assertFetched();
    assertThat(log.messages).hasSize(2).allMatch(line -> line.contains("answered " + status));
  }

  /** The server requests an hour; the limit is 4 ms. */
  @Test
  void waitsAsTheServerRequestsWithinTheLimit() throws IOException {
    server.then(busy(3600)).then(busy(0));
    fetch();
    assertFetched();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 404, 410})
  void doesNotTryAgainWhenTheServerRefuses(int status) {
    server.then(status(status));
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(server.file().toString(), "answered " + status, "--url");
    assertThat(server.requests).hasSize(1);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void givesUpAfterTheLastAttemptAndKeepsThePart() {
    server.then(cutAfter(CUT));
    for (int i = 0; i < TRIES; i++) {
      server.then(status(500));
    }
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(
            "answered 500", "gave up after 4 attempts", "run the command again");
    assertThat(part()).hasSize(CUT);
    assertThat(target()).doesNotExist();
  }

  @Test
  void givesUpOnAServerThatAlwaysBreaksAtTheSamePlace() {
    for (int i = 0; i < 2 * TRIES; i++) {
      server.then(cutAfter(CUT));
    }
    assertThatThrownBy(this::fetch).hasMessageContaining("gave up after 4 attempts");
  }

  @Test
  void startsOverWhenThePartIsTooLong() throws IOException {
    for (int i = 1; i <= 2 * TRIES; i++) {
      server.then(cutAfter(i));
    }
    fetch();
    assertFetched();
  }

  @Test
  void refusesAWrongFileAndLeavesNothing() {
    server.content = new byte[SIZE];
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(
            "has MD5 " + Checksum.MD5.hex(server.content),
            "expected " + Checksum.MD5.hex(content),
            "--url");
    assertThat(folder).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(ints = {SIZE - 1, SIZE + 1, Integer.MAX_VALUE})
  void refusesAMirrorWhoseFileHasAnotherLength(int announced) {
    server.then(announcing(announced));
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(
            server.file().toString(), "%,d bytes".formatted(announced), "published", "--url");
    assertThat(server.requests).hasSize(1);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void refusesAnotherLengthWhenItGoesOn() throws IOException {
    Files.write(part(), Arrays.copyOf(content, CUT));
    server.content = Arrays.copyOf(content, 2 * SIZE);
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll("200,000 bytes", "published", "100,000");
    assertThat(part()).hasSize(CUT);
  }

  @Test
  void readsNoMoreThanTheExpectedLength() throws IOException {
    Files.write(part(), Arrays.copyOf(content, CUT));
    server.then(endlessFrom(CUT));
    fetch();
    assertFetched();
    assertThat(log.messages)
        .anyMatch(line -> line.contains("more data arrived than the 100,000 bytes"));
    // Data in transit when the client stopped.
    assertThat(server.sent.get()).isLessThan(100_000_000);
  }

  @Test
  void givesUpOnAMirrorThatSendsTooMuch() throws IOException {
    Files.write(part(), Arrays.copyOf(content, CUT));
    server.then(endlessFrom(CUT));
    for (int i = 1; i < 2 * TRIES; i++) {
      server.then(cutAfter(CUT)).then(endlessFrom(CUT));
    }
    assertThatThrownBy(this::fetch).hasMessageContaining("gave up after 4 attempts");
    assertThat(Files.exists(part()) ? Files.size(part()) : 0).isLessThanOrEqualTo(SIZE);
  }

  @Test
  void refusesAMirrorThatSaysNoLength() {
    server.then(endless());
    assertThatThrownBy(this::fetch)
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(server.file().toString(), "does not give the size of the file");
    assertThat(folder).isEmptyDirectory();
    assertThat(server.sent.get()).isLessThan(100_000_000);
  }

  @Test
  void refusesToWriteWhatAnotherDownloadWrites() throws IOException {
    try (PartFile other = PartFile.open(target())) {
      assertThatThrownBy(this::fetch)
          .isInstanceOf(IOException.class)
          .hasMessageContainingAll(part().toString(), "another download");
      other.discard();
    }
    assertThat(server.requests).isEmpty();
  }

  @Test
  void pausesDoubleUpToTheLongest() {
    assertThat(LIMITS.pause(1)).hasMillis(1);
    assertThat(LIMITS.pause(2)).hasMillis(2);
    assertThat(LIMITS.pause(3)).hasMillis(4);
    assertThat(LIMITS.pause(9)).hasMillis(4);
  }
}
