/** Writes networks as ONNX files. */
package cnnlab.onnx.write;
