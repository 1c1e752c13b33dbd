/** The operators of ONNX as layers of a DL4J graph. */
package cnnlab.onnx.layer;
