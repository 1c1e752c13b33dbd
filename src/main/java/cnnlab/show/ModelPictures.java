package cnnlab.show;

import cnnlab.config.UsageException;
import cnnlab.crosscheck.Difference;
import cnnlab.crosscheck.LayerOutputs;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.engine.EngineKind;
import cnnlab.engine.Memory;
import cnnlab.engine.MemoryNeed;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.LoadedSummary;
import cnnlab.inference.ModelLoader;
import cnnlab.io.AtomicFolder;
import cnnlab.model.summary.LayerSummary;
import cnnlab.plot.Picture;
import cnnlab.plot.sheet.ContactSheet;
import cnnlab.plot.sheet.MapSheet;
import cnnlab.report.Block;
import cnnlab.report.Cell;
import cnnlab.report.Document;
import cnnlab.report.HtmlRenderer;
import cnnlab.report.Section;
import cnnlab.report.Table;
import cnnlab.scratch.Network;
import cnnlab.scratch.dl4j.UnsupportedGraphException;
import cnnlab.scratch.kernel.Kernels;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Shape;
import cnnlab.text.Numbers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Draws what a model computes for one input: {@code input.png}, {@code kernels-LAYER.png} for each
 * layer with kernels, {@code layer-NN-LAYER.png} with the outputs of both engines and their
 * difference, and {@code index.html} with all of them.
 */
public final class ModelPictures {
  private static final String PAGE = "index.html";
  private static final int MOST_OUTPUTS = 20;
  private static final int RGB = 3;

  private final LoadedModel model;
  private final ShownInput input;
  private final Options options;
  private final Network network;
  private final LayerOutputs outputs;
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  /**
   * What is shown.
   *
   * @param layers the names of the layers; empty for all
   * @param channels the most channels of a layer, at least 1
   * @param exact whether the differences from double precision are shown
   */
  public record Options(Set<String> layers, int channels, boolean exact) {}

  private ModelPictures(
      LoadedModel model, ShownInput input, Options options, LayerOutputs.Engines engines) {
    this.model = model;
    this.input = input;
    this.options = options;
    this.network = engines.network();
    this.outputs = engines.run(input.values());
  }

  /**
   * Reads a model.
   *
   * @throws cnnlab.model.file.ModelFileException when it cannot be read
   */
  public static LoadedModel load(Path file) {
    Dl4jRuntime.configure(true, 1);
    return ModelLoader.open(file).requireSingle("show");
  }

  /**
   * Computes all layers and draws them.
   *
   * @param folder the new folder to write
   * @return what was written
   * @throws UsageException when the engine does not support the model, the input does not fit it,
   *     or it has no layer of a given name
   * @throws IOException when the folder cannot be written; nothing remains then
   */
  public static Result write(LoadedModel model, ShownInput input, Options options, Path folder)
      throws IOException {
    ArrayLayout layout = input.layout();
    Memory.require(
        model.file(),
        model.graph(),
        layout.shape(),
        size ->
            MemoryNeed.inference(size, EngineKind.DL4J, 1, 1).plus(MemoryNeed.comparison(size, 1)));
    Network network;
    try {
      network = model.compile(layout.shape(), input.what(), Kernels.best());
    } catch (UnsupportedGraphException e) {
      throw new UsageException(model.file() + ": " + e.getMessage(), e);
    }
    requireLayers(model, network, options.layers);
    // Without double precision no such network is made.
    long cost =
        options.exact
            ? LoadedSummary.of(model, layout).total(LayerSummary::products)
            : Long.MAX_VALUE;
    LayerOutputs.Engines engines = new LayerOutputs.Engines(model.graph(), network, cost);
    if (options.exact && !engines.hasDouble()) {
      throw new UsageException(
          "--double: %s is too large for double precision (%s multiplications for one input); leave the option out"
              .formatted(model.file(), Numbers.count(cost)));
    }
    return new ModelPictures(model, input, options, engines).write(folder);
  }

