package cnnlab.data.file;

import io.jhdf.api.Dataset;
import io.jhdf.api.dataset.ChunkedDataset;
import io.jhdf.api.dataset.ContiguousDataset;
import io.jhdf.object.datatype.FixedPoint;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * 8-bit images in an HDF5 file, read in chunks: apart from the result, only one chunk of the file
 * is in memory. (jHDF's own slices are {@code int[][][][]}, many times as large.)
 */
public final class Hdf5Images {
  private static final String AS_STORED = "Store it with h5py as a uint8 data set.";

  /** The longest array that every virtual machine allows. */
  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  /** Upper limit on the bytes read at once. */
  private static final int PIECE = 1 << 20;

  private final Hdf5File file;
  private final String name;
  private final Dataset dataset;
  private final int count;
  private final int height;
  private final int width;
  private final int channels;

  /**
   * Opens a data set.
   *
   * @param file an open file
   * @param name the name of the data set: uint8 [N, H, W, C]
   * @throws DataException when there is no such data set, or its type or rank do not fit
   */
  public Hdf5Images(Hdf5File file, String name) {
    this.file = file;
    this.name = name;
    this.dataset = file.dataset(name);
    int[] shape = file.shape(name, dataset);
    boolean bytes =
        dataset.getDataType() instanceof FixedPoint type && !type.isSigned() && type.getSize() == 1;
    if (!bytes || shape.length != 4 || Arrays.stream(shape).anyMatch(d -> d == 0)) {
      throw file.fault(
          name,
          Hdf5File.describe(dataset, shape),
          "uint8 images [N, H, W, C], at least one",
          AS_STORED);
    }
    this.count = shape[0];
    this.height = shape[1];
    this.width = shape[2];
    this.channels = shape[3];
  }

  /** The number of images, N. */
  public int count() {
    return count;
  }

  public int height() {
    return height;
  }

  public int width() {
    return width;
  }

  public int channels() {
    return channels;
  }

  /** The central square of an image that is read; its top left corner is rounded down. */
  private record Window(int top, int left, int size, int channels) {
    int bytes() {
      return size * size * channels;
    }
  }

  /**
   * Reads the centres of some images.
   *
   * @param indices the images, ascending, each in 0..N-1
   * @param size side of the central square that is read, in pixels
   * @return unsigned bytes [indices.length, size, size, C]
   * @throws DataException when the images are smaller than {@code size}, the result does not fit an
   *     array, or the file is damaged
   */
  public byte[] read(int[] indices, int size) {
    if (size > height || size > width) {
      throw file.fault(
          name,
          "images of %dx%d pixels".formatted(height, width),
          "at least %dx%d".formatted(size, size),
          "Ask for a smaller crop.");
    }
    Window window = new Window((height - size) / 2, (width - size) / 2, size, channels);
    long length = (long) indices.length * window.bytes();
    if (length > MAX_ARRAY) {
      throw file.fault(
          name,
          "%,d images of %dx%dx%d, %,d bytes"
              .formatted(indices.length, size, size, channels, length),
          "fewer than 2^31 bytes in memory",
          "Ask for fewer images or a smaller crop.");
    }
    byte[] out = new byte[(int) length];
    if (dataset instanceof ChunkedDataset chunked) {
      file.guard(name, () -> readChunks(chunked, indices, window, out));
    } else if (dataset instanceof ContiguousDataset contiguous && !dataset.isEmpty()) {
      file.guard(name, () -> readRows(contiguous, indices, window, out));
    } else {
      throw file.fault(
          name,
          "layout " + dataset.getDataLayout() + ", or no content",
          "stored images",
          AS_STORED);
    }
    return out;
  }

  /**
   * Reads chunk by chunk and decompresses each chunk once; chunks of the same images are adjacent.
   */
  private byte[] readChunks(ChunkedDataset chunked, int[] indices, Window window, byte[] out) {
    int[] dims = chunked.getChunkDimensions();
    for (int from = 0; from < indices.length; ) {
      int first = indices[from] / dims[0] * dims[0];
      int to = from;
      while (to < indices.length && indices[to] < first + dims[0]) {
        to++;
      }
      for (int y = window.top / dims[1] * dims[1]; y < window.top + window.size; y += dims[1]) {
        for (int x = window.left / dims[2] * dims[2]; x < window.left + window.size; x += dims[2]) {
          for (int c = 0; c < channels; c += dims[3]) {
            int[] offset = {first, y, x, c};
            byte[] data = chunked.getDecompressedChunk(offset);
            for (int i = from; i < to; i++) {
              copy(data, offset, dims, indices[i], window, out, i * window.bytes());
            }
          }
        }
      }
      from = to;
    }
    return out;
  }

  /**
   * Copies the part of one image's window that lies in a chunk to {@code out}, at {@code begin}.
   */
  private void copy(
      byte[] chunk, int[] offset, int[] dims, int image, Window window, byte[] out, int begin) {
    int bottom = Math.min(offset[1] + dims[1], window.top + window.size);
    int left = Math.max(offset[2], window.left);
    int right = Math.min(offset[2] + dims[2], window.left + window.size);
    int depth = Math.min(dims[3], channels - offset[3]);
    // Chunks with all channels of a pixel are copied row by row, others value by value.
    int run = dims[3] == channels ? (right - left) * channels : depth;
    for (int y = Math.max(offset[1], window.top); y < bottom; y++) {
      int row = ((image - offset[0]) * dims[1] + y - offset[1]) * dims[2] - offset[2];
      int target = (y - window.top) * window.size - window.left;
      for (int x = left; x < right; x += dims[3] == channels ? right - left : 1) {
        System.arraycopy(
            chunk, (row + x) * dims[3], out, begin + (target + x) * channels + offset[3], run);
      }
    }
  }

  private byte[] readRows(ContiguousDataset contiguous, int[] indices, Window window, byte[] out) {
    long begin = file.base() + contiguous.getDataAddress();
    try (FileChannel in = FileChannel.open(file.path())) {
      if (window.size == height && window.size == width) {
        readWhole(in, begin, indices, window.bytes(), out);
      } else {
        readWindows(in, begin, indices, window, out);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e.toString(), e);
    }
    return out;
  }

  /** Reads adjacent images with one call. */
  private static void readWhole(FileChannel in, long begin, int[] indices, int bytes, byte[] out)
      throws IOException {
    int most = Math.max(1, PIECE / bytes);
    for (int from = 0; from < indices.length; ) {
      int to = from + 1;
      while (to < indices.length && to - from < most && indices[to] == indices[to - 1] + 1) {
        to++;
      }
      ByteBuffer piece = ByteBuffer.wrap(out, from * bytes, (to - from) * bytes);
      readFully(in, piece, begin + (long) indices[from] * bytes);
      from = to;
    }
  }

  /** Reads image by image, the rows of the window with one call. */
  private void readWindows(FileChannel in, long begin, int[] indices, Window window, byte[] out)
      throws IOException {
    int stride = width * channels;
    int run = window.size * channels;
    ByteBuffer rows = ByteBuffer.allocate(window.size * stride);
    for (int i = 0; i < indices.length; i++) {
      readFully(in, rows.clear(), begin + ((long) indices[i] * height + window.top) * stride);
      for (int y = 0; y < window.size; y++) {
        int target = i * window.bytes() + y * run;
        rows.get(y * stride + window.left * channels, out, target, run);
      }
    }
  }

  private static void readFully(FileChannel in, ByteBuffer buffer, long position)
      throws IOException {
    long begin = position - buffer.position();
    while (buffer.hasRemaining()) {
      int n = in.read(buffer, begin + buffer.position());
      if (n < 0) {
        throw new EOFException("the file ends too early");
      }
    }
  }
}
