package cnnlab.explorer;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Pipeline;
import cnnlab.augment.transform.ImageRandom;
import cnnlab.data.EpochOrder;
import cnnlab.data.ImageSet;
import cnnlab.data.Seeds;
import cnnlab.inference.ModelRecord;
import cnnlab.inference.PixelScale;
import cnnlab.scratch.layer.Shape;
import java.util.stream.IntStream;

/** The images of a live training, epoch after epoch. For one thread. */
final class LiveImages {
  private static final int VALIDATION_IMAGES = 500;

  private final LiveSettings settings;
  private final Data data;
  private final Pipeline pipeline;
  private final int[] train;
  private final int[] validation;
  private final EpochOrder order;
  private int[] indices = {};
  private int epoch;
  private int done;

  /**
   * The sets.
   *
   * @param validation another set, or the same, of which some images are then held out
   * @param images for the record of a model
   */
  record Data(ImageSet train, ImageSet validation, ModelRecord.Images images) {
    /** The shape of an image. */
    Shape shape() {
      return new Shape(train.channels(), train.height(), train.width());
    }
  }

  /** One batch: images [n, C, H, W] and labels [n, K]. */
  record Batch(float[] x, float[] y, int size) {}

  /**
   * @throws IllegalArgumentException when a transform does not fit the images
   */
  LiveImages(LiveSettings settings, Data data) {
    this.settings = settings;
    this.data = data;
    this.pipeline = Augmentation.of(settings.augmentation()).pipeline();
    ImageSet set = data.train();
    int[] all =
        EpochOrder.shuffled(
                IntStream.range(0, set.count()).toArray(), Seeds.derive(settings.seed(), "choice"))
            .indices(1);
    boolean separate = data.validation() != set;
    int held = separate ? 0 : VALIDATION_IMAGES;
    int rest = all.length - held;
    int count = settings.images() == 0 ? rest : Math.min(settings.images(), rest);
    this.train = IntStream.range(held, held + count).map(i -> all[i]).toArray();
    this.validation =
        separate
            ? IntStream.range(0, Math.min(VALIDATION_IMAGES, data.validation().count())).toArray()
            : IntStream.range(0, held).map(i -> all[i]).toArray();
    this.order = EpochOrder.shuffled(train, Seeds.derive(settings.seed(), "shuffle"));
    changed(train[0], new byte[set.imageSize()]);
  }

  Data data() {
    return data;
  }

  /** The numbers of the validation images in their set. */
  int[] validation() {
    return validation.clone();
  }

  /** Batches of an epoch. */
  int batches() {
    return batches(train.length);
  }

  private int batches(int images) {
    return (images + settings.batchSize() - 1) / settings.batchSize();
  }

  /** The present epoch, from 1; 0 before the first batch. */
  int epoch() {
    return epoch;
  }

  /** Images given in this epoch. */
  int done() {
    return done;
  }

  /** Batches given in this epoch. */
  int batch() {
    return batches(done);
  }

  /** Batches up to the end of the epoch; of a finished one, those of the next. */
  int left() {
    return batches(train.length - done % train.length);
  }

  /** Whether the epoch is over. */
  boolean ended() {
    return done == indices.length;
  }

  /** Goes on to the next epoch if this one is over; returns whether it did. */
  boolean turn() {
    if (!ended()) {
      return false;
    }
    epoch++;
    indices = order.indices(epoch);
    done = 0;
    return true;
  }

  /** The next batch; the images count as given after {@link #give}. */
  Batch next() {
    int size = Math.min(settings.batchSize(), indices.length - done);
    float[] y = data.train().oneHot(indices, done, done + size);
    if (settings.augmentation().isEmpty()) {
      return new Batch(data.train().batch(indices, done, done + size), y, size);
    }
    int each = data.train().imageSize();
    float[] x = new float[size * each];
    byte[] image = new byte[each];
    for (int i = 0; i < size; i++) {
      changed(indices[done + i], image);
      float[] scaled = PixelScale.SYMMETRIC.apply(image, 1, data.train().channels());
      System.arraycopy(scaled, 0, x, i * each, each);
    }
    return new Batch(x, y, size);
  }

  private void changed(int index, byte[] to) {
    ImageSet set = data.train();
    long stream = Seeds.derive(settings.seed(), "augmentation");
    pipeline.apply(
        set.pixels(),
        index * set.imageSize(),
        set.height(),
        set.width(),
        set.channels(),
        ImageRandom.imageSeed(stream, epoch, index),
        to,
        0);
  }

  /** Counts a batch. */
  void give(Batch batch) {
    done += batch.size();
  }
}
