package cnnlab.explorer;

import cnnlab.augment.ImageChange;
import cnnlab.config.UsageException;
import cnnlab.crosscheck.LayerOutputs;
import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.explorer.Answers.Attention;
import cnnlab.explorer.Answers.Examined;
import cnnlab.explorer.Answers.LayerFigures;
import cnnlab.explorer.Answers.LayerView;
import cnnlab.explorer.Answers.Maps;
import cnnlab.explorer.Answers.Mistakes;
import cnnlab.explorer.Answers.Model;
import cnnlab.explorer.Answers.Weights;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.GradCam;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.OcclusionMap;
import cnnlab.inference.PixelScale;
import cnnlab.metric.ClassMetrics;
import cnnlab.scratch.Network;
import cnnlab.scratch.ScoreGradient;
import cnnlab.scratch.layer.Conv2d;
import cnnlab.scratch.layer.Dense;
import cnnlab.scratch.layer.DepthwiseConv2d;
import cnnlab.scratch.layer.Dropout;
import cnnlab.scratch.layer.Flatten;
import cnnlab.scratch.layer.FlattenChannelsLast;
import cnnlab.scratch.layer.GaussianDropout;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.scratch.layer.SpatialDropout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

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

  /** Maps of one answer; of vectors more. */
  private static final int MOST_MAPS = 64;

  private static final int MOST_VALUES = 4096;

  /** Values of one answer's kernels. */
  private static final int MOST_WEIGHTS = 1 << 16;

  /** Images that are searched for mistakes. */
  private static final int MOST_SEARCHED = 2000;

  /** The hidden square's side is this part of the image's shorter side. */
  private static final int SQUARES = 7;

  private final Map<String, Subject> subjects = new LinkedHashMap<>();
  private final Map<String, Mistakes> mistakes = new LinkedHashMap<>();
  private final Map<String, Examination> examinations =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Examination> eldest) {
          return size() > MOST_EXAMINATIONS;
        }
      };
  private final Examples examples;
  private final LiveTraining live;
  private long nextId = 1;

  /** What is kept of an examined image. */
  private record Examination(Subject subject, float[] input, LayerOutputs outputs) {}

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

  /**
   * Adds a model.
   *
   * @param input the layout of one input
   * @param scale how 8-bit values become its inputs; null for this project's way
   * @throws UsageException when it cannot be shown
   */
  public void add(Path file, LoadedModel loaded, ArrayLayout input, PixelScale scale) {
    subjects.put("m" + subjects.size(), Subject.open(file, loaded, input, scale));
  }

  /** Runs every model once, so that the first stroke does not wait for classes to be loaded. */
  public void warmUp() {
    for (String key : subjects.keySet()) {
      byte[] black = new byte[subject(key).network().inputShape().size()];
      String id = examine(key, black, ImageChange.NONE).id();
      if (hasMaps(subject(key).network())) {
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
    List<String> keys = new ArrayList<>(subjects.keySet());
    if (live.exists()) {
      keys.add(LIVE);
    }
    return keys;
  }

  private Subject subject(String key) {
    if (LIVE.equals(key)) {
      return live.subject();
    }
    Subject subject = subjects.get(key);
    if (subject == null) {
      throw new UnknownException("there is no model '%s'; there are %s".formatted(key, keys()));
    }
    return subject;
  }

  /** Describes a model. */
  public Model model(String key) {
    Subject subject = subject(key);
    Network network = subject.network();
    Shape in = network.inputShape();
    List<LayerView> layers = network.nodes().stream().map(node -> view(network, node)).toList();
    return new Model(
        key,
        subject.name(),
        in.height(),
        in.width(),
        in.channels(),
        subject.scale().formula(),
        subject.preprocessing().names(),
        subject.classes(),
        subject.probabilities(),
        subject.engines().hasDouble(),
        hasMaps(network),
        layers);
  }

  private static boolean hasMaps(Network network) {
    return network.outputShape().isVector() && !ScoreGradient.layers(network).isEmpty();
  }

  private static LayerView view(Network network, Node node) {
    Shape shape = node.shape();
    Shape map = weightMap(network, node);
    return new LayerView(
        node.name(),
        node.layer().kind(),
        shape.channels(),
        shape.height(),
        shape.width(),
        node.layer().parameterCount(),
        node.inputs().stream()
            .map(k -> k < 0 ? Network.INPUT : network.nodes().get(k).name())
            .toList(),
        kernels(node),
        map == null ? List.of() : List.of(map.channels(), map.height(), map.width()));
  }

  private static List<Integer> kernels(Node node) {
    if (node.layer() instanceof Conv2d conv) {
      return List.of(
          conv.outChannels(),
          conv.inChannels(),
          conv.window().kernelHeight(),
          conv.window().kernelWidth());
    }
    return node.layer() instanceof DepthwiseConv2d conv
        ? List.of(
            conv.channels() * conv.multiplier(),
            1,
            conv.window().kernelHeight(),
            conv.window().kernelWidth())
        : List.of();
  }

  /** The shape of the maps that a dense layer reads flattened, or null. */
  private static Shape weightMap(Network network, Node node) {
    if (!(node.layer() instanceof Dense)) {
      return null;
    }
    int from = node.inputs().get(0);
    while (from >= 0 && network.nodes().get(from).shape().isVector()) {
      Node before = network.nodes().get(from);
      boolean keeps =
          before.layer() instanceof Flatten
              || before.layer() instanceof FlattenChannelsLast
              || before.layer() instanceof Dropout
              || before.layer() instanceof SpatialDropout
              || before.layer() instanceof GaussianDropout;
      if (!keeps) {
        return null;
      }
      from = before.inputs().get(0);
    }
    Shape maps = from < 0 ? network.inputShape() : network.nodes().get(from).shape();
    return maps.isVector() ? null : maps;
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
    Subject.Prepared ready =
        subject.prepare(change.apply(pixels, in.height(), in.width(), in.channels()));
    LayerOutputs outputs;
    synchronized (subject.engines()) {
      outputs = subject.engines().run(ready.input());
    }
    double milliseconds = (System.nanoTime() - start) / 1e6;
    String id = keep(new Examination(subject, ready.input(), outputs));
    List<Node> nodes = subject.network().nodes();
    String last = nodes.get(nodes.size() - 1).name();
    int most = subject.classes().size();
    double[] exact = outputs.exact().get(last);
    return new Examined(
        id,
        key,
        ready.pixels(),
        doubles(outputs.scratch().get(last), most),
        doubles(outputs.library().get(last), most),
        exact == null ? null : DoubleStream.of(exact).limit(most).boxed().toList(),
        nodes.stream().map(node -> figures(node.name(), outputs)).toList(),
        milliseconds);
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

  private static List<Double> doubles(float[] values, int most) {
    return IntStream.range(0, Math.min(most, values.length))
        .mapToObj(i -> (double) values[i])
        .toList();
  }

  private static LayerFigures figures(String name, LayerOutputs outputs) {
    float[] ours = outputs.scratch().get(name);
    float[] theirs = outputs.library().get(name);
    double[] exact = outputs.exact().get(name);
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    double library = 0;
    double precise = 0;
    for (int i = 0; i < ours.length; i++) {
      least = Math.min(least, ours[i]);
      most = Math.max(most, ours[i]);
      if (theirs != null) {
        library = Math.max(library, Math.abs((double) ours[i] - theirs[i]));
      }
      if (exact != null) {
        precise = Math.max(precise, Math.abs(ours[i] - exact[i]));
      }
    }
    return new LayerFigures(
        name, least, most, theirs == null ? null : library, exact == null ? null : precise);
  }

  /**
   * Feature maps of an examined image.
   *
   * @param from the first channel
   * @param count the number of channels, at most 64
   */
  public Maps maps(String id, String layer, int from, int count) {
    Examination e = examination(id);
    Node node = node(e.subject.network(), layer);
    Shape shape = node.shape();
    int most = Math.max(MOST_MAPS, MOST_VALUES / shape.plane());
    if (from < 0 || from >= shape.channels() || count < 1 || count > most) {
      throw new UnknownException(
          "layer '%s' has channels 0 to %s, and an answer at most %s; asked for %s from %s on"
              .formatted(layer, shape.channels() - 1, most, count, from));
    }
    int given = Math.min(count, shape.channels() - from);
    int first = from * shape.plane();
    int end = first + given * shape.plane();
    float[] theirs = e.outputs.library().get(layer);
    return new Maps(
        layer,
        shape.channels(),
        shape.height(),
        shape.width(),
        from,
        given,
        Floats.of(e.outputs.scratch().get(layer), first, end),
        theirs == null ? null : Floats.of(theirs, first, end));
  }

  private static Node node(Network network, String layer) {
    return network.nodes().stream()
        .filter(n -> n.name().equals(layer))
        .findFirst()
        .orElseThrow(() -> new UnknownException("there is no layer '%s'".formatted(layer)));
  }

  /**
   * Weights to look at: of a convolution the kernels of some outputs; of a dense layer the weights
   * of one output on the maps that it reads.
   *
   * @param output the first output
   */
  public Weights weights(String key, String layer, int output) {
    Network network = subject(key).network();
    Node node = node(network, layer);
    if (output < 0 || output >= node.shape().channels()) {
      throw new UnknownException(
          "layer '%s' has outputs 0 to %s, not %s"
              .formatted(layer, node.shape().channels() - 1, output));
    }
    List<Integer> kernels = kernels(node);
    Shape map = weightMap(network, node);
    if (!kernels.isEmpty()) {
      return kernels(network, node, kernels, output);
    }
    if (map == null) {
      throw new UnknownException(
          "layer '%s' (%s) has no weights that make a picture"
              .formatted(layer, node.layer().kind()));
    }
    return onMap(network, node, map, output);
  }

  private static Weights kernels(Network network, Node node, List<Integer> shape, int output) {
    int outputs = shape.get(0);
    int each = shape.get(1) * shape.get(2) * shape.get(3);
    int count = Math.max(1, Math.min(outputs - output, MOST_WEIGHTS / each));
    int from = node.parameterOffset() + output * each;
    boolean bias = node.layer().parameterCount() > outputs * each;
    int biases = node.parameterOffset() + outputs * each + output;
    return new Weights(
        node.name(),
        List.of(count, shape.get(1), shape.get(2), shape.get(3)),
        Floats.of(network.parameters(), from, from + count * each),
        bias ? Floats.of(network.parameters(), biases, biases + count) : null);
  }

  private static Weights onMap(Network network, Node node, Shape map, int output) {
    Dense dense = (Dense) node.layer();
    boolean channelsLast = readsChannelsLast(network, node);
    float[] values = new float[dense.in()];
    for (int i = 0; i < values.length; i++) {
      float w = network.parameters()[node.parameterOffset() + i * dense.out() + output];
      int at = channelsLast ? i % map.channels() * map.plane() + i / map.channels() : i;
      values[at] = w;
    }
    int bias = node.parameterOffset() + dense.in() * dense.out() + output;
    return new Weights(
        node.name(),
        List.of(1, map.channels(), map.height(), map.width()),
        Floats.of(values),
        dense.bias() ? Floats.of(network.parameters(), bias, bias + 1) : null);
  }

  private static boolean readsChannelsLast(Network network, Node node) {
    int from = node.inputs().get(0);
    while (from >= 0 && network.nodes().get(from).shape().isVector()) {
      Node before = network.nodes().get(from);
      if (before.layer() instanceof FlattenChannelsLast) {
        return true;
      }
      from = before.inputs().get(0);
    }
    return false;
  }

  /** How a value came about. */
  public ValueStory value(String id, String layer, int channel, int row, int column) {
    Examination e = examination(id);
    try {
      return new Storyteller(e.subject.network(), e.input, e.outputs)
          .tell(layer, channel, row, column);
    } catch (IllegalArgumentException unknown) {
      throw new UnknownException(unknown.getMessage());
    }
  }

  /**
   * The place of a channel's largest value in an examined image.
   *
   * @return row and column
   */
  public int[] largest(String id, String layer, int channel) {
    Examination e = examination(id);
    Shape shape = node(e.subject.network(), layer).shape();
    float[] values = e.outputs.scratch().get(layer);
    int from = channel * shape.plane();
    int best = ClassMetrics.argmax(values, from, shape.plane());
    return new int[] {best / shape.width(), best % shape.width()};
  }

  /**
   * What the network looks at in an examined image: occlusion and Grad-CAM for its most probable
   * class.
   */
  public Attention attention(String id) {
    Examination e = examination(id);
    Network network = e.subject.network();
    if (!hasMaps(network)) {
      throw new UnknownException(
          "the model has no feature maps that lead to a vector of scores, so there are no such maps");
    }
    Shape in = network.inputShape();
    int square = Math.max(1, Math.min(in.height(), in.width()) / SQUARES);
    int stride = Math.max(1, square / 2);
    OcclusionMap occlusion =
        OcclusionMap.of(
            network::predict, e.input, in, square, stride, OcclusionMap.meanColour(e.input, in));
    List<String> layers = ScoreGradient.layers(network);
    String layer = layers.get(layers.size() - 1);
    GradCam cam = GradCam.of(new ScoreGradient(network, layer), e.input, occlusion.predicted());
    return new Attention(
        occlusion.predicted(),
        occlusion.probability(),
        layer,
        Floats.of(occlusion.onImage(in, square, stride)),
        Floats.of(cam.onImage(in)),
        square);
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
      return search(subject(key), set(key));
    }
    synchronized (mistakes) {
      return mistakes.computeIfAbsent(key, k -> search(subject(k), set(k)));
    }
  }

  private static Mistakes search(Subject subject, ImageSet set) {
    Network network = subject.network();
    int classes = network.outputShape().size();
    int n = Math.min(MOST_SEARCHED, set.count());
    int size = set.imageSize();
    float[] x = new float[n * size];
    for (int i = 0; i < n; i++) {
      byte[] image = Arrays.copyOfRange(set.pixels(), i * size, (i + 1) * size);
      System.arraycopy(subject.prepare(image).input(), 0, x, i * size, size);
    }
    float[] p = network.predict(x, n);
    List<Integer> wrong = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      if (set.labels()[i] >= 0 && ClassMetrics.argmax(p, i * classes, classes) != set.labels()[i]) {
        wrong.add(i);
      }
    }
    return new Mistakes(n, List.copyOf(wrong));
  }

  /** Ends the live training. */
  @Override
  public void close() {
    live.close();
  }
}
