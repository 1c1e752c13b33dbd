package cnnlab.onnx.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import onnx.Onnx.StringStringEntryProto;

/**
 * Weights in files beside the model. Only regular files inside the model's folder are read, and
 * only the range that the model names.
 */
final class ExternalData {
  private final Path folder;

  /**
   * @param folder the model's folder, or null when there is none
   */
  ExternalData(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads a range.
   *
   * @param tensor its name, for messages
   * @param entries location, offset and length
   * @param size the bytes that the tensor has
   * @throws OnnxFault when the location leaves the folder, or the file has other bytes
   */
  ByteBuffer read(String tensor, List<StringStringEntryProto> entries, long size) {
    Map<String, String> keys = new HashMap<>();
    entries.forEach(e -> keys.put(e.getKey(), e.getValue()));
    String location = keys.get("location");
    String what = "initialiser '%s' in the file '%s'".formatted(tensor, location);
    Path file = inside(what, location);
    long offset = number(what, keys, "offset", 0);
    long length = number(what, keys, "length", size);
    if (length != size) {
      throw new OnnxFault(
          "%s: length is %,d bytes, its type and shape require %,d".formatted(what, length, size));
    }
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      if (offset < 0 || offset > channel.size() - length) {
        throw new OnnxFault(
            "%s: bytes %,d to %,d, but the file has %,d; copy it again beside the model"
                .formatted(what, offset, offset + length, channel.size()));
      }
      ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(length));
      channel.position(offset);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw new OnnxFault(what + ": the file ends too early; copy it again beside the model");
        }
      }
      return bytes.flip();
    } catch (IOException e) {
      throw new OnnxFault("%s: cannot be read (%s)".formatted(what, e), e);
    }
  }

  private Path inside(String what, String location) {
    if (folder == null || location == null || location.isEmpty()) {
      throw new OnnxFault(what + ": no file is named; expected one in the model's folder");
    }
    try {
      Path relative = Path.of(location);
      Path file = folder.resolve(relative).normalize();
      if (relative.isAbsolute() || relative.startsWith("..") || !file.startsWith(folder)) {
        throw outside(what);
      }
      if (!Files.isRegularFile(file)) {
        throw new OnnxFault(what + ": no such file beside the model; put it there, with this name");
      }
      // A link may lead outside.
      if (!file.toRealPath().startsWith(folder.toRealPath())) {
        throw outside(what);
      }
      return file;
    } catch (InvalidPathException e) {
      throw new OnnxFault(what + ": this is not a file name", e);
    } catch (IOException e) {
      throw new OnnxFault("%s: cannot be read (%s)".formatted(what, e), e);
    }
  }

  private static OnnxFault outside(String what) {
    return new OnnxFault(
        what
            + ": lies outside the model's folder, where nothing is read; save the model with its data beside it");
  }

  private static long number(String what, Map<String, String> keys, String key, long otherwise) {
    String text = keys.get(key);
    try {
      return text == null ? otherwise : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new OnnxFault("%s: %s is '%s', expected a number".formatted(what, key, text), e);
    }
  }
}
