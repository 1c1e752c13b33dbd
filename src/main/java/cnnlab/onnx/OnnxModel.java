package cnnlab.onnx;

import cnnlab.onnx.layer.Operators.End;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A model read from an ONNX file.
 *
 * @param graph the model for DL4J, with its weights; inputs are images [N, C, H, W] or vectors [N,
 *     F], the optimiser is Adam
 * @param input shape of one input in the file's order
 * @param output shape of one output in the file's order
 * @param notes notes on what was left out or differs, one sentence each
 */
public record OnnxModel(ComputationGraph graph, End input, End output, List<String> notes) {}
