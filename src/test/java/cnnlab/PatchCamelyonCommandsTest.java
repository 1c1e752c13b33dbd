package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code datasets fetch} and {@code datasets prepare}, as far as they do not need 8 GB. */
class PatchCamelyonCommandsTest {
  @TempDir Path temp;

  @Test
  void aWrongFileIsExitCode1AndLeavesNothing() throws IOException {
    byte[] page = "a page, not the file".getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/mirror/",
        exchange -> {
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:%d/mirror/".formatted(server.getAddress().getPort());
      Outcome fetch =
          Outcome.of(
              "datasets", "fetch", "patchcamelyon", "--url", url, "--datasets", temp.toString());
      assertThat(fetch.code()).isEqualTo(1);
      assertThat(fetch.out()).contains("From " + url, temp.resolve("patchcamelyon").toString());
      assertThat(fetch.err())
          .contains(
              url + "camelyonpatch_level_2_split_train_x.h5.gz",
              "the server has a file of 20 bytes, the published one has 6,421,353,462");
      assertThat(temp.resolve("patchcamelyon")).isEmptyDirectory();
    } finally {
      server.stop(0);
    }
  }

  @Test
  void wrongUsageIsExitCode2() {
    assertUsage("Unknown data set 'mnist'", "fetch", "mnist");
    assertUsage("--url is 'ftp://x/y'", "fetch", "patchcamelyon", "--url", "ftp://x/y");
    assertUsage("--url is 'zenodo.org'", "fetch", "patchcamelyon", "--url", "zenodo.org");
    assertUsage("Unknown data set 'pcam'", "prepare", "pcam");
    assertUsage("--crop is 0", "prepare", "patchcamelyon", "--crop", "0");
    assertUsage("--n is -1", "prepare", "patchcamelyon", "--n", "-1");
  }

  private static void assertUsage(String message, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "datasets";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    Outcome outcome = Outcome.of(all);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains(message);
  }

  @Test
  void preparingWithoutTheFilesSaysWhereItLooked() {
    Outcome prepare =
        Outcome.of("datasets", "prepare", "patchcamelyon", "--datasets", temp.toString());
    assertThat(prepare.code()).isEqualTo(2);
    assertThat(prepare.err()).contains("\"patchcamelyon\": not found", temp.toString());
  }

  @Test
  void aDamagedDownloadFailsVerification() throws IOException {
    Path folder = Files.createDirectory(temp.resolve("patchcamelyon"));
    Files.writeString(folder.resolve("camelyonpatch_level_2_split_valid_y.h5.gz"), "damaged");
    Files.writeString(folder.resolve("camelyonpatch_level_2_split_test_y.h5"), "decompressed");
    Outcome verify =
        Outcome.of("datasets", "verify", "patchcamelyon", "--datasets", temp.toString());
    assertThat(verify.code()).isEqualTo(1);
    assertThat(verify.out())
        .containsPattern("split_valid_y.h5.gz .* BAD")
        .containsPattern("split_test_y.h5 .* -\\R")
        .containsPattern("split_train_x.h5.gz .* missing")
        .contains(
            "SHA-256 expected ce1ae30f08feb468447971cfd0472e7becd0ad96d877c64120c72571439ae48c");
  }
}
