/** The windows of convolutions and pooling, as ONNX describes them. */
package cnnlab.onnx.window;
