/**
 * Converts ONNX files to DL4J graphs with weights, without Python and without executing anything in
 * a file.
 *
 * <p>Reading order: {@link cnnlab.onnx.OnnxFile} opens a file; {@code cnnlab.onnx.read} parses and
 * checks it without trusting it; {@code cnnlab.onnx.layer} translates node by node: what depends on
 * constants alone is computed, changes of layout are followed and not computed, and the rest
 * becomes layers. A new operator is one entry of {@link cnnlab.onnx.layer.Operators} and one
 * method.
 */
package cnnlab.onnx;
