package cnnlab.crosscheck;

import cnnlab.config.UsageException;
import cnnlab.data.file.NpyArray;
import cnnlab.inference.ArrayLayout;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The expected outputs of a model.
 *
 * @param file their file, for messages
 * @param array the outputs [N, F] or, if they are images, [N, H, W, C]
 */
public record ExpectedOutputs(Path file, NpyArray array) {

  /**
   * The values in the order of the engines.
   *
   * @param n number of inputs
   * @param layout layout of one output of the model
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
