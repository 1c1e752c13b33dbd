package cnnlab.onnx.read;

/**
 * A fault in an ONNX file. The message does not contain the name of the file; {@code OnnxFile} adds
 * it.
 */
public final class OnnxFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public OnnxFault(String message) {
    super(message);
  }

  public OnnxFault(String message, Throwable cause) {
    super(message, cause);
  }
}
