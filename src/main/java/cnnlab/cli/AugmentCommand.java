package cnnlab.cli;

import cnnlab.augment.Augmentation;
import cnnlab.augment.AugmentationAdvice;
import cnnlab.augment.Preprocessing;
import cnnlab.cli.option.DatasetsOption;
import cnnlab.cli.option.OutputPaths;
import cnnlab.config.ConfigException;
import cnnlab.config.ConfigLoader;
import cnnlab.config.UsageException;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.SyntheticPatches;
import cnnlab.experiment.AugmentationSheet;
import cnnlab.plot.Picture;
import cnnlab.run.ExitCode;
import cnnlab.run.RunOptions;
import cnnlab.task2.Task2Config;
import cnnlab.task3.Task3Config;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code cnnlab augment}: a look at augmented images before training. */
@Command(
    name = "augment",
    mixinStandardHelpOptions = true,
    description =
        "Draw training images as the configured augmentation changes them: one or more rows per class, the original first.")
public final class AugmentCommand implements Callable<Integer> {
  private static final String AUGMENTATION = "augmentation";
  private static final String PREPROCESSING = "preprocessing";

  private static final String SYNTHETIC = "synthetic";

  /** Enough patches of PatchCamelyon to find some of each class. */
  private static final int PATCHES = 200;

  @Spec private CommandSpec spec;

  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description =
          "Configuration in YAML, of which augmentation, preprocessing and seed are used.")
  private Path config;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "mnist, patchcamelyon or synthetic; default: that of the configuration.")
  private String dataset;

  @Option(
      names = "--out",
      paramLabel = "FILE.png",
      description =
          "The image to write; default: named after the configuration, under results/augmentation/.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "The seed; default: that of the configuration, else 1.")
  private Long seed;

  @Mixin private DatasetsOption datasets;

  @Override
  public Integer call() throws IOException {
    Map<String, Object> yaml = ConfigLoader.map(config);
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
    if (dataset == null) {
      dataset = ofConfiguration();
    }
    if (out == null) {
      String name = config.getFileName().toString().replaceFirst("\\.[^.]*$", "");
      out = RunOptions.results().resolve(Path.of("augmentation", name + ".png"));
    }
    Path target = OutputPaths.file("--out", out, Map.of("--config", config));
    long chosen = seed != null ? seed : yaml.get("seed") instanceof Number n ? n.longValue() : 1;
    ImageSet train = train(chosen);
    Picture sheet;
    try {
      sheet =
          AugmentationSheet.draw(
              train.name(), train, names(train), augmentation, preprocessing, chosen);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(config + ": " + e.getMessage(), e);
    }
    sheet.write(target);
    for (String warning : AugmentationAdvice.warnings(dataset, augmentation)) {
      spec.commandLine().getErr().println("warning: " + warning);
    }
    spec.commandLine().getOut().println(out);
    return ExitCode.OK;
  }

  private List<String> names(ImageSet set) {
    return dataset.equals(Mnist.NAME)
        ? IntStream.range(0, set.classes()).mapToObj(String::valueOf).toList()
        : PatchCamelyon.CLASSES;
  }

  private ImageSet train(long chosenSeed) {
    return switch (dataset) {
      case Mnist.NAME -> Mnist.load(datasets.locate()).train();
      case PatchCamelyon.OFFICIAL, PatchCamelyon.NAME ->
          PatchCamelyon.load(
                  datasets.locate(),
                  new PatchCamelyon.Options(PATCHES, chosenSeed, PatchCamelyon.CENTRE))
              .train();
      case SYNTHETIC -> SyntheticPatches.create(PATCHES, chosenSeed).train();
      default ->
          throw new UsageException(
              "--dataset is %s; it must be %s, %s or %s"
                  .formatted(dataset, Mnist.NAME, PatchCamelyon.OFFICIAL, SYNTHETIC));
    };
  }

  /** Task 3's data if the file is a configuration of Task 3 and not of Task 2; else MNIST. */
  private String ofConfiguration() {
    if (read(Task2Config.class, Task2Config.DEFAULT).isPresent()) {
      return Mnist.NAME;
    }
    return read(Task3Config.class, Task3Config.DEFAULT)
        .map(
            task3 ->
                task3.data() == Task3Config.Data.SYNTHETIC ? SYNTHETIC : PatchCamelyon.OFFICIAL)
        .orElse(Mnist.NAME);
  }

  private <T extends Record> Optional<T> read(Class<T> type, T defaults) {
    try {
      return Optional.of(ConfigLoader.load(type, defaults, config, List.of()).value());
    } catch (ConfigException ofAnotherKind) {
      return Optional.empty();
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
        "%s: %s is %s; expected a list, such as [{rotate: {degrees: 10}}]"
            .formatted(config, key, value));
  }
}
