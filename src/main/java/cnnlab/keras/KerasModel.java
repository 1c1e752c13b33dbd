package cnnlab.keras;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A Keras model that was read.
 *
 * @param graph the same model for DL4J, with its weights; images [N, C, H, W] in, Adam as optimiser
 * @param channels C of the images
 * @param height H of the images
 * @param width W of the images
 * @param augmentation the layers of random augmentation, as the list that {@code
 *     cnnlab.augment.Augmentation} reads; the graph passes images on where they stood
 * @param notes what was left out, or is worth knowing; a sentence each
 */
public record KerasModel(
    ComputationGraph graph,
    int channels,
    int height,
    int width,
    List<Map<String, Object>> augmentation,
    List<String> notes) {}
