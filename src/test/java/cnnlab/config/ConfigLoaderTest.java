package cnnlab.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  enum Kind {
    ADAM,
    SGD_MOMENTUM
  }

  record Optimizer(Kind kind, double learningRate, float decay) {
    Optimizer {
      if (!(learningRate > 0)) {
        throw new IllegalArgumentException("learningRate must be above 0, got " + learningRate);
      }
    }
  }

  record Dl4j(boolean onednn, Integer threads) {}

  record Stage(int filters, String activation) {
    Stage {
      if (filters < 1) {
        throw new IllegalArgumentException("filters must be at least 1, got " + filters);
      }
    }
  }

  record Config(
      String experiment,
      int epochs,
      int batch,
      long seed,
      Optimizer optimizer,
      Dl4j dl4j,
      List<Integer> sizes,
      List<Stage> stages,
      List<Map<String, Object>> augment) {
    Config {
      sizes = List.copyOf(sizes);
      if (epochs > batch) {
        throw new IllegalArgumentException("epochs must not exceed batch, got " + epochs);
      }
    }
  }

  static final Config DEFAULTS =
      new Config(
          "task1",
          10,
          128,
          42L,
          new Optimizer(Kind.ADAM, 1e-3, 0.1f),
          new Dl4j(true, null),
          List.of(4, 8),
          List.of(),
          List.of());

  @TempDir Path dir;

  private Path file(String yaml) {
    try {
      return Files.writeString(dir.resolve("run.yaml"), yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Resolved<Config> load(String yaml, String... sets) {
    return ConfigLoader.load(Config.class, DEFAULTS, file(yaml), List.of(sets));
  }

  private Config set(String... sets) {
    return ConfigLoader.load(Config.class, DEFAULTS, null, List.of(sets)).value();
  }

  private void failsInFile(String yaml, int line, String... parts) {
    assertThatThrownBy(() -> load(yaml))
        .isInstanceOf(ConfigException.class)
        .message()
        .startsWith(dir.resolve("run.yaml") + ", line " + line)
        .contains(parts);
  }

  private void failsInSet(String set, String... parts) {
    assertThatThrownBy(() -> set(set))
        .isInstanceOf(ConfigException.class)
        .message()
        .startsWith("--set " + set)
        .contains(parts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n\n", "# only a comment\n", "---\n", "optimizer:\n  # learningRate: 1\n"})
  void emptyFileGivesTheDefaults(String yaml) {
    Resolved<Config> resolved = load(yaml);
    assertThat(resolved.value()).isEqualTo(DEFAULTS);
    assertThat(resolved.origins()).isEmpty();
  }

  @Test
  void laterLayersWinAndOriginsSayWhich() {
    Resolved<Config> resolved =
        load(
            "experiment: mine\nepochs: 5\noptimizer:\n  learningRate: 1e-2\ndl4j.onednn: false\n",
            "epochs=6",
            "epochs=7",
            "optimizer.kind=sgd_momentum");
    Config value = resolved.value();
    assertThat(value.experiment()).isEqualTo("mine");
    assertThat(value.epochs()).isEqualTo(7);
    assertThat(value.batch()).isEqualTo(128);
    assertThat(value.optimizer()).isEqualTo(new Optimizer(Kind.SGD_MOMENTUM, 1e-2, 0.1f));
    assertThat(value.dl4j().onednn()).isFalse();
    String file = dir.resolve("run.yaml").toString();
    assertThat(resolved.origins())
        .containsEntry("epochs", "--set epochs=7")
        .containsEntry("experiment", file + ", line 1")
        .containsEntry("optimizer.learningRate", file + ", line 4")
        .doesNotContainKey("batch");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1.", "1.0", "1e0", "1E+0", "10.0e-1", "+1"})
  void numbersAreReadAsTheyLook(String one) {
    assertThat(set("optimizer.learningRate=" + one).optimizer().learningRate()).isEqualTo(1.0);
  }

  /** By YAML 1.2: a leading zero does not make a number octal. */
  @ParameterizedTest
  @CsvSource({"010, 10", "0x1F, 31", "0o17, 15", "+7, 7", "-0, 0"})
  void integersAreThoseOfYaml12(String text, int expected) {
    assertThat(set("dl4j.threads=" + text).dl4j().threads()).isEqualTo(expected);
    assertThat(set("optimizer.decay=" + text).optimizer().decay()).isEqualTo(expected);
  }

  @Test
  void setTakesTextAsItIsAndTheRestAsYaml() {
    assertThat(set("experiment=a: [b").experiment()).isEqualTo("a: [b");
    assertThat(set("experiment=5").experiment()).isEqualTo("5");
    assertThat(set("experiment=a=b").experiment()).isEqualTo("a=b");
    assertThat(set("sizes=[1, 2]").sizes()).containsExactly(1, 2);
    assertThat(set("sizes=[]").sizes()).isEmpty();
    assertThat(set("stages=[{filters: 3, activation: elu}]").stages())
        .containsExactly(new Stage(3, "elu"));
    assertThat(set("optimizer={kind: adam, decay: 0.3}").optimizer().decay()).isEqualTo(0.3f);
    assertThat(set("seed=9000000000").seed()).isEqualTo(9_000_000_000L);
    assertThat(set("dl4j.threads=2").dl4j().threads()).isEqualTo(2);
    assertThat(set("dl4j.threads=2", "dl4j.threads=null").dl4j().threads()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          epochs: "ten"      | "epochs" is the text "ten"; expected an integer
          epochs: "10"       | "epochs" is the text "10"; expected an integer
          epochs: 1.5        | "epochs" is the decimal 1.5; expected an integer
          epochs: 1e1        | "epochs" is the decimal 1e1; expected an integer
          epochs: 1_0        | "epochs" is the text "1_0"; expected an integer
          epochs: !!str 10   | "epochs" is the text "10"; expected an integer
          epochs: !!int ten  | "epochs" is ten; expected a finite number
          epochs: true       | "epochs" is the boolean true; expected an integer
          epochs:            | "epochs" is empty (null); expected an integer
          epochs: null       | "epochs" is empty (null); expected an integer
          epochs: [1]        | "epochs" is a list; expected an integer
          epochs: {a: 1}     | "epochs" is a section; expected an integer
          epochs: 3000000000 | expected an integer from -2147483648 to 2147483647
          seed: 99999999999999999999 | "seed" is 99999999999999999999; expected an integer of at most 64 bits
          seed: 1.0          | "seed" is the decimal 1.0; expected a 64-bit integer
          experiment: 5      | "experiment" is the integer 5; expected a text (put it in quotes)
          sizes: 4           | "sizes" is the integer 4; expected a list
          sizes: [4, x]      | "sizes[1]" is the text "x"; expected an integer
          sizes: [4, null]   | "sizes[1]" is empty (null); expected an integer
          sizes: null        | "sizes" is empty (null); expected a list
          augment: [flip]    | "augment[0]" is the text "flip"; expected a section
          augment: [{p: .nan}] | "augment[0].p" is .nan; expected a finite number
          optimizer: adam    | "optimizer" is the text "adam"; expected a section with the keys kind, learningRate, decay
          optimizer: []      | "optimizer" is a list; expected a section
          dl4j: {onednn: 1}  | "dl4j.onednn" is the integer 1; expected true or false
          dl4j: {onednn: yes} | "dl4j.onednn" is the text "yes"; expected true or false
          optimizer: {learningRate: .NaN} | "optimizer.learningRate" is .NaN; expected a finite number
          optimizer: {learningRate: NaN}  | "optimizer.learningRate" is the text "NaN"; expected a number
          optimizer: {learningRate: .inf} | "optimizer.learningRate" is .inf; expected a finite number
          optimizer: {learningRate: +.inf} | "optimizer.learningRate" is +.inf; expected a finite number
          optimizer: {learningRate: 1e999} | "optimizer.learningRate" is 1e999; expected a finite number
          optimizer: {decay: 1e99} | "optimizer.decay" is the decimal 1e99; expected a number within the range of float
          optimizer: {kind: Adam} | expected one of adam, sgd_momentum; did you mean "adam"?
          optimizer: {kind: quux} | "optimizer.kind" is the text "quux"; expected one of adam, sgd_momentum
          """)
  void wrongTypesStop(String yaml, String message) {
    failsInFile("# header\n" + yaml + "\n", 2, message);
  }

  @Test
  void wrongTypesInSetNameTheSet() {
    failsInSet("epochs=ten", "\"epochs\" is the text \"ten\"; expected an integer");
    failsInSet("epochs=", "expected an integer");
    failsInSet("dl4j.onednn=1", "expected true or false");
    failsInSet("optimizer.kind=rmsprop", "expected one of adam, sgd_momentum");
    failsInSet("optimizer=", "expected a section");
    failsInSet("epochs", "expected key=value");
    failsInSet("=5", "expected key=value");
    failsInSet("sizes=[1", "not valid YAML");
  }

  @ParameterizedTest
  @CsvSource({
    "epohcs, epochs",
    "Epochs, epochs",
    "optimizer.learning_rate, optimizer.learningRate",
    "learningRate, optimizer.learningRate",
    "optimiser.learningRate, optimizer.learningRate",
    "dl4j.oneddn, dl4j.onednn",
    "epochs.x, epochs"
  })
  void unknownKeysStopAndSuggestTheNearest(String key, String near) {
    failsInSet(
        key + "=5", "unknown key \"" + key + "\" (the integer 5); did you mean \"" + near + "\"?");
    failsInFile("batch: 128\n" + key + ": 5\n", 2, "unknown key", "did you mean \"" + near + "\"?");
  }

  @Test
  void unknownKeysFarFromAnyListAllKeys() {
    failsInSet(
        "colour=red",
        "known keys: experiment, epochs, batch, seed, optimizer.kind, optimizer.learningRate,"
            + " optimizer.decay, dl4j.onednn, dl4j.threads, sizes, stages, augment");
    failsInFile("optimizer:\n  learningRte: 1\n", 2, "did you mean \"optimizer.learningRate\"?");
  }

  @Test
  void recordsInListsAreCheckedToo() {
    failsInFile("stages:\n  - filters: 4\n", 2, "\"stages[0]\" lacks the key activation (a text)");
    failsInFile(
        "stages:\n  - filters: 4\n    activaton: relu\n",
        3,
        "unknown key \"activaton\"",
        "did you mean \"activation\"?");
    failsInFile(
        "stages:\n  - {filters: 0, activation: relu}\n",
        2,
        "stages[0]: filters must be at least 1, got 0");
  }

  @Test
  void rangesAreCheckedByTheRecordsAfterAllLayers() {
    failsInFile(
        "epochs: 5\noptimizer:\n  kind: adam\n  learningRate: -1\n",
        4,
        "(optimizer.learningRate): learningRate must be above 0, got -1.0");
    failsInSet(
        "optimizer.learningRate=0", "(optimizer.learningRate): learningRate must be above 0");
    // Together they fit, although the file alone would not.
    assertThat(load("epochs: 500", "batch=1000").value().epochs()).isEqualTo(500);
    assertThatThrownBy(() -> load("epochs: 500", "batch=400"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContainingAll(", line 1 (epochs)", "--set batch=400 (batch)", "got 500");
  }

  @Test
  void duplicateKeysStop() {
    failsInFile("epochs: 5\nbatch: 128\nepochs: 6\n", 3, "key \"epochs\" appears twice");
    failsInFile("dl4j: {onednn: true}\ndl4j: {threads: 1}\n", 2, "key \"dl4j\" appears twice");
    failsInFile("dl4j: {onednn: true}\ndl4j.onednn: false\n", 2, "\"dl4j.onednn\" appears twice");
    failsInFile("augment: [{p: 1, p: 2}]\n", 1, "key \"augment[0].p\" appears twice");
  }

  @Test
  void brokenFilesStop() throws IOException {
    failsInFile("epochs: 5\n\tbatch: 3\n", 2, "not valid YAML");
    failsInFile("dl4j: &d {onednn: true}\nepochs: 5\n<<: *d\n", 1, "unknown key \"<<\"");
    failsInFile("augment: &a [{x: *a}]\n", 1, "\"augment\" contains itself");
    failsInFile("- epochs\n", 1, "the top level is a list; expected a section");
    failsInFile("epochs: 5\n---\nepochs: 6\n", 2, "not valid YAML");
    Path missing = dir.resolve("missing.yaml");
    assertThatThrownBy(() -> ConfigLoader.load(Config.class, DEFAULTS, missing, List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(missing + ": no such configuration file");
    Path binary = Files.write(dir.resolve("binary.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThatThrownBy(() -> ConfigLoader.load(Config.class, DEFAULTS, binary, List.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(binary + ": not text in UTF-8");
  }

  @Test
  void componentsThatCannotBeConfiguredAreAFaultOfTheProgram() {
    record Bad(Thread thread) {}
    assertThatThrownBy(() -> ConfigLoader.load(Bad.class, new Bad(null), null, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Bad.thread: a configuration record cannot hold java.lang.Thread");
  }
}
