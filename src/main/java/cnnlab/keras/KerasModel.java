package cnnlab.keras;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A model read from a Keras file.
 *
 * @param graph the model for DL4J, with its weights; inputs are images [N, C, H, W] or vectors [N,
 *     F], the optimiser is Adam
 * @param channels C of the images, F of vectors
 * @param height H of the images, 1 of vectors
 * @param width W of the images, 1 of vectors
 * @param inputShape shape of one input in Keras' order: [H, W, C], [H, W] or [F]
 * @param outputShape shape of one output in Keras' order
 * @param channelsFirst whether images are [C, H, W] in Keras
 * @param augmentation the random augmentation layers, as the list that {@code
 *     cnnlab.augment.Augmentation} reads; in the graph they are identities
 * @param notes notes on what was left out or differs, one sentence each
 */
public record KerasModel(
    ComputationGraph graph,
    int channels,
    int height,
    int width,
    List<Integer> inputShape,
    List<Integer> outputShape,
    boolean channelsFirst,
    List<Map<String, Object>> augmentation,
    List<String> notes) {}
