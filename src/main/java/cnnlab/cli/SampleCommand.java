package cnnlab.cli;

import cnnlab.cli.option.DatasetsOption;
import cnnlab.cli.option.OutputPaths;
import cnnlab.cli.option.Verbosity;
import cnnlab.config.UsageException;
import cnnlab.data.Datasets;
import cnnlab.data.ImageSet;
import cnnlab.data.Mnist;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.data.file.PredictionFile;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.inference.PixelScale;
import cnnlab.run.ExitCode;
import cnnlab.text.Numbers;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code cnnlab datasets sample}. */
@Command(
    name = "sample",
    mixinStandardHelpOptions = true,
    description =
        "Write some images as a .npy file that predict, compare and show take: MNIST test images, or validation patches of PatchCamelyon.")
final class SampleCommand implements Callable<Integer> {
  private static final String NPY = ".npy";
  private static final String CSV = ".csv";

  @Option(
      names = "--dataset",
      paramLabel = "DATASET",
      defaultValue = Mnist.NAME,
      description = "mnist or patchcamelyon; default: ${DEFAULT-VALUE}.")
  private String dataset;

  @Option(
      names = "--n",
      paramLabel = "N",
      defaultValue = "16",
      description = "The number of images; default: ${DEFAULT-VALUE}.")
  private int n;

  @Option(
      names = "--from",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The number of the first image in its file, from 0; the others follow it; default: ${DEFAULT-VALUE}.")
  private int from;

  @Option(
      names = "--out",
      required = true,
      paramLabel = "X.npy",
      description = "The file to write: float32 [N, H, W, C].")
  private Path out;

  @Option(
      names = "--labels",
      paramLabel = "Y.csv",
      description = "Also write the true classes: id,class, as predict writes its own.")
  private Path labels;

  @Option(
      names = "--scale",
      paramLabel = "KIND",
      defaultValue = "symmetric",
      description =
          "How 8-bit values become inputs: symmetric (2x/255-1, this project's), unit (x/255) or bytes (x); default: ${DEFAULT-VALUE}.")
  private PixelScale scale;

  @Option(
      names = "--channels-first",
      description = "Write [N, C, H, W], as ONNX files of PyTorch expect.")
  private boolean channelsFirst;

  @Mixin private DatasetsOption datasets;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    require("--out", out, NPY);
    if (labels != null) {
      require("--labels", labels, CSV);
    }
    if (n < 1 || from < 0) {
      throw new ParameterException(
          spec.commandLine(),
          "--n is %s and --from is %s; they must be at least 1 and at least 0".formatted(n, from));
    }
    Path target = OutputPaths.file("--out", out, Map.of());
    Map<String, Path> others = new LinkedHashMap<>();
    others.put("--out", out);
    Path labelTarget = OutputPaths.file("--labels", labels, others);
    ImageSet set = set(datasets.locate());
    if ((long) from + n > set.count()) {
      throw new UsageException(
          "--from %s --n %s: %s has %s images"
              .formatted(from, n, set.name(), Numbers.count(set.count())));
    }
    int size = set.imageSize();
    byte[] pixels = Arrays.copyOfRange(set.pixels(), from * size, (from + n) * size);
    NpyFile.write(target, array(set, pixels));
    PrintStream words = Verbosity.output(spec).results();
    words.printf(
        "%s written: images %s to %s of %s, %s, values %s%n",
        out,
        from,
        from + n - 1,
        set.name(),
        channelsFirst
            ? "[%s, %s, %s, %s]".formatted(n, set.channels(), set.height(), set.width())
            : "[%s, %s, %s, %s]".formatted(n, set.height(), set.width(), set.channels()),
        scale.formula());
    if (labels != null) {
      PredictionFile.write(labelTarget, Arrays.copyOfRange(set.labels(), from, from + n), null);
      words.printf("%s written: their classes%n", labels);
    }
    return ExitCode.OK;
  }

  private NpyArray array(ImageSet set, byte[] pixels) {
    if (channelsFirst) {
      return new NpyArray(
          new int[] {n, set.channels(), set.height(), set.width()},
          scale.apply(pixels, n, set.channels()));
    }
    float[] values = new float[pixels.length];
    IntStream.range(0, values.length).forEach(i -> values[i] = scale.of(pixels[i] & 0xFF));
    return new NpyArray(new int[] {n, set.height(), set.width(), set.channels()}, values);
  }

  private ImageSet set(Datasets places) {
    return switch (dataset.toLowerCase(Locale.ROOT)) {
      case Mnist.NAME -> Mnist.load(places).test();
      case PatchCamelyon.OFFICIAL, PatchCamelyon.NAME -> {
        PatchCamelyon.folder(places); // says how to get the data if no place has it
        yield PatchCamelyon.validation(places).orElseThrow();
      }
      default ->
          throw new ParameterException(
              spec.commandLine(),
              "--dataset is '%s'; it must be %s or %s"
                  .formatted(dataset, Mnist.NAME, PatchCamelyon.OFFICIAL));
    };
  }

  private void require(String option, Path file, String suffix) {
    if (!file.toString().toLowerCase(Locale.ROOT).endsWith(suffix)) {
      throw new ParameterException(
          spec.commandLine(), "%s is '%s'; it must end in %s".formatted(option, file, suffix));
    }
  }
}
