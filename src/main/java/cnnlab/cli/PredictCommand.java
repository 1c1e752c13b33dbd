package cnnlab.cli;

import cnnlab.augment.Preprocessing;
import cnnlab.cli.option.OutputPaths;
import cnnlab.cli.option.Verbosity;
import cnnlab.config.Checks;
import cnnlab.console.Output;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.data.file.PredictionFile;
import cnnlab.data.patch.UnlabelledImages;
import cnnlab.engine.EngineKind;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelInputs;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.ModelPreprocessing;
import cnnlab.inference.Prediction;
import cnnlab.run.ExitCode;
import cnnlab.text.Numbers;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code cnnlab predict}: writes a model's predictions for images without labels, such as the test
 * patches of the course's challenge.
 *
 * <pre>{@code cnnlab predict MODEL --inputs test_x.h5 --out submission.csv}</pre>
 */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description =
        "Predict the class of each image and write a table of id,class; if the outputs are not probabilities, write the outputs.")
public final class PredictCommand implements Callable<Integer> {
  private static final String HDF5 = ".h5";
  private static final String NPY = ".npy";
  private static final String CSV = ".csv";

  @Parameters(paramLabel = "MODEL", description = "A file with " + ModelLoader.FORMATS + ".")
  private Path model;

  @Option(
      names = "--inputs",
      required = true,
      paramLabel = "FILE",
      description =
          "A .h5 file whose data set x holds images, uint8 [N, H, W, C], which are scaled to [-1, 1] by 2x/255-1;"
              + " or a .npy file of float32 values in the model's input shape, such as [N, H, W, C] or [N, F], used unchanged.")
  private Path inputs;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description =
          "The file to write: a .csv table of id (the image's row, from 0) and class, or of the outputs if the"
              + " model does not end in softmax or sigmoid; or a .npy array of the outputs, [N, K] or [N, H, W, C].")
  private Path out;

  @Option(names = "--probabilities", description = "Add the probabilities to the .csv table.")
  private boolean probabilities;

  @Option(
      names = "--crop",
      paramLabel = "PIXELS",
      defaultValue = "0",
      description = "Crop the images of a .h5 file to a central square of this side; 0: no crop.")
  private int crop;

  @Option(
      names = "--preprocessing",
      paramLabel = "LIST",
      description =
          "Fixed transforms of the training images, as in a configuration:"
              + " '[{stainNormalise: {strength: 0.5}}]', or [] for none; default: those in model.json beside"
              + " MODEL (config.yaml for older runs). Images of a .npy file are used unchanged.")
  private String preprocessing;

  @Option(
      names = "--engine",
      paramLabel = "ENGINE",
      defaultValue = "scratch",
      description = "scratch or dl4j; default: ${DEFAULT-VALUE}.")
  private EngineKind engine;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads to compute with; default: one per core for scratch, one for dl4j.")
  private Integer threads;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    requireOptions();
    Path target = OutputPaths.file("--out", out, Map.of("--inputs", inputs, "MODEL", model));
    int threadCount = threads != null ? threads : defaultThreads();
    LoadedModel loaded = Prediction.load(model, engine, threadCount);
    requireColumns(loaded);
    Prediction.Inputs images = images(loaded);
    long start = System.nanoTime();
    Prediction prediction = Prediction.of(loaded, images, engine, threadCount);
    double seconds = (System.nanoTime() - start) / 1e9;
    requireRows(prediction.layout());
    write(prediction, target);
    print(prediction, loaded, images, threadCount, seconds);
    return ExitCode.OK;
  }

  /** Checked before the work rather than after it, if the file tells the shape of the outputs. */
  private void requireColumns(LoadedModel loaded) {
    if (loaded.output() != null) {
      requireRows(loaded.output());
    }
    if (probabilities && !loaded.givesProbabilities()) {
      throw new ParameterException(
          spec.commandLine(),
          "--probabilities: the outputs of %s are not probabilities: its last activation is %s, not softmax or sigmoid. Without this option its outputs are written"
              .formatted(model, loaded.lastActivation()));
    }
  }

  private void requireRows(ArrayLayout output) {
    if (output.places() > 1 && hasSuffix(out, CSV)) {
      throw new ParameterException(
          spec.commandLine(),
          "--out is '%s', but the outputs of %s are images %s, which a table cannot hold; name a %s file"
              .formatted(out, model, output.ofMany(), NPY));
    }
  }

  private void requireOptions() {
    if (!hasSuffix(inputs, HDF5) && !hasSuffix(inputs, NPY)) {
      throw wrong("--inputs", inputs, HDF5 + " or " + NPY);
    }
    if (!hasSuffix(out, CSV) && !hasSuffix(out, NPY)) {
      throw wrong("--out", out, CSV + " or " + NPY);
    }
    if (crop < 0 || crop > 0 && !hasSuffix(inputs, HDF5)) {
      throw new ParameterException(
          spec.commandLine(),
          "--crop is %d; it must be 1 or more, and --inputs a %s file".formatted(crop, HDF5));
    }
    if (preprocessing != null && !hasSuffix(inputs, HDF5)) {
      throw new ParameterException(
          spec.commandLine(),
          "--preprocessing applies only to images of a %s file".formatted(HDF5));
    }
    if (threads != null && (threads < 1 || threads > Checks.MOST_THREADS)) {
      throw new ParameterException(
          spec.commandLine(),
          "--threads is %d; it must be at least 1 and at most %d"
              .formatted(threads, Checks.MOST_THREADS));
    }
  }

  private ParameterException wrong(String option, Path file, String expected) {
    return new ParameterException(
        spec.commandLine(), "%s is '%s'; it must end in %s".formatted(option, file, expected));
  }

  private static boolean hasSuffix(Path file, String suffix) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(suffix);
  }

  private int defaultThreads() {
    return engine == EngineKind.SCRATCH ? Runtime.getRuntime().availableProcessors() : 1;
  }

  private Prediction.Inputs images(LoadedModel loaded) {
    if (!hasSuffix(inputs, HDF5)) {
      return new Prediction.Floats(ModelInputs.of(inputs, NpyFile.read(inputs), loaded));
    }
    Preprocessing steps = ModelPreprocessing.of(preprocessing, model);
    if (!steps.isEmpty()) {
      Verbosity.output(spec)
          .progress()
          .printf("Preprocessing, as in training: %s%n", steps.names());
    }
    return new Prediction.Bytes(steps.apply(UnlabelledImages.read(inputs, crop)));
  }

  private void write(Prediction prediction, Path target) {
    int each = prediction.layout().size();
    int n = prediction.outputs().length / each;
    if (hasSuffix(out, NPY)) {
      NpyFile.write(target, new NpyArray(prediction.layout().arrayShape(n), prediction.outputs()));
    } else if (prediction.classes() == null) {
      PredictionFile.writeValues(target, n, prediction.outputs());
    } else {
      PredictionFile.write(
          target, prediction.classes(), probabilities ? prediction.outputs() : null);
    }
  }

  private void print(
      Prediction prediction,
      LoadedModel loaded,
      Prediction.Inputs images,
      int count,
      double seconds) {
    int n = images.count();
    Output words = Verbosity.output(spec);
    words
        .progress()
        .printf(
            "%s inputs of shape %s, %s, threads: %s; %s inputs/s%n",
            Numbers.count(n),
            images.layout(),
            engine == EngineKind.SCRATCH ? "from scratch" : "DL4J",
            count,
            Numbers.count(Math.round(n / seconds)));
    if (prediction.classes() != null) {
      words.results().printf("Inputs by predicted class: %s%n", counts(prediction.classes()));
    }
    words.results().printf("%s written: %s%n", out, contents(prediction, loaded));
  }

  private static String counts(int[] classes) {
    return Arrays.stream(classes)
        .boxed()
        .collect(Collectors.groupingBy(c -> c, TreeMap::new, Collectors.counting()))
        .entrySet()
        .stream()
        .map(entry -> "%s: %s".formatted(entry.getKey(), Numbers.count(entry.getValue())))
        .collect(Collectors.joining(", "));
  }

  /** What stands in the file. */
  private String contents(Prediction prediction, LoadedModel loaded) {
    String values =
        "the outputs %s, %s"
            .formatted(
                prediction.layout().ofMany(),
                loaded.givesProbabilities()
                    ? "probabilities (%s)".formatted(loaded.lastActivation())
                    : "values, not probabilities (last activation: %s)"
                        .formatted(loaded.lastActivation()));
    if (hasSuffix(out, NPY) || prediction.classes() == null) {
      return values;
    }
    return probabilities ? "classes, and " + values : "classes";
  }
}
