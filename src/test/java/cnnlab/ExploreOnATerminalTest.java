package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code explore} on a terminal, ended by Ctrl-C. */
class ExploreOnATerminalTest {
  private static final Pattern ADDRESS =
      Pattern.compile("http://127\\.0\\.0\\.1:\\d+/[0-9a-f]{32}/");
  private static final String MODEL =
      Path.of("results/reference/task1/model.zip").toAbsolutePath().toString();

  private static String maker;

  @TempDir Path temp;

  @BeforeAll
  static void terminal() {
    maker = PseudoTerminal.maker().orElse(null);
    assumeTrue(maker != null, "Ctrl-C cannot be tried on a terminal here");
  }

  private PseudoTerminal start() throws IOException {
    return PseudoTerminal.java(
        maker, temp, List.of("cnnlab.Main", "explore", MODEL, "--no-browser"));
  }

  private static String ask(URI page, String question, String body)
      throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(page.resolve("api/" + question))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  /**
   * Without waiting for its threads, DL4J's native libraries would wait for each other for ever.
   */
  @ParameterizedTest
  @ValueSource(strings = {"dl4j", "scratch"})
  void ctrlCEndsATrainingInOrder(String engine) throws IOException, InterruptedException {
    try (PseudoTerminal terminal = start()) {
      terminal.await(shown -> shown.contains("Ctrl-C ends it."));
      Matcher address = ADDRESS.matcher(terminal.shown());
      assertThat(address.find()).isTrue();
      URI page = URI.create(address.group());
      ask(
          page,
          "train",
          "{\"network\":\"task1\",\"images\":0,\"engine\":\"%s\",\"optimiser\":\"adam\",\"learningRate\":0.01,\"batchSize\":128,\"augmentation\":[],\"seed\":1}"
              .formatted(engine));
      ask(page, "steer", "{\"action\":\"run\"}");
      while (!ask(page, "state", "{}").contains("\"validationAccuracy\":0.")) {
        Thread.sleep(20);
      }
      terminal.interrupt();
      assertThat(terminal.end()).as(terminal.shown()).isEqualTo(130);
      assertThat(terminal.shown())
          .contains("The explorer has ended.")
          .doesNotContain("Exception", "\tat ", "WARN", "resume");
    }
  }

  @Test
  void ctrlCBeforeTheModelIsRead() throws IOException, InterruptedException {
    try (PseudoTerminal terminal =
        PseudoTerminal.java(
            maker,
            temp,
            List.of("cnnlab.Main", "explore", MODEL, MODEL, MODEL, MODEL, "--no-browser"))) {
      Thread.sleep(1500);
      terminal.interrupt();
      assertThat(terminal.end()).as(terminal.shown()).isEqualTo(130);
      assertThat(terminal.shown()).doesNotContain("Exception", "\tat ");
    }
  }
}