  private static void requireLayers(LoadedModel model, Network network, Set<String> layers) {
    List<String> names = network.nodes().stream().map(Node::name).toList();
    for (String layer : layers) {
      if (!names.contains(layer)) {
        throw new UsageException(
            "--layers: %s has no layer '%s'; its layers are %s"
                .formatted(model.file(), layer, String.join(", ", names)));
      }
    }
  }

  /**
   * What was written.
   *
   * @param pictures the number of pictures
   * @param largest the largest difference of a value between the two engines
   * @param layer the layer that has it
   */
  public record Result(int pictures, double largest, String layer) {}

  private Result write(Path folder) throws IOException {
    List<Section> sections = new ArrayList<>();
    sections.add(overview(folder));
    sections.add(section("kernels", "Kernels", kernels(folder)));
    sections.add(section("layers", "Outputs of the layers", layers(folder)));
    sections.removeIf(section -> section.blocks().isEmpty());
    String lead =
        "Orange is positive, blue negative, white zero. Captions are the numbers of the channels, from 0.";
    String title = "%s on %s".formatted(model.file().getFileName(), input.what());
    String html = HtmlRenderer.linked(new Document(title, lead, sections), folder);
    int pictures = files.size();
    files.put(PAGE, html.getBytes(StandardCharsets.UTF_8));
    AtomicFolder.write(folder, files);
    return result(pictures);
  }

  private Result result(int pictures) {
    double largest = 0;
    String layer = "";
    for (Node node : network.nodes()) {
      float[] theirs = outputs.library().get(node.name());
      if (theirs != null) {
        double d = Difference.between(theirs, outputs.scratch().get(node.name())).maxAbs();
        if (d > largest) {
          largest = d;
          layer = node.name();
        }
      }
    }
    return new Result(pictures, largest, layer);
  }

  private static Section section(String id, String title, List<Block> blocks) {
    return new Section(id, title, blocks, List.of());
  }

  private Section overview(Path folder) throws IOException {
    List<Block> blocks = new ArrayList<>();
    Picture picture;
    if (input.pixels() != null) {
      int channels = input.pixels().length % RGB == 0 && input.shape().channels() == RGB ? RGB : 1;
      int plane = input.pixels().length / channels;
      Shape shape = input.shape();
      int height = shape.isVector() ? (int) Math.round(Math.sqrt(plane)) : shape.height();
      picture =
          ContactSheet.draw(
              "Input: " + input.what(),
              List.of(input.label() == null ? "" : "true class " + input.label()),
              List.of(new ContactSheet.Row("", List.of(input.pixels()))),
              new ContactSheet.Shape(height, plane / height, channels));
    } else {
      picture =
          MapSheet.draw(
              "Input: " + input.what(),
              List.of(
                  LayerBands.band(
                      "values %s".formatted(input.shape()),
                      input.shape(),
                      input.values(),
                      options.channels,
                      -1)));
    }
    blocks.add(gallery(List.of(figure(folder, "input.png", picture, "The input."))));
    blocks.add(predictions());
    blocks.add(differences());
    return section("overview", "Input and output", blocks);
  }

