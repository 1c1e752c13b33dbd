package cnnlab.training;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.PlainBatches;
import cnnlab.engine.Engine;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Engines;
import cnnlab.experiment.Dl4jConfig;
import cnnlab.model.MnistCnn;
import cnnlab.model.Updaters;
import cnnlab.scratch.layer.Shape;
import cnnlab.store.CheckpointFile;
import cnnlab.store.RunDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorBoardListenerTest {
  private static final Shape INPUT = new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH);
  private static final int IMAGES = 40;
  private static final int EPOCHS = 3;

  @TempDir Path temp;

  /** Histograms of every epoch; pictures of epochs 1 and 2, and of the last. */
  @ParameterizedTest
  @EnumSource(EngineKind.class)
  void writesHistogramsAndPicturesOfEitherEngine(EngineKind kind) throws IOException {
    byte[] pixels = new byte[IMAGES * INPUT.size()];
    IntStream.range(0, pixels.length).forEach(i -> pixels[i] = (byte) (i * 31));
    int[] labels = IntStream.range(0, IMAGES).map(i -> i % MnistCnn.CLASSES).toArray();
    ImageSet set = new ImageSet("set", 1, 28, 28, MnistCnn.CLASSES, pixels, labels);
    ImageSubset all = ImageSubset.all(set);
    try (RunDirectory run = RunDirectory.create(temp, "run", 1, Clock.systemUTC());
        Engine engine =
            Engines.training(
                kind,
                MnistCnn.create(1, Updaters.adam(0.001, 0.9, 0.999, 1e-8)),
                INPUT,
                Engines.Training.withDefaults(IMAGES, 1),
                1)) {
      Trainer trainer =
          Trainer.start(
              engine,
              TrainingOptions.withDefaults(
                  EPOCHS, CheckpointFile.of(temp.resolve("checkpoint"), "this training")));
      // Only the end of the training tells which epoch was the last.
      try (TensorBoardListener events = TensorBoardListener.of(run, new Dl4jConfig(true))) {
        trainer.fit(
            new PlainBatches(set, EpochOrder.shuffled(all.indices(), 1), IMAGES, 0),
            all,
            all,
            events);
      }
      String train = content(run.path("tensorboard/train"));
      String validation = content(run.path("tensorboard/validation"));
      assertThat(count(train, "weights/conv1_W")).isEqualTo(EPOCHS);
      assertThat(count(train, "weights/conv2_b")).isEqualTo(EPOCHS);
      assertThat(count(train, "kernels/conv1_W")).isEqualTo(3);
      assertThat(count(train, "kernels/conv2_W")).isEqualTo(3);
      assertThat(count(validation, "confusion")).isEqualTo(3);
      assertThat(count(train, "PNG")).isEqualTo(6);
    }
  }

  private static String content(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return Files.readString(files.findFirst().orElseThrow(), StandardCharsets.ISO_8859_1);
    }
  }

  private static int count(String text, String word) {
    return text.split(word, -1).length - 1;
  }
}
