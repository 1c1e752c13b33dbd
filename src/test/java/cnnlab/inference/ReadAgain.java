package cnnlab.inference;

import cnnlab.scratch.Network;
import cnnlab.scratch.layer.GroupNorm;
import cnnlab.scratch.layer.Layer;
import cnnlab.scratch.layer.Node;
import cnnlab.scratch.layer.Resample2d;
import cnnlab.scratch.layer.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which parameters a network has after its export to ONNX and reading. They are the same but for
 * two layers that are several operators in opset 18:
 *
 * <ul>
 *   <li>a normalisation of several groups of channels is one without scale and offset, stored as
 *       ones and zeros, and a product and a sum with constants, which are read as a fixed {@code
 *       ScaleShift};
 *   <li>weighted sums of rows or columns are products with a matrix, which are read as a layer with
 *       weights.
 * </ul>
 */
final class ReadAgain {
  private ReadAgain() {}

  /** The parameters but zeros, in any order. */
  static float[] parameters(Network network) {
    List<Float> all = new ArrayList<>();
    for (Node node : network.nodes()) {
      if (isDivided(network, node)) {
        GroupNorm norm = (GroupNorm) node.layer();
        boolean pixels = norm.everyPosition() && in(network, node).plane() > 1;
        int ones = pixels ? norm.channels() / norm.groups() : norm.groups();
        for (int i = 0; i < ones; i++) {
          all.add(1f);
        }
      } else {
        int from = node.parameterOffset();
        for (int i = 0; i < node.layer().parameterCount(); i++) {
          all.add(network.parameters()[from + i]);
        }
      }
      if (node.layer() instanceof Resample2d resample) {
        addFactors(all, resample.rows());
        addFactors(all, resample.columns());
      }
    }
    float[] values = new float[all.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = all.get(i);
    }
    return values;
  }

  /** Scales and offsets that are fixed then; not those of which a layer could be left out. */
  static List<float[]> fixed(Network network) {
    List<float[]> arrays = new ArrayList<>();
    for (Node node : network.nodes()) {
      if (isDivided(network, node)) {
        int channels = ((GroupNorm) node.layer()).channels();
        int from = node.parameterOffset();
        float[] gamma = Arrays.copyOfRange(network.parameters(), from, from + channels);
        float[] beta =
            Arrays.copyOfRange(network.parameters(), from + channels, from + 2 * channels);
        float[] ones = new float[channels];
        Arrays.fill(ones, 1);
        if (!Arrays.equals(gamma, ones)) {
          arrays.add(gamma);
        }
        if (!Arrays.equals(beta, new float[channels])) {
          arrays.add(beta);
        }
      }
    }
    return arrays;
  }

  /** Instance and layer normalisation are one operator each. */
  private static boolean isDivided(Network network, Node node) {
    Layer layer = node.layer();
    if (!(layer instanceof GroupNorm norm)) {
      return false;
    }
    boolean pixels = norm.everyPosition() || node.shape().isVector();
    boolean instance = norm.groups() == norm.channels() && !pixels;
    return !instance && !(norm.groups() == 1 && pixels);
  }

  private static Shape in(Network network, Node node) {
    int from = node.inputs().get(0);
    return from < 0 ? network.inputShape() : network.nodes().get(from).shape();
  }

  /** Rows or columns of the input that are taken as they are need no matrix. */
  private static void addFactors(List<Float> all, List<Resample2d.Taps> axis) {
    if (!axis.stream().allMatch(taps -> taps.factors().equals(List.of(1.0)))) {
      axis.forEach(taps -> taps.factors().forEach(factor -> all.add(factor.floatValue())));
    }
  }
}
