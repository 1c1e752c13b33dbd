package cnnlab.report;

import cnnlab.plot.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The pictures of a run directory, the most important ones first. */
public final class RunFigures {
  private static final String PNG = ".png";
  private static final Map<String, String> CAPTIONS = captions();

  /** Captions in runs of a single training. */
  private static final Map<String, String> SINGLE =
      Map.of("confusion.png", "Confusion matrix of the test images.");

  /** Pictures with photographs, whose colours must not be changed. */
  private static final Set<String> SHEETS =
      Set.of("samples.png", "mistakes.png", "occlusion.png", "tonal.png", "stain.png");

  private final Path directory;
  private final List<String> problems;

  /**
   * @param problems receives the pictures that cannot be shown, with the reason
   */
  public RunFigures(Path directory, List<String> problems) {
    this.directory = directory;
    this.problems = problems;
  }

  private static Map<String, String> captions() {
    Map<String, String> captions = new LinkedHashMap<>();
    captions.put("training.png", "Loss and accuracy by epoch, on training and validation images.");
    captions.put("accuracy.png", "Accuracy of each training, with mean and 95 % interval.");
    captions.put("parallel.png", "Each point of the sweep as a line; the last axis is its score.");
    captions.put("effects.png", "Main effects: the score against each axis separately.");
    captions.put("scaling.png", "Accuracy against the number of training images.");
    captions.put(
        "roc.png",
        "ROC curves of all trainings and, if shown, of a classifier that uses only the mean of R − G (pinkness).");
    captions.put("loss.png", "Loss of each step in both engines.");
    captions.put("difference.png", "Difference of the two losses at each step.");
    captions.put("bench.png", "Images per second of each engine and setting.");
    captions.put("confusion.png", "Confusion matrix of the median training.");
    captions.put(
        "reliability.png",
        "Reliability diagram: share of correct predictions against predicted probability.");
    captions.put(
        "samples.png", "Test images with true and predicted labels; wrong predictions are marked.");
    captions.put("mistakes.png", "Mistakes of the median training, the most confident ones first.");
    captions.put(
        "occlusion.png",
        "Occlusion maps: where covering a part of the image changes the prediction. Grad-CAM, if shown: where the last feature maps support it.");
    captions.put("tonal.png", "Patches before and after the tonal-range augmentation.");
    captions.put("stain.png", "Patches before and after the stain augmentation.");
    return captions;
  }

  /** Reads all PNG files; those that cannot be read are reported as problems. */
  public List<Block.Figure> read() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(directory)) {
      names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.endsWith(PNG) && !name.startsWith("."))
              .sorted()
              .toList();
    }
    List<String> ordered = new ArrayList<>(CAPTIONS.keySet());
    ordered.retainAll(names);
    names.stream().filter(name -> !CAPTIONS.containsKey(name)).forEach(ordered::add);
    List<Block.Figure> figures = new ArrayList<>();
    boolean several = names.contains("accuracy.png");
    for (String name : ordered) {
      String caption = CAPTIONS.getOrDefault(name, name);
      add(figures, directory.resolve(name), several ? caption : SINGLE.getOrDefault(name, caption));
    }
    return figures;
  }

  private void add(List<Block.Figure> figures, Path file, String caption) {
    try {
      Picture picture = Picture.read(file);
      figures.add(
          new Block.Figure(file, caption, look(file, picture), picture.width(), picture.height()));
    } catch (IOException e) {
      problems.add(
          "%s is not a readable PNG picture (%s); copy it again from the original folder, or repeat the run"
              .formatted(file, e.getMessage()));
    }
  }

  private static Block.Look look(Path file, Picture picture) {
    String name = file.getFileName().toString();
    if (picture.transparent()) {
      return Block.Look.CLEAR;
    }
    return CAPTIONS.containsKey(name) && !SHEETS.contains(name)
        ? Block.Look.CHART
        : Block.Look.PHOTOGRAPH;
  }
}
