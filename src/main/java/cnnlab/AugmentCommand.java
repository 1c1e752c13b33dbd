package cnnlab;

import cnnlab.augment.Augmentation;
import cnnlab.augment.AugmentationAdvice;
import cnnlab.augment.Preprocessing;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.PatchCamelyon;
import cnnlab.experiment.AugmentationSheet;
import cnnlab.experiment.Commands;
import cnnlab.experiment.ConfigException;
import cnnlab.experiment.ConfigLoader;
import cnnlab.experiment.UsageException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
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
    if (Files.isDirectory(out)) {
      throw new UsageException(
          "--out: %s is a folder; name the file to write, such as augmentation.png".formatted(out));
    }
    long chosen = seed != null ? seed : yaml.get("seed") instanceof Number n ? n.longValue() : 1;
    ImageSet train = train(chosen);
    BufferedImage sheet;
    try {
      sheet = AugmentationSheet.draw(train.name(), train, augmentation, preprocessing, chosen);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(config + ": " + e.getMessage(), e);
    }
    Path parent = out.toAbsolutePath().getParent();
    Files.createDirectories(parent);
    // Given a file that it cannot write, ImageIO prints a stack trace and names neither.
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    if (!ImageIO.write(sheet, "png", png)) {
      throw new IOException(out + ": no writer for PNG");
    }
    try {
      Files.write(out, png.toByteArray());
    } catch (IOException e) {
      throw new IOException("%s: cannot be written (%s). Is the disk full?".formatted(out, e), e);
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
      Map<?, ?> yaml =
          new ObjectMapper(new YAMLFactory()).readValue(ConfigLoader.text(file), Map.class);
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
}
