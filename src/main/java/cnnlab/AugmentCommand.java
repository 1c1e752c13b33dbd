package cnnlab;

import cnnlab.augment.Augmentation;
import cnnlab.augment.AugmentationAdvice;
import cnnlab.augment.ImageRandom;
import cnnlab.augment.Pipeline;
import cnnlab.augment.Preprocessing;
import cnnlab.data.DataException;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.PatchCamelyon;
import cnnlab.data.Seeds;
import cnnlab.experiment.Commands;
import cnnlab.experiment.ConfigException;
import cnnlab.experiment.UsageException;
import cnnlab.report.ContactSheet;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cnnlab augment}: look before training. */
@Command(
    name = "augment",
    mixinStandardHelpOptions = true,
    description =
        "Draw a sheet of training images and what the configured augmentation makes of them: one or more rows for each class, the original first.")
final class AugmentCommand implements Callable<Integer> {
  private static final String AUGMENTATION = "augmentation";
  private static final String PREPROCESSING = "preprocessing";
  private static final int VARIANTS = 7;

  /** Classes share about so many rows. */
  private static final int ROWS = 8;

  /** Enough of PatchCamelyon to find some of each class. */
  private static final int PATCHES = 200;

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description =
          "Configuration in YAML: of it, the lists augmentation and preprocessing, and seed.")
  private Path config;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      defaultValue = Mnist.NAME,
      description = "mnist or patchcamelyon; default ${DEFAULT-VALUE}.")
  private String dataset;

  @Option(
      names = "--out",
      paramLabel = "FILE.png",
      defaultValue = "augmentation.png",
      description = "The image to write; default ${DEFAULT-VALUE}.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The seed; by default the configuration's, or 1.")
  private Long seed;

  @Mixin private DatasetsOption datasets;

  @Override
  public Integer call() throws IOException {
    Map<?, ?> yaml = read(config);
    if (!yaml.containsKey(AUGMENTATION) && !yaml.containsKey(PREPROCESSING)) {
      throw new ConfigException(
          "%s: neither augmentation nor preprocessing found; the keys are %s"
              .formatted(config, yaml.keySet()));
    }
    Augmentation augmentation;
    Preprocessing preprocessing;
    try {
      augmentation = Augmentation.of(list(yaml, AUGMENTATION));
      preprocessing = Preprocessing.of(list(yaml, PREPROCESSING));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(config + ": " + e.getMessage(), e);
    }
    long chosen = seed != null ? seed : yaml.get("seed") instanceof Number n ? n.longValue() : 1;
    BufferedImage sheet = sheet(train(chosen), augmentation, preprocessing, chosen);
    Path parent = out.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    if (!ImageIO.write(sheet, "png", out.toFile())) {
      throw new IOException(out + ": no writer for PNG");
    }
    for (String warning : AugmentationAdvice.warnings(dataset, augmentation)) {
      spec.commandLine().getErr().println("warning: " + warning);
    }
    spec.commandLine().getOut().println(out);
    return Commands.OK;
  }

  private ImageSet train(long chosenSeed) {
    return switch (dataset) {
      case Mnist.NAME -> Mnist.load(datasets.locate()).train();
      case PatchCamelyon.OFFICIAL, PatchCamelyon.NAME ->
          PatchCamelyon.load(
                  datasets.locate(),
                  new PatchCamelyon.Options(PATCHES, chosenSeed, PatchCamelyon.CENTRE))
              .train();
      default ->
          throw new UsageException(
              "--dataset: %s found, %s or %s expected"
                  .formatted(dataset, Mnist.NAME, PatchCamelyon.OFFICIAL));
    };
  }

  private static Map<?, ?> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new ConfigException(file + ": no such configuration file");
    }
    try {
      Map<?, ?> yaml = new ObjectMapper(new YAMLFactory()).readValue(file.toFile(), Map.class);
      return yaml == null ? Map.of() : yaml;
    } catch (JsonProcessingException e) {
      throw new ConfigException(file + ": not a map in YAML: " + e.getOriginalMessage(), e);
    }
  }

  private List<?> list(Map<?, ?> yaml, String key) {
    Object value = yaml.get(key);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw new ConfigException(
        "%s: %s: %s found, a list expected, such as [{rotate: {degrees: 10}}]"
            .formatted(config, key, value));
  }

  /** The first images of each class, as they are, preprocessed, and in the first epochs. */
  private BufferedImage sheet(
      ImageSet set, Augmentation augmentation, Preprocessing preprocessing, long chosenSeed) {
    long stream = Seeds.derive(chosenSeed, "augment");
    Pipeline prepare = preprocessing.pipeline();
    Pipeline augment = augmentation.pipeline();
    List<ContactSheet.Row> rows = new ArrayList<>();
    int perClass = Math.max(1, ROWS / set.classes());
    for (int label = 0; label < set.classes(); label++) {
      for (int index : first(set, label, perClass)) {
        byte[] original =
            Arrays.copyOfRange(
                set.pixels(), index * set.imageSize(), (index + 1) * set.imageSize());
        List<byte[]> images = new ArrayList<>(List.of(original));
        byte[] prepared = apply(prepare, set, original, 0);
        if (!preprocessing.isEmpty()) {
          images.add(prepared);
        }
        for (int epoch = 1; epoch <= VARIANTS; epoch++) {
          images.add(apply(augment, set, prepared, ImageRandom.imageSeed(stream, epoch, index)));
        }
        rows.add(new ContactSheet.Row(String.valueOf(label), images));
      }
    }
    List<String> columns = new ArrayList<>(List.of("original"));
    if (!preprocessing.isEmpty()) {
      columns.add("prepared");
    }
    for (int epoch = 1; epoch <= VARIANTS; epoch++) {
      columns.add("epoch " + epoch);
    }
    String title = "%s, seed %d: %s".formatted(set.name(), chosenSeed, describe(augmentation));
    return ContactSheet.draw(
        List.of(title),
        columns,
        rows,
        new ContactSheet.Shape(set.height(), set.width(), set.channels()));
  }

  private static int[] first(ImageSet set, int label, int most) {
    int[] found =
        IntStream.range(0, set.count()).filter(i -> set.labels()[i] == label).limit(most).toArray();
    if (found.length == 0) {
      throw new DataException(
          "%s: no image of class %d found, at least one expected. Take a complete data set."
              .formatted(set.name(), label));
    }
    return found;
  }

  /** What does not fit the images, such as a change of colours to grey ones, is a wrong choice. */
  private byte[] apply(Pipeline pipeline, ImageSet set, byte[] image, long imageSeed) {
    byte[] result = new byte[image.length];
    try {
      pipeline.apply(image, 0, set.height(), set.width(), set.channels(), imageSeed, result, 0);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("%s: on %s: %s".formatted(config, set.name(), e.getMessage()), e);
    }
    return result;
  }

  /** Names and parameters; a probability of 1 goes without saying. */
  private static String describe(Augmentation augmentation) {
    return augmentation.transforms().stream()
        .map(
            t ->
                t.parameters().entrySet().stream()
                    .filter(e -> !e.getKey().equals("probability") || !e.getValue().equals(1.0))
                    .map(e -> e.getKey() + " " + e.getValue())
                    .collect(Collectors.joining(", ", t.name() + " (", ")")))
        .collect(Collectors.joining(" · "))
        .replace(" ()", "");
  }
}
