package cnnlab.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compares with {@code tensorboard.tfevents}, written by TensorBoard 2.21 from the same events. */
class EventFileTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1_750_000_000L, 250_000_000), ZoneOffset.UTC);

  @TempDir Path temp;

  @Test
  void bytesEqualThoseOfTensorBoardsWriter() throws IOException {
    try (EventFile file = EventFile.create(temp.resolve("train"), CLOCK)) {
      file.scalar(1, "loss", 0.1);
      file.scalar(300, "accuracy", 0.9375);
      file.text("configuration", "*\u00fc*");
      file.hyperparameters(Map.of("epochs", 20));
      file.hyperparameters(Map.of("balanced", true));
      file.hyperparameters(Map.of("init", "n\u00e4her"));
    }
    List<String> ours = records(Files.readAllBytes(only(temp.resolve("train"))));
    try (InputStream theirs = EventFileTest.class.getResourceAsStream("tensorboard.tfevents")) {
      assertThat(ours).containsExactlyElementsOf(records(theirs.readAllBytes()));
    }
  }

  /** See {@code tools/tensorboard/make_pictures.py}. */
  @Test
  void picturesAndHistogramsEqualThoseOfTensorBoardsWriter() throws IOException {
    try (EventFile file = EventFile.create(temp.resolve("train"), CLOCK)) {
      file.image(4, "kernels/conv1", 300, 3, new byte[] {1, 2, 3, (byte) 255});
      file.histogram(4, "weights/conv1", new float[] {0, 29.5f, 30});
      file.histogram(8, "weights/same", new float[] {2, 2});
    }
    List<String> ours = records(Files.readAllBytes(only(temp.resolve("train"))));
    try (InputStream theirs = EventFileTest.class.getResourceAsStream("pictures.tfevents")) {
      assertThat(ours).containsExactlyElementsOf(records(theirs.readAllBytes()));
    }
  }

  @Test
  void aHistogramHasFiniteValues() throws IOException {
    try (EventFile file = EventFile.create(temp, CLOCK)) {
      assertThatThrownBy(() -> file.histogram(1, "w", new float[] {1, Float.NaN}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("w: 2 values");
      assertThatThrownBy(() -> file.histogram(1, "w", new float[0]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void recordsAreVisibleBeforeTheFileIsClosed() throws IOException {
    try (EventFile file = EventFile.create(temp, CLOCK)) {
      file.scalar(1, "loss", 0.1);
      assertThat(records(Files.readAllBytes(only(temp)))).hasSize(2);
    }
    assertThat(only(temp).getFileName().toString()).startsWith("events.out.tfevents.1750000000.");
  }

  /** Each record with its length and checksums, in hexadecimal digits. */
  private static List<String> records(byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<String> records = new ArrayList<>();
    for (int at = 0; at < file.length; ) {
      int size = Math.toIntExact(bytes.getLong(at)) + 16;
      records.add(HexFormat.of().formatHex(file, at, at + size));
      at += size;
    }
    return records;
  }

  private static Path only(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.get(0);
    }
  }
}
