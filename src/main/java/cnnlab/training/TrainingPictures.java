package cnnlab.training;

import cnnlab.engine.LayerWeights;
import cnnlab.metric.ConfusionMatrix;
import cnnlab.plot.ConfusionPlot;
import cnnlab.plot.Picture;
import cnnlab.plot.sheet.MapSheet;
import cnnlab.store.EventFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Histograms and pictures of a training, for TensorBoard. Pictures are drawn for epochs 1, 2, 4, 8,
 * ... and the last: each takes some milliseconds and kilobytes.
 */
final class TrainingPictures {
  private static final Logger LOG = LoggerFactory.getLogger(TrainingPictures.class);
  private static final int KERNEL_RANK = 4;
  private static final int MOST_LAYERS = 2;
  private static final int MOST_KERNELS = 32;
  private static final int MOST_CLASSES = 20;

  private final EventFile train;
  private final EventFile validation;
  private final String mark;

  /** The last epoch whose pictures are not drawn yet, or null. */
  private Drawable waiting;

  private boolean undrawable;

  /** What the pictures of an epoch are made of. */
  private record Drawable(int epoch, List<LayerWeights> kernels, int[][] confusion) {}

  /**
   * @param mark of a trial run; empty for a full run
   */
  TrainingPictures(EventFile train, EventFile validation, String mark) {
    this.train = train;
    this.validation = validation;
    this.mark = mark;
  }

  /**
   * Adds histograms and, for some epochs, pictures.
   *
   * @throws IOException if they cannot be written
   */
  void add(EvaluatedEpoch e) throws IOException {
    List<LayerWeights> weights = e.engine().layerWeights();
    for (LayerWeights w : weights) {
      train.histogram(e.epoch(), "weights/" + w.name(), w.values());
    }
    boolean classes =
        e.labels().length > 0
            && e.classes() >= 2
            && e.classes() <= MOST_CLASSES
            && e.validation().probabilities().length == e.labels().length * e.classes()
            && IntStream.of(e.labels()).allMatch(label -> label >= 0);
    waiting =
        new Drawable(
            e.epoch(),
            weights.stream()
                .filter(w -> w.shape().size() == KERNEL_RANK && w.shape().get(2) > 1)
                .limit(MOST_LAYERS)
                .toList(),
            classes
                ? ConfusionMatrix.confusion(e.validation().probabilities(), e.labels(), e.classes())
                : null);
    if (Integer.bitCount(e.epoch()) == 1) {
      finish();
    }
  }

  /** Draws the pictures of the last epoch, unless they are drawn. */
  void finish() {
    if (waiting == null || undrawable) {
      return;
    }
    try {
      draw(waiting);
    } catch (IOException | RuntimeException | Error e) {
      // As in RunDirectory.tryWritePng: a Java without fonts cannot draw text.
      undrawable = true;
      LOG.warn("no pictures for TensorBoard: {}", e.toString());
      LOG.debug("cause", e);
    }
    waiting = null;
  }

  private void draw(Drawable d) throws IOException {
    for (LayerWeights w : d.kernels) {
      add(train, d.epoch, "kernels/" + w.name(), kernels(w, d.epoch));
    }
    if (d.confusion != null) {
      String[] labels =
          IntStream.range(0, d.confusion.length).mapToObj(String::valueOf).toArray(String[]::new);
      add(
          validation,
          d.epoch,
          "confusion",
          ConfusionPlot.draw(
              "Validation images after epoch %s".formatted(d.epoch), d.confusion, labels));
    }
  }

  private void add(EventFile file, int epoch, String tag, Picture picture) throws IOException {
    file.image(epoch, tag, picture.width(), picture.height(), picture.png(mark));
  }

  private static Picture kernels(LayerWeights w, int epoch) {
    int inputs = w.shape().get(1);
    int size = w.shape().get(2) * w.shape().get(3);
    int all = w.shape().get(0) * inputs;
    List<MapSheet.Tile> tiles = new ArrayList<>();
    for (int k = 0; k < Math.min(all, MOST_KERNELS); k++) {
      String caption =
          inputs == 1 ? "output " + k : "output %s, input %s".formatted(k / inputs, k % inputs);
      tiles.add(
          new MapSheet.Tile(caption, Arrays.copyOfRange(w.values(), k * size, (k + 1) * size)));
    }
    return MapSheet.draw(
        "%s after epoch %s".formatted(w.name(), epoch),
        List.of(
            new MapSheet.Band(
                tiles.size() == all
                    ? "%s kernels".formatted(all)
                    : "%s of %s kernels".formatted(tiles.size(), all),
                w.shape().get(2),
                w.shape().get(3),
                tiles)));
  }
}
