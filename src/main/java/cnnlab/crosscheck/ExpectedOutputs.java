package cnnlab.crosscheck;

import cnnlab.config.UsageException;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelEnds;
import cnnlab.inference.NamedArray;
import cnnlab.scratch.Network;
import java.util.Arrays;
import java.util.List;

/**
 * The expected outputs of a model.
 *
 * @param arrays one for each output: [N, F] or, if they are images, [N, H, W, C]
 */
public record ExpectedOutputs(List<NamedArray> arrays) {

  public ExpectedOutputs {
    arrays = List.copyOf(arrays);
  }

  /**
   * The values in the order of the engines.
   *
   * @param n number of inputs
   * @param network compiled from the model
   * @return values [n, C, H, W]; of several outputs joined, [n, F]
   * @throws UsageException when an array has another shape
   */
  float[] values(int n, LoadedModel model, Network network) {
    if (!model.hasSeveralOutputs()) {
      ArrayLayout layout = model.outputLayout(network);
      require(arrays.get(0), n, layout, "the model's outputs");
      return layout.channelsFirst(arrays.get(0).array().data(), n);
    }
    List<ModelEnds.End> outputs = model.ends().outputs();
    for (int i = 0; i < outputs.size(); i++) {
      ModelEnds.End output = outputs.get(i);
      require(arrays.get(i), n, output.layout(), "the model's output '" + output.name() + "'");
    }
    List<float[]> values = arrays.stream().map(a -> a.array().data()).toList();
    return ModelEnds.join(outputs, values, n);
  }

  private static void require(NamedArray given, int n, ArrayLayout layout, String what) {
    int[] shape = given.array().shape();
    if (shape.length < 2 || shape[0] != n || !layout.fits(given.array())) {
      throw new UsageException(
          "%s: has shape %s; expected %s, %s for these inputs"
              .formatted(
                  given.what(),
                  Arrays.toString(shape),
                  Arrays.toString(layout.arrayShape(n)),
                  what));
    }
  }
}
