package cnnlab.keras;

import cnnlab.model.JoinedGraph;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A model read from a Keras file.
 *
 * @param graph the model for DL4J, with its weights; inputs are images [N, C, H, W] or vectors [N,
 *     F], the optimiser is Adam. With several inputs or outputs, these are joined
 * @param channels C of the images, F of vectors
 * @param height H of the images, 1 of vectors
 * @param width W of the images, 1 of vectors
 * @param inputs the inputs, in Keras' order
 * @param outputs the outputs, in Keras' order
 * @param channelsFirst whether images are [C, H, W] in Keras
 * @param joined how several inputs or outputs are joined; null with one of each
 * @param augmentation the random augmentation layers, as the list that {@code
 *     cnnlab.augment.Augmentation} reads; in the graph they are identities
 * @param notes notes on what was left out or differs, one sentence each
 */
public record KerasModel(
    ComputationGraph graph,
    int channels,
    int height,
    int width,
    List<End> inputs,
    List<End> outputs,
    boolean channelsFirst,
    JoinedGraph joined,
    List<Map<String, Object>> augmentation,
    List<String> notes) {

  /**
   * One input or output.
   *
   * @param name its name
   * @param sizes shape of one example in Keras' order: [H, W, C], [H, W] or [F]
   */
  public record End(String name, List<Integer> sizes) {}

  /** Shape of one example of the first input in Keras' order. */
  public List<Integer> inputShape() {
    return inputs.get(0).sizes();
  }

  /** Shape of one example of the first output in Keras' order. */
  public List<Integer> outputShape() {
    return outputs.get(0).sizes();
  }
}