  /** The outputs of both engines, the largest first. */
  private Table predictions() {
    String last = network.nodes().get(network.nodes().size() - 1).name();
    float[] ours = outputs.scratch().get(last);
    float[] theirs = outputs.library().getOrDefault(last, ours);
    Table table =
        new Table(model.givesProbabilities() ? "Probabilities" : "Outputs")
            .left("output")
            .right("DL4J")
            .right("from scratch")
            .right("difference");
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < ours.length; i++) {
      order.add(i);
    }
    order.sort((a, b) -> Float.compare(ours[b], ours[a]));
    for (int i : order.subList(0, Math.min(MOST_OUTPUTS, order.size()))) {
      table.row(
          Cell.text(String.valueOf(i)),
          Cell.significant(theirs[i]),
          Cell.significant(ours[i]),
          Cell.scientific((double) theirs[i] - ours[i]));
    }
    return table;
  }

  private Table differences() {
    Table table =
        new Table("Largest difference of each layer")
            .left("layer")
            .left("kind")
            .left("shape")
            .right("max |a−b|")
            .right("relative");
    for (Node node : network.nodes()) {
      float[] theirs = outputs.library().get(node.name());
      if (theirs != null) {
        Difference d = Difference.between(theirs, outputs.scratch().get(node.name()));
        table.row(
            Cell.text(node.name()),
            Cell.text(node.layer().kind()),
            Cell.text(node.shape().toString()),
            Cell.scientific(d.maxAbs()),
            Cell.scientific(d.relative()));
      }
    }
    return table;
  }

  private boolean chosen(Node node) {
    return options.layers.isEmpty() ? !node.layer().isView() : options.layers.contains(node.name());
  }

  private List<Block> kernels(Path folder) throws IOException {
    KernelBands kernels = new KernelBands(network, options.channels);
    List<Block.Figure> figures = new ArrayList<>();
    for (Node node : network.nodes()) {
      List<MapSheet.Band> bands = chosen(node) ? kernels.of(node) : List.of();
      if (!bands.isEmpty()) {
        String title =
            "%s (%s): the same in both engines".formatted(node.name(), node.layer().kind());
        figures.add(
            figure(
                folder,
                unique("kernels-" + safe(node.name())),
                MapSheet.draw(title, bands),
                "Weights of %s.".formatted(node.name())));
      }
    }
    return figures.isEmpty() ? List.of() : List.of(gallery(figures));
  }

  private List<Block> layers(Path folder) throws IOException {
    List<Block.Figure> figures = new ArrayList<>();
    int digits = String.valueOf(network.nodes().size()).length();
    int number = 0;
    for (Node node : network.nodes()) {
      number++;
      if (!chosen(node)) {
        continue;
      }
      Shape shape = node.shape();
      int shown = Math.min(options.channels, shape.channels());
      String channels =
          shape.isVector() || shown == shape.channels()
              ? ""
              : ", the first %s of %s channels".formatted(shown, shape.channels());
      String title = "%s (%s) %s%s".formatted(node.name(), node.layer().kind(), shape, channels);
      String place = "0".repeat(Math.max(0, digits - String.valueOf(number).length())) + number;
      figures.add(
          figure(
              folder,
              unique("layer-%s-%s".formatted(place, safe(node.name()))),
              MapSheet.draw(title, LayerBands.of(node, outputs, options.channels, options.exact)),
              "Output of %s by both engines.".formatted(node.name())));
    }
    return figures.isEmpty() ? List.of() : List.of(gallery(figures));
  }

  private static Block gallery(List<Block.Figure> figures) {
    return new Block.Gallery(figures);
  }

  private Block.Figure figure(Path folder, String name, Picture picture, String caption)
      throws IOException {
    files.put(name, picture.png(""));
    return new Block.Figure(
        folder.resolve(name),
        caption,
        picture.transparent() ? Block.Look.CLEAR : Block.Look.PHOTOGRAPH,
        picture.width(),
        picture.height());
  }

  /** A file name that no earlier picture has: names of layers may differ in case only. */
  private String unique(String name) {
    String candidate = name + ".png";
    for (int i = 2; taken(candidate); i++) {
      candidate = "%s-%s.png".formatted(name, i);
    }
    return candidate;
  }

  private boolean taken(String name) {
    return files.keySet().stream().anyMatch(name::equalsIgnoreCase);
  }

  /** A name of a layer as part of a file name, on every system. */
  private static String safe(String name) {
    String safe = name.replaceAll("[^A-Za-z0-9_.-]", "_");
    return safe.length() <= 80 ? safe : safe.substring(0, 80);
  }
}
