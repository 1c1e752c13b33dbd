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
import cnnlab.inference.ModelEnds;
import cnnlab.inference.ModelInputs;
import cnnlab.inference.ModelLoader;
import cnnlab.inference.ModelPreprocessing;
import cnnlab.inference.NamedArray;
import cnnlab.inference.Prediction;
import cnnlab.run.ExitCode;
import cnnlab.text.Numbers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
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
              + " or a .npy file of float32 values in the model's input shape, such as [N, H, W, C] or [N, F], used unchanged; "
              + NamedArray.HELP
              + ".")
  private List<String> inputs;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "FILE",
      description =
          "The file to write: a .csv table of id (the image's row, from 0) and class, or of the outputs if the"
              + " model does not end in softmax or sigmoid; or a .npy array of the outputs, [N, K] or [N, H, W, C]."
              + " Of several outputs a .csv has the columns of each under its name, and FILE.npy becomes FILE-NAME.npy for each.")
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
    Path target = OutputPaths.file("--out", out, read());
    int threadCount = threads != null ? threads : defaultThreads();
    LoadedModel opened = Prediction.load(model, engine, threadCount);
    requireColumns(opened);
    List<NamedArray> arrays =
        isHdf5()
            ? List.of()
            : NamedArray.read("--inputs", inputs, opened.inputNames(), "the inputs of " + model);
    Prediction.Bytes bytes = isHdf5() ? bytes(opened) : null;
    LoadedModel loaded =
        opened.joined(isHdf5() ? List.of(bytes.layout()) : ModelInputs.layouts(arrays, opened));
    Map<String, Path> targets = targets(loaded, target);
    Prediction.Inputs images =
        bytes != null ? bytes : new Prediction.Floats(ModelInputs.of(arrays, loaded));
    long start = System.nanoTime();
    Prediction prediction = Prediction.of(loaded, images, engine, threadCount);
    double seconds = (System.nanoTime() - start) / 1e9;
    printSpeed(loaded, images, threadCount, seconds);
    if (loaded.hasSeveralOutputs()) {
      writeSeveral(prediction, loaded, images.count(), target, targets);
    } else {
      requireRows(prediction.layout());
      write(prediction, target);
      print(prediction, loaded);
    }
    return ExitCode.OK;
  }

  /** The files that the command reads and must not overwrite. */
  private Map<String, Path> read() {
    Map<String, Path> read = new LinkedHashMap<>();
    read.put("MODEL", model);
    List<Path> files = NamedArray.files(inputs);
    for (int i = 0; i < files.size(); i++) {
      read.put("--inputs" + (i == 0 ? "" : " " + files.get(i)), files.get(i));
    }
    return read;
  }

  private boolean isHdf5() {
    return hasSuffix(inputs.get(0), HDF5);
  }

  /** The files to write for several outputs, by the names of these. */
  private Map<String, Path> targets(LoadedModel loaded, Path target) {
    Map<String, Path> targets = new LinkedHashMap<>();
    if (!loaded.hasSeveralOutputs()) {
      return targets;
    }
    for (ModelEnds.End output : loaded.ends().outputs()) {
      if (hasSuffix(out, CSV)) {
        requireRows("output '" + output.name() + "'", output.layout());
        continue;
      }
      String whole = target.getFileName().toString();
      String begin = whole.substring(0, whole.length() - NPY.length()) + "-";
      String name = output.name().replaceAll("[^A-Za-z0-9._-]", "_");
      Path file = target.resolveSibling(begin + name + NPY);
      for (int i = 2; targets.containsValue(file); i++) {
        file = target.resolveSibling(begin + name + "_" + i + NPY);
      }
      targets.put(output.name(), OutputPaths.file("--out", file, read()));
    }
    return targets;
  }

  /** Checked before the work rather than after it, if the file tells the shape of the outputs. */
  private void requireColumns(LoadedModel loaded) {
    if (loaded.output() != null && !loaded.hasSeveralOutputs()) {
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
    requireRows("the outputs", output);
  }

  private void requireRows(String which, ArrayLayout output) {
    if (output.places() > 1 && hasSuffix(out, CSV)) {
      throw new ParameterException(
          spec.commandLine(),
          "--out is '%s', but %s of %s are images %s, which a table cannot hold; name a %s file"
              .formatted(out, which, model, output.ofMany(), NPY));
    }
  }

  private void requireOptions() {
    for (String text : inputs) {
      if (!hasSuffix(text, HDF5) && !NamedArray.areArrays(List.of(text))) {
        throw wrong("--inputs", text, HDF5 + ", " + NPY + " or .npz");
      }
    }
    if (inputs.size() > 1 && !NamedArray.areArrays(inputs)) {
      throw wrong("--inputs", inputs, NPY + " each, if there are several");
    }
    if (!hasSuffix(out, CSV) && !hasSuffix(out, NPY)) {
      throw wrong("--out", out, CSV + " or " + NPY);
    }
    if (crop < 0 || crop > 0 && !isHdf5()) {
      throw new ParameterException(
          spec.commandLine(),
          "--crop is %d; it must be 1 or more, and --inputs a %s file".formatted(crop, HDF5));
    }
    if (preprocessing != null && !isHdf5()) {
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

  private ParameterException wrong(String option, Object file, String expected) {
    return new ParameterException(
        spec.commandLine(), "%s is '%s'; it must end in %s".formatted(option, file, expected));
  }

  private static boolean hasSuffix(Object file, String suffix) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(suffix);
  }

  private int defaultThreads() {
    return engine == EngineKind.SCRATCH ? Runtime.getRuntime().availableProcessors() : 1;
  }

  private Prediction.Bytes bytes(LoadedModel loaded) {
    Path file = Path.of(inputs.get(0));
    if (loaded.inputNames().size() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--inputs: %s holds images for one input, and %s has %s: %s; give a %s file for each"
              .formatted(file, model, loaded.inputNames().size(), loaded.inputNames(), NPY));
    }
    Preprocessing steps = ModelPreprocessing.of(preprocessing, model);
    if (!steps.isEmpty()) {
      Verbosity.output(spec)
          .progress()
          .printf("Preprocessing, as in training: %s%n", steps.names());
    }
    return new Prediction.Bytes(steps.apply(UnlabelledImages.read(file, crop)));
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

  private void writeSeveral(
      Prediction all, LoadedModel loaded, int n, Path target, Map<String, Path> targets) {
    Output words = Verbosity.output(spec);
    List<PredictionFile.Output> groups = new ArrayList<>();
    for (ModelEnds.End output : loaded.ends().outputs()) {
      Prediction own = all.of(loaded, output, n);
      Path file = targets.get(output.name());
      if (own.classes() != null) {
        words
            .results()
            .printf("Inputs by predicted class of %s: %s%n", output.name(), counts(own.classes()));
      }
      if (file != null) {
        NpyFile.write(file, new NpyArray(own.layout().arrayShape(n), own.outputs()));
        words.results().printf("%s written: %s%n", file, contents(loaded, output));
      } else {
        boolean values = own.classes() == null || probabilities;
        groups.add(
            new PredictionFile.Output(output.name(), own.classes(), values ? own.outputs() : null));
      }
    }
    if (targets.isEmpty()) {
      PredictionFile.writeOutputs(target, n, groups);
      words
          .results()
          .printf("%s written: columns for %s%n", out, ModelEnds.text(loaded.ends().outputs()));
    }
  }

  private static String contents(LoadedModel loaded, ModelEnds.End output) {
    String last = loaded.lastActivation(output);
    return "the output '%s' %s, %s"
        .formatted(
            output.name(),
            output.layout().ofMany(),
            values(loaded.givesProbabilities(output), last));
  }

  private static String values(boolean probable, String activation) {
    return probable
        ? "probabilities (%s)".formatted(activation)
        : "values, not probabilities (last activation: %s)".formatted(activation);
  }

  private void printSpeed(LoadedModel loaded, Prediction.Inputs images, int count, double seconds) {
    int n = images.count();
    Verbosity.output(spec)
        .progress()
        .printf(
            "%s inputs of shape %s, %s, threads: %s; %s inputs/s%n",
            Numbers.count(n),
            loaded.inputText(images.layout()),
            engine == EngineKind.SCRATCH ? "from scratch" : "DL4J",
            count,
            Numbers.count(Math.round(n / seconds)));
  }

  private void print(Prediction prediction, LoadedModel loaded) {
    Output words = Verbosity.output(spec);
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
                values(loaded.givesProbabilities(), loaded.lastActivation()));
    if (hasSuffix(out, NPY) || prediction.classes() == null) {
      return values;
    }
    return probabilities ? "classes, and " + values : "classes";
  }
}
