package cnnlab.crosscheck;

import cnnlab.config.UsageException;
import cnnlab.data.file.NpyArray;
import cnnlab.inference.ArrayLayout;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * What a model should say.
 *
 * @param file where it comes from, for messages
 * @param array [N, F] or, where the outputs are images, [N, H, W, C]
 */
public record ExpectedOutputs(Path file, NpyArray array) {

  /**
   * The values in the order of both engines.
   *
   * @param n how many inputs there are
   * @param layout of one output of the model
   * @return values [n, C, H, W]
   * @throws UsageException when the array has another shape
   */
  float[] values(int n, ArrayLayout layout) {
    int[] shape = array.shape();
    if (shape.length < 2 || shape[0] != n || !layout.fits(array)) {
      throw new UsageException(
          "%s: has shape %s; expected %s, the model's outputs for these inputs"
              .formatted(file, Arrays.toString(shape), Arrays.toString(layout.arrayShape(n))));
    }
    return layout.channelsFirst(array.data(), n);
  }
}
