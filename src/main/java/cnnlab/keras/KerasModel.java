package cnnlab.keras;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A Keras model that was read.
 *
 * @param graph the same model for DL4J, with its weights; images [N, C, H, W] or vectors [N, F] in,
 *     Adam as optimiser
 * @param channels C of the images, F of vectors
 * @param height H of the images, 1 of vectors
 * @param width W of the images, 1 of vectors
 * @param inputShape the shape of one input as Keras has it: [H, W, C], [H, W] or [F]
 * @param outputShape that of one output
 * @param augmentation the layers of random augmentation, as the list that {@code
 *     cnnlab.augment.Augmentation} reads; the graph passes images on where they stood
 * @param notes what was left out, or is worth knowing; a sentence each
 */
public record KerasModel(
    ComputationGraph graph,
    int channels,
    int height,
    int width,
    List<Integer> inputShape,
    List<Integer> outputShape,
    List<Map<String, Object>> augmentation,
    List<String> notes) {}
