package cnnlab.explorer;

import cnnlab.augment.Augmentation;
import cnnlab.augment.AugmentationAdvice;
import cnnlab.augment.AugmentationChoices;
import cnnlab.data.Datasets;
import cnnlab.data.Mnist;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.inference.ModelRecord;
import cnnlab.model.MnistCnn;
import cnnlab.model.TrainableGraphs.Kind;
import cnnlab.scratch.layer.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * A training that can be watched: one batch, one epoch, or on until it is paused. There is one at a
 * time; a new one replaces it. Thread-safe.
 */
public final class LiveTraining implements AutoCloseable {
  private static final Shape DIGIT = new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH);
  private static final Shape PATCH = new Shape(3, PatchCamelyon.CENTRE, PatchCamelyon.CENTRE);

  private final Datasets datasets;
  private final List<Consumer<State>> listeners = new CopyOnWriteArrayList<>();
  private LiveNetwork current;
  private Mnist mnist;
  private PatchCamelyon patches;

  /**
   * Where the training is.
   *
   * @param epoch the present epoch, from 1
   * @param step steps in all
   * @param batch batches done in this epoch
   * @param batches batches of an epoch
   * @param loss the mean loss of this epoch's batches; null before the first step
   * @param validationLoss the loss on validation images after the last evaluation, or null
   * @param validationAccuracy likewise, in [0, 1], or null
   * @param running whether it goes on by itself
   * @param imagesPerSecond training speed, or null
   * @param problem why it stopped, or empty
   */
  public record State(
      int epoch,
      int step,
      int batch,
      int batches,
      Double loss,
      Double validationLoss,
      Double validationAccuracy,
      boolean running,
      Double imagesPerSecond,
      String problem) {}

  /**
   * A new training.
   *
   * @param state where it is
   * @param warnings about transforms that change the meaning of its images
   */
  public record Created(State state, List<String> warnings) {}

  /** What to do. */
  public enum Action {
    /** Go on until paused. */
    RUN,
    /** Stop after the present batch. */
    PAUSE,
    /** One batch. */
    STEP,
    /** To the end of the epoch. */
    EPOCH
  }

  LiveTraining(Datasets datasets) {
    this.datasets = datasets;
  }

  /** Whether there is a training. */
  public synchronized boolean exists() {
    return current != null;
  }

  /** The transforms that the images of a network can have. */
  public static List<AugmentationChoices.Choice> augmentations(Kind network) {
    Shape shape = network.onPatches() ? PATCH : DIGIT;
    return AugmentationChoices.of(shape.height(), shape.width(), shape.channels());
  }

  /**
   * Makes a new training, paused before its first step.
   *
   * @throws cnnlab.data.file.DataException when its data set is missing
   * @throws IllegalArgumentException when a transform does not fit its images
   */
  public Created create(LiveSettings settings) {
    // Reading takes seconds; other pages go on meanwhile.
    LiveNetwork made = new LiveNetwork(settings, data(settings.network()), this::tell);
    LiveNetwork before;
    synchronized (this) {
      before = current;
      current = made;
    }
    if (before != null) {
      before.close();
    }
    made.start();
    String name = settings.network().onPatches() ? PatchCamelyon.NAME : Mnist.NAME;
    return new Created(
        made.state(), AugmentationAdvice.warnings(name, Augmentation.of(settings.augmentation())));
  }

  private LiveImages.Data data(Kind network) {
    synchronized (datasets) {
      if (network.onPatches()) {
        if (patches == null) {
          patches =
              PatchCamelyon.load(datasets, new PatchCamelyon.Options(0, 1, PatchCamelyon.CENTRE));
        }
        return new LiveImages.Data(
            patches.train(), patches.validation(), ModelRecord.Images.patches(patches, List.of()));
      }
      if (mnist == null) {
        mnist = Mnist.load(datasets);
      }
      return new LiveImages.Data(
          mnist.train(), mnist.train(), ModelRecord.Images.digits(List.of()));
    }
  }

  private synchronized LiveNetwork training() {
    if (current == null) {
      throw new Explorer.UnknownException("there is no training yet; create one first");
    }
    return current;
  }

  /** Steers the training. */
  public State steer(Action action) {
    return training().steer(action);
  }

  /** Where it is. */
  public State state() {
    return training().state();
  }

  /** Tells a listener every state, at most some times a second, on the training's thread. */
  public void listen(Consumer<State> listener) {
    listeners.add(listener);
  }

  /** Ends {@link #listen}. */
  public void leave(Consumer<State> listener) {
    listeners.remove(listener);
  }

  private void tell(State state) {
    listeners.forEach(listener -> listener.accept(state));
  }

  /** The network with its present weights. */
  Subject subject() {
    return training().subject();
  }

  /**
   * Keeps the present weights as a run.
   *
   * @return the run directory, for people
   */
  public Path keep() throws IOException {
    return training().keep();
  }

  /** Asks the training to end; {@link #close} waits for it. */
  public synchronized void end() {
    if (current != null) {
      current.end();
    }
  }

  /**
   * Ends the training and waits for its present batch: the virtual machine must not end while DL4J
   * computes, because its native libraries then wait for each other for ever.
   */
  @Override
  public void close() {
    LiveNetwork last;
    synchronized (this) {
      last = current;
      current = null;
    }
    if (last != null) {
      last.close();
    }
  }
}
