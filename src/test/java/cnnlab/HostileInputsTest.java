package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.cli.option.CommandLines;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.model.file.ModelFiles;
import cnnlab.run.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Commands given what somebody made to harm, or what no machine has room for. */
class HostileInputsTest {
  private static final Path RECORDED = Path.of("results/reference/task1");

  @TempDir Path temp;

  private static void requireOneLine(Outcome outcome, int code, String... words) {
    assertThat(outcome.err()).contains(words).doesNotContain("\tat ");
    assertThat(outcome.err().strip().lines()).hasSize(1);
    assertThat(outcome.code()).isEqualTo(code);
  }

  /** A recorded run whose model has a serialised object of nested sets, which never ends. */
  private Path run(String entry) throws IOException {
    Path run = temp.resolve("run");
    try (Stream<Path> files = Files.list(RECORDED)) {
      Files.createDirectories(run);
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.copy(file, run.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    try (ZipFile from = new ZipFile(RECORDED.resolve("model.zip").toFile());
        ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(run.resolve("model.zip")))) {
      for (ZipEntry e : from.stream().toList()) {
        to.putNextEntry(new ZipEntry(e.getName()));
        from.getInputStream(e).transferTo(to);
      }
      to.putNextEntry(new ZipEntry(entry));
      to.write(endless());
    }
    return run;
  }

  private static byte[] endless() throws IOException {
    Set<Object> root = new HashSet<>();
    Set<Object> left = root;
    Set<Object> right = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Set<Object> a = new HashSet<>(Set.of("a"));
      Set<Object> b = new HashSet<>();
      left.add(a);
      left.add(b);
      right.add(a);
      right.add(b);
      left = a;
      right = b;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(root);
    }
    return bytes.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"preprocessor.bin", "normalizer.bin"})
  void theModelOfARunIsNotDeserialised(String entry) throws IOException {
    Path model = run(entry).resolve("model.zip");
    Path x = temp.resolve("x.npy");
    NpyFile.write(x, new NpyArray(new int[] {1, 28, 28, 1}, new float[28 * 28]));
    Path y = temp.resolve("y.csv");
    requireOneLine(
        Outcome.of("predict", model.toString(), "--inputs", x.toString(), "--out", y.toString()),
        ExitCode.USAGE,
        model.toString(),
        entry);
    assertThat(y).doesNotExist();
    requireOneLine(
        Outcome.of("compare", model.toString(), "--inputs", x.toString()), ExitCode.USAGE, entry);
    requireOneLine(
        Outcome.of("task1", "--quick", "--set", "init=" + model, "--out", temp + "/out"),
        ExitCode.USAGE,
        entry);
    assertThat(temp.resolve("out")).doesNotExist();
    // The report shows what the run measured; it reads no model.
    assertThat(Outcome.of("runs", "--results", temp.toString()).code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "task1 batchSize=2147483647",
        "task2 batchSize=2147483647",
        "task2 network.dense=3000000",
        "task2 network.dense=2147483647",
        "task2 network.blocks=[[1000000]]",
        "task2 network.blocks=[[2147483647,2147483647]]",
        "task3 network.widths=[1000000] network.kind=residual",
        "task3 network.widths=[20000] network.kind=equivariant",
        "task3 network.widths=[2147483647] network.kind=equivariant",
        "task3 network.widths=[20000] network.kind=equivariant engine=dl4j",
        "task3 batchSize=2147483647",
        "task3 network.dense=1 batchSize=2147483647 engine=dl4j"
      })
  void whatDoesNotFitTheMemoryIsRefusedWithTheFigure(String words) {
    String[] parts = words.split(" ");
    if (words.contains("network.dense=1 ")) {
      parts = words.replace("network.dense=1 ", "").split(" ");
    }
    Stream<String> sets = Stream.of(parts).skip(1).flatMap(set -> Stream.of("--set", set));
    Stream<String> data =
        parts[0].equals("task3") ? Stream.of("--data", "synthetic") : Stream.empty();
    Stream<String> first = Stream.of(parts[0], "--quick", "--out", temp.resolve("out").toString());
    Outcome outcome =
        Outcome.of(Stream.concat(first, Stream.concat(data, sets)).toArray(String[]::new));
    requireOneLine(outcome, ExitCode.USAGE, parts[0] + ": training", " GB", "JDK_JAVA_OPTIONS");
    assertThat(temp).isEmptyDirectory();
  }

  /** The trainings that run at once are counted together. */
  @Test
  void aPointOfASweepThatDoesNotFitTheMemoryIsNamed() throws IOException {
    Path sweep = temp.resolve("sweep.yaml");
    for (String engine : new String[] {"scratch", "dl4j"}) {
      Files.writeString(
          sweep,
          "task: task2\nset: {engine: %s, epochs: 1}\nspace: {network.dense: [64, 3000000]}\n"
              .formatted(engine));
      Path out = temp.resolve("out");
      requireOneLine(
          Outcome.of("sweep", sweep.toString(), "--out", out.toString()),
          ExitCode.USAGE,
          "point 2 {network.dense=3000000}",
          " GB",
          "JDK_JAVA_OPTIONS");
      assertThat(out).doesNotExist();
    }
    Files.writeString(sweep, "task: task2\nthreads: 40000\nspace: {network.dense: [64, 65]}\n");
    requireOneLine(
        Outcome.of("sweep", sweep.toString(), "--out", temp.resolve("out").toString()),
        ExitCode.USAGE,
        "40000 at once",
        " GB");
  }

  /** Alone a trial is a failed one, with the reason. */
  @Test
  void aTrialThatDoesNotFitTheMemoryFails() throws IOException {
    Path sweep = temp.resolve("sweep.yaml");
    Files.writeString(sweep, "task: task2\nspace: {network.dense: [64, 3000000]}\n");
    Outcome outcome = Outcome.of("sweep", sweep.toString(), "--trial", "2-1");
    assertThat(outcome.code()).isEqualTo(ExitCode.FAILED);
    assertThat(outcome.out()).contains("needs about ", " GB");
  }

  @Test
  void modelsAndBenchmarksAreEstimatedToo() throws IOException {
    Outcome bench = Outcome.of("bench", "--threads", "1000000");
    requireOneLine(bench, ExitCode.USAGE, "--threads 1000000", " GB", "fewer threads");
    requireOneLine(
        Outcome.of("parity", "--quick", "--set", "steps=1", "--set", "batchSize=60001"),
        ExitCode.USAGE,
        "batchSize");
    // 64 maps of 2000x2000 are 1 GB for each image.
    int side = 2000;
    Path model = temp.resolve("wide.zip");
    ModelFiles.save(wide(), model);
    Path x = temp.resolve("x.npy");
    NpyFile.write(x, new NpyArray(new int[] {2, side, side, 1}, new float[2 * side * side]));
    Path y = temp.resolve("y.npy");
    requireOneLine(
        Outcome.of("compare", model.toString(), "--inputs", x.toString()),
        ExitCode.USAGE,
        model.toString(),
        " GB",
        "JDK_JAVA_OPTIONS");
    requireOneLine(
        Outcome.of("predict", model.toString(), "--inputs", x.toString(), "--out", y.toString()),
        ExitCode.USAGE,
        model.toString(),
        " GB",
        "JDK_JAVA_OPTIONS");
    assertThat(y).doesNotExist();
  }

  private static ComputationGraph wide() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "conv",
                    new ConvolutionLayer.Builder(3, 3)
                        .nIn(1)
                        .nOut(64)
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(Activation.RELU)
                        .build(),
                    "in")
                .addLayer("pool", new GlobalPoolingLayer(PoolingType.AVG), "conv")
                .addLayer(
                    "out",
                    new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(64)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build(),
                    "pool")
                .setOutputs("out")
                .build());
    graph.init();
    return graph;
  }

  /** Taken, they ended in a stack trace, filled the memory, or gave blank images a score. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "task2 mixUp=1e308",
        "task2 mixUp=1e-320",
        "task3 mixUp=1e308",
        "task2 repetitions=2147483647",
        "task3 repetitions=2147483647",
        "task2 testTimeShift=28",
        "task2 testTimeShift=2147483647",
        // DL4J would step by epsilon instead.
        "task1 optimizer.learningRate=1e308",
        "task1 optimizer.learningRate=1e-320",
        "task1 optimizer.epsilon=1e-320",
        "task1 optimizer.beta2=0.9999999999999999",
        "parity optimizer.learningRate=1e308",
        "task2 optimizer.learningRate=1e31",
        "task3 optimizer.learningRate=1e-31",
        "task2 network.dropout=0.9999999999999999",
        "task1 threads=2147483647",
        "task2 threads=2147483647",
        "task3 threads=2147483647",
        "parity threads=1025"
      })
  void valuesThatNoTrainingHasAreRefused(String words) {
    String[] parts = words.split(" ");
    Outcome outcome =
        Outcome.of(parts[0], "--quick", "--set", parts[1], "--out", temp.resolve("out").toString());
    requireOneLine(
        outcome,
        ExitCode.USAGE,
        parts[1].replaceFirst("(?:.*\\.)?([^.=]*)=.*", "$1 is "),
        "it must be");
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void threadsWithoutNumberAreNotStarted() {
    Outcome predict =
        Outcome.of("predict", "m.zip", "--inputs", "x.npy", "--out", "y.csv", "--threads", "1025");
    assertThat(predict.code()).isEqualTo(ExitCode.USAGE);
    assertThat(predict.err()).contains("--threads is 1025; it must be at least 1 and at most 1024");
  }

  /** Not memory, but the setting up of so many layers would never end. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "task3 network.kind=residual network.widths=[4] network.blocks=2147483647",
        "task3 network.kind=residual network.widths=[4] network.blocks=201",
        "task3 network.kind=equivariant network.widths=[4] network.blocks=201",
        "task2 network.blocks=[[MANY]]",
      })
  void networksOfTooManyLayersAreRefused(String words) {
    String many = String.join(",", Collections.nCopies(101, "1"));
    String[] parts = words.replace("MANY", many).split(" ");
    Stream<String> sets = Stream.of(parts).skip(1).flatMap(set -> Stream.of("--set", set));
    Stream<String> first = Stream.of(parts[0], "--quick", "--out", temp.resolve("out").toString());
    Outcome outcome = Outcome.of(Stream.concat(first, sets).toArray(String[]::new));
    requireOneLine(outcome, ExitCode.USAGE, "blocks is", "it must be");
    assertThat(temp).isEmptyDirectory();
  }

  @Command(name = "greedy")
  static final class Greedy implements Runnable {
    @Override
    public void run() {
      throw new IllegalStateException("a training failed", new OutOfMemoryError("Java heap space"));
    }
  }

  @Command(name = "greedy")
  static final class Greedier implements Runnable {
    @Override
    public void run() {
      throw new OutOfMemoryError("Java heap space");
    }
  }

  @Test
  void memoryThatRunsOutIsOneLine() {
    for (Runnable command : new Runnable[] {new Greedy(), new Greedier()}) {
      StringWriter err = new StringWriter();
      CommandLine line = CommandLines.commandLine(command);
      line.setErr(new PrintWriter(err, true));
      assertThat(CommandLines.execute(line)).isEqualTo(ExitCode.FAILED);
      assertThat(err.toString().strip())
          .isEqualTo(
              "greedy: memory ran out. Give Java more, such as JDK_JAVA_OPTIONS=-Xmx8g if the machine has that much.");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:0/",
        "http://localhost:-1/",
        "http://user:secret@localhost/",
        "http://localhost/?a=b",
        "http://localhost/#a",
        "ftp://localhost/",
        "http:localhost",
        "localhost",
        "http://[::1"
      })
  void badAddressesAreRefused(String url) {
    Outcome outcome =
        Outcome.of(
            "datasets", "fetch", "patchcamelyon", "--url", url, "--datasets", temp.toString());
    assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
    assertThat(outcome.err()).contains("--url").doesNotContain("\tat ");
  }

  @Test
  void outputThatCannotBeWrittenIsAFailure() throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.isWritable(full), "no /dev/full here");
    PrintStream before = System.out;
    Outcome outcome;
    try (OutputStream device = Files.newOutputStream(full)) {
      outcome =
          Outcome.with(new PrintStream(device), "runs", "--results", RECORDED.getParent() + "");
    } finally {
      System.setOut(before);
    }
    requireOneLine(outcome, ExitCode.FAILED, "Standard output could not be written");
  }

  @Test
  void lettersThatTheEnvironmentCannotExpressAreNamed() {
    String encoding = System.getProperty("sun.jnu.encoding");
    try {
      System.setProperty("sun.jnu.encoding", "ANSI_X3.4-1968");
      requireOneLine(
          Outcome.of("predict", "mod\uFFFD\uFFFDle.zip", "--inputs", "x.npy", "--out", "y.csv"),
          ExitCode.USAGE,
          "mod??le.zip",
          "UTF-8 locale");
    } finally {
      System.setProperty("sun.jnu.encoding", encoding);
    }
  }
}
