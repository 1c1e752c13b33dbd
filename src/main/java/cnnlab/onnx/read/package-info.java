/** The content of an ONNX file: its graph, nodes and constant tensors, checked. */
package cnnlab.onnx.read;
