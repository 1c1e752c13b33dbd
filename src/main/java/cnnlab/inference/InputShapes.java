package cnnlab.inference;

import cnnlab.config.UsageException;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.model.GraphEnds;
import cnnlab.model.GraphSize;
import cnnlab.model.MnistCnn;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.dl4j.UnsupportedGraphException;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Finds the shape of a model's inputs if its file does not give it. */
public final class InputShapes {
  /** Common side lengths of images, tried first. */
  private static final int[] USUAL_SIDES = {28, 32, 64, 96, 128, 224, 227, 256, 299};

  private static final int COLOURS = 3;
  private static final Shape DIGITS = new Shape(1, MnistCnn.HEIGHT, MnistCnn.WIDTH);
  private static final Shape PATCHES =
      new Shape(COLOURS, PatchCamelyon.CENTRE, PatchCamelyon.CENTRE);
  private static final int MOST_SIDE = 256;
  private static final int MOST_CHANNELS = 64;

  private InputShapes() {}

  /**
   * Finds a layout that a model accepts if its file does not give one: that of its record, else the
   * first that fits. Those of MNIST and PatchCamelyon are tried first; networks with global pooling
   * accept any size.
   *
   * @return empty if none fits
   * @throws cnnlab.config.UsageException when the record is damaged or of another model
   */
  public static Optional<ArrayLayout> find(LoadedModel model) {
    if (model.input() != null) {
      return Optional.of(model.input());
    }
    Optional<ModelRecord> record = ModelRecord.beside(model.file());
    if (record.isPresent()) {
      ModelRecord.Images images = record.get().images();
      return Optional.of(
          new ArrayLayout(List.of(images.height(), images.width(), images.channels())));
    }
    return tried(model, shape -> fits(model, shape));
  }

  /**
   * A model whose inputs and outputs are joined, if it has several and its file does not give the
   * shapes of its inputs: vectors as their layers tell, images of the first usual size that fits.
   *
   * @param option the option that gives the inputs' shapes, for messages
   * @return the model itself if there is nothing to join
   * @throws UsageException when no usual size fits
   */
  public static LoadedModel joined(LoadedModel model, String option) {
    if (!model.isApart()) {
      return model;
    }
    return IntStream.concat(IntStream.of(USUAL_SIDES), IntStream.rangeClosed(1, MOST_SIDE))
        .mapToObj(side -> layouts(model, side))
        .distinct()
        .map(layouts -> joined(model, layouts))
        .flatMap(Optional::stream)
        .findFirst()
        .orElseThrow(
            () ->
                new UsageException(
                    "%s: the file does not give the sizes of its inputs %s, and none of the usual sizes fits; give them with %s"
                        .formatted(model.file(), model.inputNames(), option)));
  }

  private static Optional<LoadedModel> joined(LoadedModel model, List<ArrayLayout> layouts) {
    if (!model.fits(layouts)) {
      return Optional.empty();
    }
    LoadedModel made;
    try {
      made = model.joined(layouts);
    } catch (UsageException e) {
      return Optional.empty();
    }
    try {
      GraphCompiler.compile(made.graph(), made.input().shape(), new ReferenceKernels());
      return Optional.of(made);
    } catch (UnsupportedGraphException e) {
      return Optional.of(made);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** The layouts of all inputs, where the images are squares. */
  private static List<ArrayLayout> layouts(LoadedModel model, int side) {
    List<ArrayLayout> layouts = new ArrayList<>();
    for (String name : model.inputNames()) {
      int size = Math.max(1, GraphEnds.inputSize(model.graph(), List.of(name)));
      layouts.add(
          new ArrayLayout(
              GraphEnds.takesVectors(model.graph(), List.of(name))
                  ? List.of(size)
                  : List.of(side, side, size)));
    }
    return layouts;
  }

  /**
   * The first layout that fits, without the record.
   *
   * @param fits whether the model accepts images of a shape
   */
  public static Optional<ArrayLayout> tried(LoadedModel model, Predicate<Shape> fits) {
    int size = GraphEnds.inputSize(model.graph());
    if (GraphEnds.takesVectors(model.graph()) && size > 0) {
      return Optional.of(new ArrayLayout(List.of(size)));
    }
    int[] channels =
        IntStream.of(1, COLOURS, size)
            .filter(c -> c > 0 && c <= MOST_CHANNELS)
            .distinct()
            .toArray();
    Stream<Shape> squares =
        IntStream.concat(IntStream.of(USUAL_SIDES), IntStream.rangeClosed(1, MOST_SIDE))
            .boxed()
            .flatMap(side -> IntStream.of(channels).mapToObj(c -> new Shape(c, side, side)));
    return Stream.concat(Stream.of(DIGITS, PATCHES), squares)
        .filter(fits)
        .findFirst()
        .map(ArrayLayout::of);
  }

  private static boolean fits(LoadedModel model, Shape shape) {
    if (GraphEnds.takesVectors(model.graph()) != shape.isVector()) {
      return false;
    }
    try {
      GraphCompiler.compile(model.graph(), shape, new ReferenceKernels());
      return true;
    } catch (UnsupportedGraphException e) {
      return suits(model.graph(), shape);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether DL4J accepts images of a shape; it does not check the number of channels. */
  private static boolean suits(ComputationGraph graph, Shape shape) {
    int channels = GraphEnds.inputSize(graph);
    if (channels > 0 && channels != shape.channels()) {
      return false;
    }
    try {
      GraphSize.of(graph, shape.channels(), shape.height(), shape.width());
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }
}
