package cnnlab.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IdxFileTest {
  /** Two images of 2x3, values 0..11. */
  private static final byte[] IMAGES = idx(0x0803, new int[] {2, 2, 3}, 12);

  @TempDir Path folder;

  @Test
  void readsRawAndGzipByContentNotByName() throws IOException {
    for (byte[] content : new byte[][] {IMAGES, gzip(IMAGES)}) {
      IdxFile idx = IdxFile.read(file(content), 2, 2, 3);
      assertThat(idx.shape()).containsExactly(2, 2, 3);
      assertThat(idx.data()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
    }
  }

  @Test
  void acceptsAnySizeForAFreeDimension() throws IOException {
    IdxFile idx = IdxFile.read(file(IMAGES), IdxFile.ANY, 2, IdxFile.ANY);
    assertThat(idx.shape()).containsExactly(2, 2, 3);
  }

  @Test
  void refusesTruncatedFiles() throws IOException {
    assertFault(Arrays.copyOf(IMAGES, 27), "found 27 bytes (truncated: 1 missing)", "28 bytes");
    assertFault(Arrays.copyOf(IMAGES, 10), "found 10 bytes", "expected a header of 16 bytes");
    assertFault(new byte[0], "found 0 bytes", "expected a header of 16 bytes");
  }

  @Test
  void refusesTrailingBytes() throws IOException {
    assertFault(Arrays.copyOf(IMAGES, 30), "found more bytes", "28 bytes for shape");
  }

  @Test
  void refusesAnotherMagicNumber() throws IOException {
    assertFault(
        idx(0x0801, new int[] {12}, 12), "found magic number 0x00000801", "expected 0x00000803");
    assertFault(
        idx(0x0D03, new int[] {2, 2, 3}, 48), "found magic number 0x00000D03", "unsigned bytes");
    assertFault(new byte[] {'P', 'K', 3, 4}, "found magic number 0x504B0304", "0x00000803");
  }

  @Test
  void refusesAnotherCountOrSize() throws IOException {
    assertFault(
        idx(0x0803, new int[] {3, 2, 3}, 18), "found shape [3, 2, 3]", "expected [2, 2, 3]");
    assertFault(
        idx(0x0803, new int[] {2, 3, 2}, 12), "found shape [2, 3, 2]", "expected [2, 2, 3]");
  }

  @Test
  void refusesSizesThatNoArrayHolds() throws IOException {
    Path huge = file(idx(0x0802, new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE}, 0));
    assertThatThrownBy(() -> IdxFile.read(huge, IdxFile.ANY, IdxFile.ANY))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(huge.toString(), "2147483647", "fewer than 2^31");
    Path negative = file(idx(0x0801, new int[] {-1}, 0));
    assertThatThrownBy(() -> IdxFile.read(negative, IdxFile.ANY))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll("found shape [-1]", "expected [any]");
  }

  @Test
  void refusesBrokenGzipStreams() throws IOException {
    byte[] gzip = gzip(IMAGES);
    assertFault(Arrays.copyOf(gzip, gzip.length - 9), "truncated gzip stream");
    gzip[gzip.length - 6] ^= 1;
    assertFault(gzip, "damaged gzip stream (Corrupt GZIP trailer)");
  }

  @Test
  void namesAMissingFile() {
    Path missing = folder.resolve("none.gz");
    assertThatThrownBy(() -> IdxFile.read(missing, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(missing.toString(), "no such file", "Restore the original file");
  }

  private void assertFault(byte[] content, String... parts) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> IdxFile.read(file, 2, 2, 3))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ": found ")
        .hasMessageContainingAll(parts)
        .hasMessageEndingWith("(for MNIST see datasets/mnist/README.md).");
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("images"), content);
  }

  private static byte[] idx(int magic, int[] shape, int values) {
    ByteBuffer out = ByteBuffer.allocate(4 * (1 + shape.length) + values).putInt(magic);
    Arrays.stream(shape).forEach(out::putInt);
    for (int i = 0; i < values; i++) {
      out.put((byte) i);
    }
    return out.array();
  }

  private static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}
