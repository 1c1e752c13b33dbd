package cnnlab.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import cnnlab.data.file.DataException;
import cnnlab.io.Sha256;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {
  private static final Path DATASETS = Path.of("datasets");
  private static final String LABELS = "train-labels-idx1-ubyte";

  private static Mnist mnist;

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    mnist = Mnist.load(DATASETS);
  }

  @Test
  void hasTheKnownShapesAndClassCounts() {
    assertThat(mnist.train().count()).isEqualTo(60_000);
    assertThat(mnist.test().count()).isEqualTo(10_000);
    assertThat(mnist.train().imageSize()).isEqualTo(784);
    assertThat(mnist.train().labels()).startsWith(5, 0, 4, 1, 9);
    assertThat(mnist.test().labels()).startsWith(7, 2, 1, 0, 4);
    assertThat(classCounts(mnist.train()))
        .containsExactly(5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949);
    assertThat(classCounts(mnist.test()))
        .containsExactly(980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009);
  }

  @Test
  void normalisesToMinusOneToOne() {
    float[] image = mnist.train().batch(new int[] {0}, 0, 1);
    float smallest = Float.MAX_VALUE;
    float largest = -Float.MAX_VALUE;
    for (float value : image) {
      smallest = Math.min(smallest, value);
      largest = Math.max(largest, value);
    }
    assertThat(image).hasSize(784);
    assertThat(smallest).isEqualTo(-1f);
    assertThat(largest).isEqualTo(1f);
    assertThat(ImageSet.normalise(0)).isEqualTo(-1f);
    assertThat(ImageSet.normalise(255)).isEqualTo(1f);
  }

  @Test
  void isFoundInTheSearchOrder() throws IOException {
    copyMnist();
    Mnist copied = Mnist.load(Datasets.locate(folder, Map.of(), Path.of(""), Path.of("")));
    assertThat(copied.test().pixels()).isEqualTo(mnist.test().pixels());
  }

  @Test
  void readsUncompressedFilesToo() throws IOException {
    Path labels = copyMnist().resolve(LABELS + ".gz");
    Files.write(labels.resolveSibling(LABELS), decompressed(labels));
    Files.delete(labels);
    assertThat(Mnist.load(folder).train().labels()).isEqualTo(mnist.train().labels());
  }

  @Test
  void refusesAChangedLabel() throws IOException {
    Path labels = copyMnist().resolve(LABELS + ".gz");
    byte[] content = decompressed(labels);
    content[8] = 6;
    replace(labels, content);
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(labels.toString())
        .hasMessageContainingAll(
            "SHA-256 " + Sha256.hex(content),
            "expected 65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "git checkout -- datasets/mnist");
  }

  @Test
  void refusesAnotherNumberOfLabelsThanImages() throws IOException {
    Path mnistFolder = copyMnist();
    Path labels = mnistFolder.resolve(LABELS + ".gz");
    replace(labels, decompressed(mnistFolder.resolve("t10k-labels-idx1-ubyte.gz")));
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(labels.toString(), "found shape [10000]", "expected [60000]");
  }

  @Test
  void namesAMissingFileAndWhatToDo() throws IOException {
    Path labels = copyMnist().resolve(LABELS + ".gz");
    Files.delete(labels);
    assertThatThrownBy(() -> Mnist.load(folder))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(
            labels.toString(), "no such file", "git checkout -- datasets/mnist");
  }

  /** A copy of the embedded files. */
  private Path copyMnist() throws IOException {
    Path copy = Files.createDirectories(folder.resolve(Mnist.NAME));
    for (String name : Mnist.SHA256.keySet()) {
      Files.copy(DATASETS.resolve(Mnist.NAME).resolve(name + ".gz"), copy.resolve(name + ".gz"));
    }
    return copy;
  }

  private static int[] classCounts(ImageSet set) {
    int[] counts = new int[set.classes()];
    Arrays.stream(set.labels()).forEach(label -> counts[label]++);
    return counts;
  }

  private static byte[] decompressed(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
      return in.readAllBytes();
    }
  }

  private static void replace(Path file, byte[] content) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(content);
    }
  }
}
