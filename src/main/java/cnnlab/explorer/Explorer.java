package cnnlab.explorer;

import cnnlab.augment.ImageChange;
import cnnlab.config.UsageException;
import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.explorer.Answers.Attention;
import cnnlab.explorer.Answers.Examined;
import cnnlab.explorer.Answers.Maps;
import cnnlab.explorer.Answers.Mistakes;
import cnnlab.explorer.Answers.Model;
import cnnlab.explorer.Answers.Weights;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.PixelScale;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.show.WeightMaps;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Answers questions about models and single images. Thread-safe: several pages may ask at once.
 *
 * <p>A page names an image by the id that {@link #examine} gave it. The last {@value
 * #MOST_EXAMINATIONS} are kept.
 */
public final class Explorer implements AutoCloseable {
  /** The key of the network that is trained live. */
  public static final String LIVE = "live";

  private static final int MOST_EXAMINATIONS = 64;

  /** Values of one answer's kernels. */
  private static final int MOST_WEIGHTS = 1 << 16;

  private final Subjects subjects = new Subjects();
  private final Map<String, Mistakes> mistakes = limited();
  private final Map<String, Examination> examinations = limited();
  private final Examples examples;
  private final LiveTraining live;
  private long nextId = 1;

  /** A question about something that does not exist or does not fit. */
  public static final class UnknownException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnknownException(String message) {
      super(message);
    }
  }

  public Explorer(Datasets datasets) {
    this.examples = new Examples(datasets);
    this.live = new LiveTraining(datasets);
  }

  private static <T> Map<String, T> limited() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, T> eldest) {
        return size() > MOST_EXAMINATIONS;
      }
    };
  }

  /**
   * Adds a model; if it lies in a run directory whose weights of other epochs were kept, with
   * these.
   *
   * @param input the layout of one input
   * @param scale how 8-bit values become its inputs; null for this project's way
   * @throws UsageException when it cannot be shown
   */
  public void add(Path file, LoadedModel loaded, ArrayLayout input, PixelScale scale) {
    subjects.add(file, loaded, input, scale);
  }

  /** Runs every model once, so that the first stroke does not wait for classes to be loaded. */
  public void warmUp() {
    for (String key : subjects.keys()) {
      byte[] black = new byte[subject(key).network().inputShape().size()];
      String id = examine(key, black, ImageChange.NONE).id();
      if (subject(key).hasMaps()) {
        attention(id);
      }
    }
  }

  /** The training that the page steers. */
  public LiveTraining live() {
    return live;
  }

  /** The keys of all models; the live one last, if it is trained. */
  public List<String> keys() {
    List<String> keys = subjects.keys();
    if (live.exists()) {
      keys.add(LIVE);
    }
    return keys;
  }

  private Subject subject(String key) {
    return LIVE.equals(key) ? live.subject() : subjects.get(key);
  }

  /** Describes a model. */
  public Model model(String key) {
    return subject(key).view(key, LIVE.equals(key) ? List.of() : subjects.epochs(key));
  }

  /**
   * Runs all engines on an image.
   *
   * @param pixels unsigned bytes [H, W, C] of the model's input shape
   * @param change what is done to the image first
   * @throws UnknownException when the image has another size
   */
  public Examined examine(String key, byte[] pixels, ImageChange change) {
    Subject subject = subject(key);
    Shape in = subject.network().inputShape();
    if (pixels.length != in.size()) {
      throw new UnknownException(
          "the image has %s bytes; %s expected for [%s, %s, %s]"
              .formatted(pixels.length, in.size(), in.height(), in.width(), in.channels()));
    }
    long start = System.nanoTime();
    Examination found =
        Examination.of(subject, change.apply(pixels, in.height(), in.width(), in.channels()));
    double milliseconds = (System.nanoTime() - start) / 1e6;
    return found.answer(keep(found), key, milliseconds);
  }

  private synchronized String keep(Examination examination) {
    String id = "e" + nextId++;
    examinations.put(id, examination);
    return id;
  }

  private synchronized Examination examination(String id) {
    Examination found = examinations.get(id);
    if (found == null) {
      throw new UnknownException("image '%s' is no longer kept; examine it again".formatted(id));
    }
    return found;
  }

  /**
   * Feature maps of an examined image.
   *
   * @param from the first channel
   * @param count the number of channels, at most 64
   */
  public Maps maps(String id, String layer, int from, int count) {
    return examination(id).maps(layer, from, count);
  }

  /**
   * Weights to look at: of a convolution the kernels of some outputs; of a dense layer the weights
   * of one output on the maps that it reads.
   *
   * @param output the first output
   */
  public Weights weights(String key, String layer, int output) {
    Subject subject = subject(key);
    Node node = subject.node(layer);
    WeightMaps maps =
        WeightMaps.of(subject.network(), node)
            .orElseThrow(
                () ->
                    new UnknownException(
                        "layer '%s' (%s) has no weights that make a picture"
                            .formatted(layer, node.layer().kind())));
    if (output < 0 || output >= maps.outputs()) {
      throw new UnknownException(
          "layer '%s' has outputs 0 to %s, not %s".formatted(layer, maps.outputs() - 1, output));
    }
    int each = maps.channels() * maps.height() * maps.width();
    int count =
        maps.areKernels() ? Math.max(1, Math.min(maps.outputs() - output, MOST_WEIGHTS / each)) : 1;
    float[] values = new float[count * each];
    float[] biases = new float[maps.hasBias() ? count : 0];
    int plane = maps.height() * maps.width();
    for (int o = 0; o < count; o++) {
      for (int c = 0; c < maps.channels(); c++) {
        System.arraycopy(maps.map(output + o, c), 0, values, o * each + c * plane, plane);
      }
      if (maps.hasBias()) {
        biases[o] = maps.bias(output + o);
      }
    }
    return new Weights(
        layer,
        List.of(count, maps.channels(), maps.height(), maps.width()),
        Floats.of(values),
        maps.hasBias() ? Floats.of(biases) : null);
  }

  /** How a value came about. */
  public ValueStory value(String id, String layer, int channel, int row, int column) {
    return examination(id).story(layer, channel, row, column);
  }

  /**
   * The place of a channel's largest value in an examined image.
   *
   * @return row and column
   */
  public int[] largest(String id, String layer, int channel) {
    return examination(id).largest(layer, channel);
  }

  /**
   * What the network looks at in an examined image: occlusion and Grad-CAM for its most probable
   * class.
   */
  public Attention attention(String id) {
    return examination(id).attention();
  }

  /**
   * An image of the data set that fits a model.
   *
   * @param index from 0
   */
  public Answers.Example example(String key, int index) {
    try {
      return Examples.image(set(key), index);
    } catch (IllegalArgumentException e) {
      throw new UnknownException(e.getMessage());
    }
  }

  /** The number of images of the data set that fits a model; 0 without one. */
  public int examples(String key) {
    return examples.of(subject(key).network().inputShape()).map(ImageSet::count).orElse(0);
  }

  private ImageSet set(String key) {
    Shape shape = subject(key).network().inputShape();
    return examples
        .of(shape)
        .orElseThrow(
            () ->
                new UnknownException(
                    "there is no data set of images %s; datasets of MNIST and PatchCamelyon are looked for"
                        .formatted(shape)));
  }

  /** The first images of the data set that a model classifies wrongly. */
  public Mistakes mistakes(String key) {
    if (LIVE.equals(key)) {
      // Its weights change.
      return Examples.mistakes(subject(key), set(key));
    }
    synchronized (mistakes) {
      return mistakes.computeIfAbsent(key, k -> Examples.mistakes(subject(k), set(k)));
    }
  }

  /** Ends the live training. */
  @Override
  public void close() {
    live.close();
  }
}
