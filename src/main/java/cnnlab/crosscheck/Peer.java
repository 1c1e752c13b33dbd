package cnnlab.crosscheck;

import cnnlab.data.file.NpyArray;
import java.nio.file.Path;

/**
 * A library that runs ONNX files and is not part of this module. {@link java.util.ServiceLoader}
 * finds implementations on the class path, which are listed in {@code
 * META-INF/services/cnnlab.crosscheck.Peer}.
 */
public interface Peer {
  /** The value of the option that selects it, such as {@code onnxruntime}. */
  String option();

  /** Its name and version, such as {@code ONNX Runtime 1.23.2}. */
  String name();

  /**
   * Computes outputs.
   *
   * @param model an ONNX file with one input and one output
   * @param inputs [n, …] as the file has them
   * @return outputs [n, …] as the file has them
   * @throws cnnlab.config.UsageException when it cannot run the file; the message names the file
   */
  NpyArray outputs(Path model, NpyArray inputs);
}
