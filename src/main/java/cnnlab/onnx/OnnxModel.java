package cnnlab.onnx;

import cnnlab.model.JoinedGraph;
import cnnlab.onnx.layer.Operators.End;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A model read from an ONNX file.
 *
 * @param graph the model for DL4J, with its weights; inputs are images [N, C, H, W] or vectors [N,
 *     F], the optimiser is Adam. With several inputs or outputs, these are joined
 * @param inputs the inputs, with the shape of one example in the file's order
 * @param outputs the outputs, with the shape of one example in the file's order
 * @param joined how several inputs or outputs are joined; null with one of each
 * @param notes notes on what was left out or differs, one sentence each
 */
public record OnnxModel(
    ComputationGraph graph,
    List<End> inputs,
    List<End> outputs,
    JoinedGraph joined,
    List<String> notes) {}
