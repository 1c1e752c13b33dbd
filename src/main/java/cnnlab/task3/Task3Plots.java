package cnnlab.task3;

import cnnlab.augment.Augmentation;
import cnnlab.augment.Preprocessing;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.patch.PatchCamelyon;
import cnnlab.data.patch.SyntheticPatches;
import cnnlab.experiment.AugmentationSheet;
import cnnlab.experiment.FinishedTraining;
import cnnlab.experiment.FinishedTrainings;
import cnnlab.experiment.TopErrors;
import cnnlab.metric.BinaryPredictions;
import cnnlab.metric.Calibration;
import cnnlab.metric.RocCurve;
import cnnlab.plot.ConfusionPlot;
import cnnlab.plot.Picture;
import cnnlab.plot.ReliabilityPlot;
import cnnlab.plot.RocPlot;
import cnnlab.plot.StripPlot;
import cnnlab.plot.sheet.HeatMapGrid;
import cnnlab.report.claim.LabReport;
import cnnlab.store.RunDirectory;
import cnnlab.text.Numbers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Draws the pictures of Task 3. Titles of synthetic runs start with {@code SYNTHETIC}. */
final class Task3Plots {
  /** Names of the classes. */
  private static final String[] CLASSES = PatchCamelyon.CLASSES.toArray(String[]::new);

  /** Transforms that get a sheet of examples if a variant uses them. */
  static final List<String> SHEETS = List.of("tonal", "stain");

  private static final int PATCHES_EACH = 2;

  private final RunDirectory directory;
  private final Task3Config config;

  /** The first variant. */
  private final Task3Config shown;

  private final Task3Data data;
  private final FinishedTrainings<Task3Row> trainings;
  private final Task3Result result;

  Task3Plots(
      RunDirectory directory,
      Task3Config config,
      Task3Data data,
      FinishedTrainings<Task3Row> trainings,
      Task3Result result) {
    this.directory = directory;
    this.config = config;
    this.shown = config.allVariants().get(0).config();
    this.data = data;
    this.trainings = trainings;
    this.result = result;
  }

  /** Writes all pictures. */
  void write() throws IOException {
    directory.tryWritePng("accuracy.png", mark -> strip().png(mark));
    if (result.medianRun() != null) {
      ofNetworks();
    }
    for (String transform : SHEETS) {
      List<Object> list = used(transform);
      if (!list.isEmpty()) {
        directory.tryWritePng(transform + ".png", mark -> sheet(list).png(mark));
      }
    }
  }

  private void ofNetworks() throws IOException {
    ImageSubset validated = data.originalFold(shown, result.medianRun()).validation();
    int[] labels = validated.labels();
    float[] median = single(trainings.of(trainings.variants().get(0)).get(result.medianRun() - 1));
    if (result.validation().get("auc") != null) {
      directory.tryWritePng("roc.png", mark -> roc().png(mark));
    }
    directory.tryWritePng("reliability.png", mark -> reliability(median, labels).png(mark));
    directory.tryWritePng(
        "confusion.png",
        mark ->
            ConfusionPlot.draw(
                    title("Validation patches of the median run"), result.confusion(), CLASSES)
                .png(mark));
    directory.tryWritePng(
        "mistakes.png",
        mark -> TopErrors.draw(title("the median run"), validated, median, CLASSES).png(mark));
    directory.tryWritePng("occlusion.png", mark -> occlusion(median, labels).png(mark));
  }

  /** Whether the transform has a sheet. */
  boolean has(String transform) {
    return !used(transform).isEmpty();
  }

  private String title(String text) {
    return config.synthetic() ? SyntheticPatches.MARK + ": " + text : text;
  }

  private List<FinishedTraining<Task3Row>> first() {
    return trainings.trained(trainings.variants().get(0));
  }

  private float[] single(FinishedTraining<Task3Row> training) {
    return Task3Result.single(training, validated(training).count());
  }

  /** The patches that a training was validated on, without preprocessing. */
  private ImageSubset validated(FinishedTraining<Task3Row> training) {
    return data.originalFold(shown, training.row().repetition()).validation();
  }

  private Picture strip() {
    List<StripPlot.Group> groups = new ArrayList<>();
    double report = LabReport.TASK3_ACCURACY;
    groups.add(
        new StripPlot.Group("the report", new double[] {report}, report, Double.NaN, Double.NaN));
    if (result.variants().isEmpty() && result.n() > 0) {
      groups.add(group(config.experiment(), result.validation().get("accuracy")));
    }
    result.variants().stream()
        .filter(v -> v.accuracy() != null)
        .forEach(v -> groups.add(group(v.name(), v.accuracy())));
    return StripPlot.draw(
        title("Validation accuracy of each run, mean and 95 % interval"),
        "validation accuracy",
        groups);
  }

  private static StripPlot.Group group(String name, Task3Result.Score s) {
    return new StripPlot.Group(name, s.values(), s.mean(), s.ci95()[0], s.ci95()[1]);
  }

