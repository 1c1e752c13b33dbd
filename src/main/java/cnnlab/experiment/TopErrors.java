package cnnlab.experiment;

import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.metric.ClassMetrics;
import cnnlab.plot.Picture;
import cnnlab.plot.sheet.SampleGrid;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The images that a classifier gets wrong, the most confident mistakes first. */
public final class TopErrors {
  private static final int MOST = 20;

  private TopErrors() {}

  /**
   * Draws up to 20 of them; if there are none, the least confident correct predictions.
   *
   * @param run name of the run, for the title
   * @param images the classified images, N
   * @param p probabilities [N, K]
   * @param names of the classes [K]
   */
  public static Picture draw(String run, ImageSubset images, float[] p, String[] names) {
    int k = images.set().classes();
    int[] labels = images.labels();
    List<Integer> wrong =
        IntStream.range(0, labels.length)
            .filter(i -> ClassMetrics.argmax(p, i * k, k) != labels[i])
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -p[i * k + ClassMetrics.argmax(p, i * k, k)]))
            .toList();
    List<Integer> shown =
        wrong.isEmpty()
            ? IntStream.range(0, labels.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i * k + labels[i]]))
                .toList()
            : wrong;
    return SampleGrid.draw(
        "The most confident mistakes of %s (%s of %s images are wrong)"
            .formatted(run, wrong.size(), labels.length),
        shown.stream().limit(MOST).map(i -> sample(images, i, labels[i], p, names)).toList());
  }

  private static SampleGrid.Sample sample(
      ImageSubset images, int i, int label, float[] p, String[] names) {
    ImageSet set = images.set();
    int predicted = ClassMetrics.argmax(p, i * set.classes(), set.classes());
    int from = images.indices()[i] * set.imageSize();
    return new SampleGrid.Sample(
        Arrays.copyOfRange(set.pixels(), from, from + set.imageSize()),
        set.height(),
        set.width(),
        set.channels(),
        names[label],
        names[predicted],
        p[i * set.classes() + predicted]);
  }
}
