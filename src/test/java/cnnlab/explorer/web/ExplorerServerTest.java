package cnnlab.explorer.web;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.explorer.Explorer;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.model.TrainableGraphs;
import cnnlab.model.TrainableGraphs.Kind;
import cnnlab.model.TrainableGraphs.Optimiser;
import cnnlab.run.RunOptions;
import cnnlab.store.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExplorerServerTest {
  private final HttpClient client = HttpClient.newHttpClient();
  private Explorer explorer;
  private ExplorerServer server;

  @BeforeEach
  void start() {
    explorer = new Explorer(RunOptions.locateDatasets(null));
    Path file = Path.of("some.zip");
    explorer.add(
        file,
        new LoadedModel(
            file, TrainableGraphs.create(Kind.TASK1, 1, Optimiser.ADAM, 0.1), null, null),
        new ArrayLayout(List.of(28, 28, 1)),
        null);
    server = ExplorerServer.start(explorer, 0);
  }

  @AfterEach
  void stop() {
    server.close();
    explorer.close();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(server.address().resolve(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> ask(String question, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(server.address().resolve("api/" + question))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  /** A request with headers that Java's client does not let one set. */
  private String raw(String head) throws IOException {
    URI address = server.address();
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
      socket.setSoTimeout(10_000);
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      byte[] part = new byte[4096];
      for (int n = socket.getInputStream().read(part); n > 0; n = -1) {
        all.write(part, 0, n);
      }
      return all.toString(StandardCharsets.UTF_8);
    }
  }

  private String request(String method, String path, String... headers) {
    StringBuilder text = new StringBuilder("%s %s HTTP/1.1\r\n".formatted(method, path));
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append("Connection: close\r\n\r\n").toString();
  }

  @Test
  void thePageAndItsFilesAreServed() throws Exception {
    assertThat(get("").body()).contains("<title>CNN explorer</title>");
    assertThat(get("models.js").headers().firstValue("Content-Type"))
        .hasValueSatisfying(type -> assertThat(type).startsWith("text/javascript"));
    assertThat(get("").headers().firstValue("Content-Security-Policy"))
        .hasValueSatisfying(
            policy ->
                assertThat(policy).contains("default-src 'none'").contains("script-src 'self'"));
  }

  @Test
  void itListensOnThisMachineOnly() {
    assertThat(server.address().getHost()).isEqualTo("127.0.0.1");
    assertThat(server.address().getPath()).matches("/[0-9a-f]{32}/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../pom.xml",
        "..%2fpom.xml",
        "%2e%2e/%2e%2e/etc/passwd",
        "models.js/../../x",
        "//etc/passwd",
        "index.html%00"
      })
  void noPathLeadsElsewhere(String path) throws Exception {
    String address = server.address().getPath();
    String host = "Host: 127.0.0.1:" + server.address().getPort();
    String answer = raw(request("GET", address + path, host));
    assertThat(answer.lines().findFirst().orElse("")).containsAnyOf("404", "403", "400");
  }

  @Test
  void withoutTheTokenNothingIsTold() throws Exception {
    String host = "Host: 127.0.0.1:" + server.address().getPort();
    for (String path : List.of("/", "/favicon.ico", "/" + "0".repeat(32) + "/", "/x")) {
      String answer = raw(request("GET", path, host));
      assertThat(answer).startsWith("HTTP/1.1 403").doesNotContain("explorer");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Host: evil.example, ''",
    "Host: evil.example:PORT, ''",
    "Host: 127.0.0.1, ''",
    "Host: 127.0.0.1:PORT, Origin: http://evil.example",
    "Host: 127.0.0.1:PORT, Origin: null",
    "Host: 127.0.0.1:PORT, Origin: http://127.0.0.1:1",
    "Host: 127.0.0.1:PORT, Sec-Fetch-Site: cross-site",
    "Host: 127.0.0.1:PORT, Sec-Fetch-Site: same-site",
  })
  void otherSitesAreRefused(String host, String header) throws Exception {
    String port = String.valueOf(server.address().getPort());
    String[] headers =
        header.isEmpty()
            ? new String[] {host.replace("PORT", port)}
            : new String[] {host.replace("PORT", port), header};
    String answer = raw(request("GET", server.address().getPath(), headers));
    assertThat(answer).startsWith("HTTP/1.1 403");
  }

  @Test
  void theOwnOriginIsLetIn() throws Exception {
    String own = "127.0.0.1:" + server.address().getPort();
    String answer =
        raw(request("GET", server.address().getPath(), "Host: " + own, "Origin: http://" + own));
    assertThat(answer).startsWith("HTTP/1.1 200");
  }

  @Test
  void anImageIsExamined() throws Exception {
    String pixels = Base64.getEncoder().encodeToString(new byte[784]);
    HttpResponse<String> answer =
        ask(
            "examine",
            "{\"key\":\"m0\",\"pixels\":\"%s\",\"change\":{\"rotation\":10}}".formatted(pixels));
    assertThat(answer.statusCode()).isEqualTo(200);
    JsonNode json = Json.parse(answer.body());
    assertThat(json.path("scratch")).hasSize(10);
    assertThat(json.path("library")).hasSize(10);
    assertThat(json.path("exact")).hasSize(10);
    HttpResponse<String> value =
        ask(
            "value",
            "{\"id\":\"%s\",\"layer\":\"conv1\",\"channel\":0,\"row\":3,\"column\":4}"
                .formatted(json.path("id").asText()));
    assertThat(Json.parse(value.body()).path("parts").path(0).path("weights")).hasSize(9);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing | {} | there is no question 'nothing'",
        "model | {} | 'key' is missing",
        "model | {\"key\":\"m9\"} | there is no model 'm9'",
        "model | [1, | Unexpected end-of-input",
        "model | | 'key' is missing",
        "examine | {\"key\":\"m0\",\"pixels\":\"!!\"} | Illegal base64",
        "examine | {\"key\":\"m0\",\"pixels\":\"AA==\"} | 1 bytes; 784 expected",
        "examine | {\"key\":\"m0\",\"pixels\":\"AA==\",\"change\":[1]} | 'change' is [1]; an object expected",
        "examine | {\"key\":\"m0\",\"pixels\":\"AA==\",\"change\":{\"contrast\":\"x\"}} | 'contrast' is",
        "examine | {\"key\":\"m0\",\"pixels\":\"AA==\",\"change\":{\"flipVertically\":1}} | true or false",
        "train | {\"network\":\"task1\",\"images\":8,\"engine\":\"dl4j\",\"optimiser\":\"sgd\",\"learningRate\":1,\"batchSize\":8,\"augmentation\":[null],\"seed\":1} | augmentation is [null]",
        "maps | {\"id\":\"e1\",\"layer\":\"x\",\"from\":1.5,\"count\":1} | whole number expected",
        "train | {\"network\":\"task9\"} | one of [TASK1, TASK2, TASK3, TASK3_BEST] expected",
        "steer | {\"action\":\"run\"} | there is no training yet",
      })
  void wrongQuestionsAreAnsweredWithWhatIsExpected(String question, String body, String message)
      throws Exception {
    HttpResponse<String> answer = ask(question, body == null ? "" : body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(Json.parse(answer.body()).path("error").asText()).contains(message);
  }

  @Test
  void questionsAreBoundedAndOfOneType() throws Exception {
    assertThat(ask("model", " ".repeat(5_000_001)).statusCode()).isEqualTo(413);
    HttpResponse<String> form =
        client.send(
            HttpRequest.newBuilder(server.address().resolve("api/model"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("key=m0"))
                .build(),
            BodyHandlers.ofString());
    assertThat(form.statusCode()).isEqualTo(415);
    assertThat(get("api/model").statusCode()).isEqualTo(405);
  }

  @Test
  void aTakenPortIsNamed() {
    int port = server.address().getPort();
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> ExplorerServer.start(explorer, port))
        .hasMessageContaining("--port " + port)
        .hasMessageContaining("choose another");
  }

  @Test
  void trainingSendsEvents() throws Exception {
    ask(
        "train",
        "{\"network\":\"task1\",\"images\":64,\"engine\":\"scratch\",\"optimiser\":\"adam\",\"learningRate\":0.01,\"batchSize\":32,\"augmentation\":[{\"rotate\":{\"degrees\":10}},\"transpose\"],\"seed\":1}");
    var events =
        client.sendAsync(
            HttpRequest.newBuilder(server.address().resolve("events")).build(),
            BodyHandlers.ofLines());
    Thread.sleep(300);
    ask("steer", "{\"action\":\"step\"}");
    String first =
        events.get().body().filter(line -> line.startsWith("data:")).findFirst().orElseThrow();
    assertThat(Json.parse(first.substring(5)).path("step").asInt()).isEqualTo(1);
  }

  @Test
  void aPageWithoutAServerHoldsItsAnswers() throws Exception {
    String html = PageExport.html(explorer, "m0", explorer.example("m0", 3));
    assertThat(html)
        .contains("id=\"answers\"")
        .contains("maps/conv1")
        .doesNotContain("href=\"explorer.css\"")
        .doesNotContain("<script src=", "<link rel=\"stylesheet\"");
    String data =
        html.substring(
            html.indexOf("id=\"answers\">") + "id=\"answers\">".length(),
            html.indexOf("</script>"));
    JsonNode answers = Json.parse(data);
    assertThat(answers.path("example").path("index").asInt()).isEqualTo(3);
    assertThat(answers.path("values/dense/linear")).hasSize(10);
  }
}