  private Picture roc() {
    List<RocPlot.Curve> curves =
        first().stream()
            .map(t -> curve(BinaryPredictions.of(single(t), validated(t).labels())))
            .toList();
    List<RocPlot.Group> groups = new ArrayList<>();
    groups.add(new RocPlot.Group(trainings.variants().get(0), curves));
    if (!result.purple().isEmpty()) {
      PurplenessClassifier purple = PurplenessClassifier.measure(result.purple());
      groups.add(
          new RocPlot.Group(
              "purple (%s, R − G)".formatted(purple.feature()),
              List.of(curve(PurplenessClassifier.predictions(purple, data)))));
    }
    return RocPlot.draw(title("Validation patches: tumour or not"), groups);
  }

  private static RocPlot.Curve curve(BinaryPredictions predictions) {
    RocCurve roc = RocCurve.of(predictions);
    return new RocPlot.Curve(roc.falsePositiveRates(), roc.truePositiveRates(), roc.auc());
  }

  private Picture reliability(float[] median, int[] labels) {
    Calibration calibration =
        Calibration.ofPositiveClass(BinaryPredictions.of(median, labels), Calibration.BINS);
    List<ReliabilityPlot.Bin> bins =
        calibration.bins().stream()
            .map(
                b ->
                    new ReliabilityPlot.Bin(
                        b.low(), b.high(), b.count(), b.probability(), b.share()))
            .toList();
    return ReliabilityPlot.draw(
        title("Reliability of the median run"),
        "probability of tumour",
        "share with tumour",
        bins,
        calibration.error());
  }

  /** Confident correct and wrong predictions of each class, skipping the most confident quarter. */
  private Picture occlusion(float[] p, int[] labels) {
    ImageSubset patches = data.fold(shown, result.medianRun()).validation();
    List<Integer> chosen = new ArrayList<>();
    for (int truth = 0; truth < CLASSES.length; truth++) {
      for (int predicted = 0; predicted < CLASSES.length; predicted++) {
        int t = truth;
        int s = predicted;
        List<Integer> found =
            IntStream.range(0, labels.length)
                .filter(i -> labels[i] == t && (p[2 * i + 1] > p[2 * i] ? 1 : 0) == s)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -p[2 * i + s]))
                .toList();
        // The most confident ones often show empty glass, with nothing to see.
        found.stream().skip(found.size() / 4).limit(PATCHES_EACH).forEach(chosen::add);
      }
    }
    try (Task3Maps maps = Task3Maps.of(directory.path(Task3.MODEL), config.threadsEach(1))) {
      return HeatMapGrid.draw(
          title("What the median run looks at: occlusion and Grad-CAM"),
          List.of(
              new HeatMapGrid.Key(
                  "occlusion",
                  "occlusion: fall of the probability when %sx%s pixels are hidden"
                      .formatted(Task3Maps.SQUARE, Task3Maps.SQUARE),
                  "the hidden pixels support the prediction",
                  "they oppose it"),
              new HeatMapGrid.Key(
                  "Grad-CAM",
                  "Grad-CAM of %s: share of the patch's largest value".formatted(maps.layer()),
                  "the features there support the prediction",
                  null)),
          chosen.stream().map(i -> panel(maps, patches, i, labels[i])).toList());
    }
  }

  private HeatMapGrid.Panel panel(Task3Maps maps, ImageSubset patches, int at, int label) {
    int index = patches.indices()[at];
    Task3Maps.Pair pair = maps.pair(patches.set(), index);
    ImageSet original = data.originalFold(shown, result.medianRun()).validation().set();
    int from = index * original.imageSize();
    return new HeatMapGrid.Panel(
        Arrays.copyOfRange(original.pixels(), from, from + original.imageSize()),
        original.height(),
        original.width(),
        original.channels(),
        List.of(pair.occlusion(), ofLargest(pair.gradCam())),
        List.of(
            "true: " + CLASSES[label],
            "predicted: %s (%s)"
                .formatted(CLASSES[pair.predicted()], Numbers.fixed(pair.probability(), 2))));
  }

  /** Each value as a share of the largest; zeros if there is none above 0. */
  private static float[] ofLargest(float[] map) {
    float[] shares = map.clone();
    float largest = 0;
    for (float value : map) {
      largest = Math.max(largest, value);
    }
    for (int i = 0; largest > 0 && i < map.length; i++) {
      shares[i] /= largest;
    }
    return shares;
  }

  /** The entries for the transform in the first variant that uses it. */
  private List<Object> used(String transform) {
    return config.allVariants().stream()
        .map(v -> v.config().augmentation().stream().filter(e -> is(transform, e)).toList())
        .filter(list -> !list.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  private static boolean is(String transform, Object entry) {
    return transform.equals(entry) || entry instanceof Map<?, ?> map && map.containsKey(transform);
  }

  private Picture sheet(List<Object> list) {
    return AugmentationSheet.draw(
        title("Before and after"),
        data.original().train(),
        PatchCamelyon.CLASSES,
        Augmentation.of(list),
        Preprocessing.NONE,
        config.seed());
  }
}
