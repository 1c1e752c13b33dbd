package cnnlab.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {
  private static final String HEADER =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";
  private static final float[] VALUES = {1.5f, -2f, 3e-8f, Float.POSITIVE_INFINITY, 0f, -0f};

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readsEveryFormatVersion(int major) throws IOException {
    NpyArray array = NpyFile.read(file(npy(major, HEADER, VALUES)));
    assertThat(array.shape()).containsExactly(2, 3);
    assertThat(array.data()).isEqualTo(VALUES);
  }

  /** Byte for byte what numpy 2.4 writes for the same array. */
  @Test
  void writesAsNumpyDoes() throws IOException {
    Path file = folder.resolve("x.npy");
    NpyFile.write(file, new NpyArray(new int[] {2, 3}, VALUES));
    assertThat(file)
        .hasBinaryContent(npy(1, HEADER + " ".repeat(118 - 1 - HEADER.length()) + "\n", VALUES));
  }

  @Test
  void readsBackWhatWasWritten() {
    // The last one does not fit one chunk of the reader.
    for (int[] shape : new int[][] {{}, {5}, {0, 3}, {2, 3, 4, 5}, {1_100_000}}) {
      float[] data = new float[(int) NpyArray.size(shape)];
      for (int i = 0; i < data.length; i++) {
        data[i] = (float) Math.sin(i);
      }
      Path file = folder.resolve("new/x.npy");
      NpyFile.write(file, new NpyArray(shape, data));
      NpyArray read = NpyFile.read(file);
      assertThat(read.shape()).isEqualTo(shape);
      assertThat(Arrays.equals(read.data(), data)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      value = {
        "<f8    % False % (2, 3)  % type '<f8'         % x.astype('<f4')",
        ">f4    % False % (2, 3)  % type '>f4'         % x.astype('<f4')",
        "|u1    % False % (2, 3)  % type '|u1'         % x.astype('<f4')",
        "<f4    % True  % (2, 3)  % fortran_order True % np.ascontiguousarray(x)",
        "<f4    % False % (2, 4)  % truncated: 8 missing % save it again",
        "<f4    % False % (2, 2)  % 8 trailing         % save it again",
        "<f4    % False % (65536, 65536)      % shape [65536, 65536] % x[:1000]",
        "<f4    % False % (99999999999, 1)    % (99999999999, 1)     % x[:1000]",
        "<f4    % False % (2147483647, 2147483647, 4) % fewer than 2^31 % x[:1000]",
        "<f4    % False % (-2, -3) % the header         % np.save",
        "<f4    % Maybe % (2, 3)  % the header         % np.save",
      })
  void refusesWhatItDoesNotRead(
      String type, String order, String shape, String found, String remedy) throws IOException {
    String header = HEADER.replace("<f4", type).replace("False", order).replace("(2, 3)", shape);
    assertFault(npy(1, header, VALUES), found, remedy);
  }

  @Test
  void refusesBrokenFiles() throws IOException {
    byte[] whole = npy(1, HEADER, VALUES);
    assertFault(Arrays.copyOf(whole, 4), "found 4 bytes", "expected a .npy file");
    assertFault(Arrays.copyOf(whole, 30), "truncated in its header", "expected a .npy file");
    assertFault("PK 0123456789".getBytes(StandardCharsets.UTF_8), "does not start with");
    assertFault(npy(4, HEADER, VALUES), "format version 4.0", "expected 1.0, 2.0 or 3.0");
    assertFault(npy(1, "[('a', '<f4')]", VALUES), "the header \"[('a', '<f4')]\"", "np.save");
    assertFault(
        npy(1, HEADER.replace("'<f4'", "[('a', '<f4')]"), VALUES), "a structured type", "'<f4'");
    byte[] absurd = npy(2, HEADER, VALUES);
    Arrays.fill(absurd, 8, 12, (byte) 0xFF);
    assertFault(absurd, "a header of 4294967295 bytes", "expected a .npy file");
    Path missing = folder.resolve("none.npy");
    assertThatThrownBy(() -> NpyFile.read(missing))
        .isInstanceOf(DataException.class)
        .hasMessageContainingAll(missing.toString(), "no such file", "Check the path");
  }

  @Test
  void movesChannelsFromLastToSecond() {
    int n = 2;
    int h = 3;
    int w = 4;
    int c = 3;
    float[] nhwc = new float[n * h * w * c];
    for (int i = 0; i < nhwc.length; i++) {
      nhwc[i] = i;
    }
    NpyArray nchw = new NpyArray(new int[] {n, h, w, c}, nhwc).nhwcToNchw();
    assertThat(nchw.shape()).containsExactly(n, c, h, w);
    for (int image = 0; image < n; image++) {
      for (int channel = 0; channel < c; channel++) {
        for (int y = 0; y < h; y++) {
          for (int x = 0; x < w; x++) {
            assertThat(nchw.data()[((image * c + channel) * h + y) * w + x])
                .isEqualTo(nhwc[((image * h + y) * w + x) * c + channel]);
          }
        }
      }
    }
    assertThat(NpyArray.nchwToNhwc(nchw.data(), n, h, w, c)).containsExactly(nhwc);
  }

  @Test
  void refusesArraysThatDoNotFitTheirShape() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NpyArray(new int[] {2, 3}, new float[5]))
        .withMessageContainingAll("[2, 3]", "5 values found", "6 expected");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NpyArray(new int[] {-1}, new float[1]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new NpyArray(new int[] {28, 28}, new float[784]).nhwcToNchw())
        .withMessageContainingAll("[28, 28]", "[N, H, W, C]");
  }

  private void assertFault(byte[] content, String... parts) throws IOException {
    Path file = file(content);
    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith(file + ": found ")
        .hasMessageContainingAll(parts);
  }

  private Path file(byte[] content) throws IOException {
    return Files.write(folder.resolve("x.npy"), content);
  }

  private static byte[] npy(int major, String header, float... values) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer out =
        ByteBuffer.allocate(8 + (major == 1 ? 2 : 4) + text.length + 4 * values.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) major, 0});
    if (major == 1) {
      out.putShort((short) text.length);
    } else {
      out.putInt(text.length);
    }
    out.put(text).asFloatBuffer().put(values);
    return out.array();
  }
}
