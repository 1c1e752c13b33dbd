package cnnlab.onnx;

import cnnlab.model.file.ModelFileException;
import cnnlab.onnx.layer.Operators;
import cnnlab.onnx.read.Limits;
import cnnlab.onnx.read.OnnxFault;
import cnnlab.onnx.read.OnnxGraph;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads ONNX models as PyTorch and Keras write them.
 *
 * <p>Files are not trusted: sizes are checked before memory is allocated, nothing is written to
 * disk, no file outside the model's folder is read, and operators are looked up in a list. See
 * {@link Limits}.
 */
public final class OnnxFile {
  /** The tag of the first field, the version of the format, which is a small number. */
  private static final int FIRST_TAG = 0x08;

  private static final int MOST_VERSION = 32;

  /** What a file has that Git Large File Storage did not fetch. */
  private static final byte[] POINTER =
      "version https://git-lfs".getBytes(StandardCharsets.US_ASCII);

  private OnnxFile() {}

  /**
   * Whether {@link #read} should read a file, judged by its name or its content.
   *
   * @return false for a missing file with another name
   */
  public static boolean recognises(Path file) {
    if (String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT).endsWith(".onnx")) {
      return true;
    }
    if (!Files.isRegularFile(file)) {
      return false;
    }
    byte[] begin = begin(file);
    // Then comes a string (the producer's name and so on), the graph or the operator set.
    return begin.length > 2
        && begin[0] == FIRST_TAG
        && begin[1] > 0
        && begin[1] <= MOST_VERSION
        && (begin[2] & 7) == 2
        && begin[2] >>> 3 >= 2
        && begin[2] >>> 3 <= 8;
  }

  /**
   * Reads a model.
   *
   * @param file an {@code .onnx} file
   * @return the graph and information about it
   * @throws ModelFileException when the file is missing, damaged, too large or not a model, or has
   *     an unsupported operator or option; the message gives the file, the node and a remedy
   */
  public static OnnxModel read(Path file) {
    try {
      return load(file);
    } catch (OnnxFault e) {
      throw new ModelFileException(file + ": " + e.getMessage(), e);
    } catch (IOException e) {
      throw new ModelFileException("%s: cannot be read (%s)".formatted(file, e), e);
    } catch (RuntimeException e) {
      throw new ModelFileException(
          "%s: DL4J does not accept this model (%s)".formatted(file, e.getMessage()), e);
    }
  }

  private static OnnxModel load(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new OnnxFault(
          (Files.exists(file) ? "is not a file" : "no such file")
              + "; expected an .onnx file. Check the path");
    }
    if (java.util.Arrays.equals(begin(file), POINTER)) {
      throw new OnnxFault(
          "only a pointer of Git Large File Storage; fetch the file itself with git lfs pull");
    }
    Limits.requireWeights("the file", Files.size(file));
    OnnxGraph graph =
        OnnxGraph.of(Files.readAllBytes(file), file.toAbsolutePath().normalize().getParent());
    List<String> notes = new ArrayList<>();
    Operators.Translation made = Operators.translate(graph, notes);
    return new OnnxModel(
        made.graph(), made.inputs(), made.outputs(), made.joined(), List.copyOf(notes));
  }

  private static byte[] begin(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(POINTER.length);
    } catch (IOException e) {
      return new byte[0];
    }
  }
}
