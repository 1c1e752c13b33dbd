package cnnlab.keras.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** Numbers of 16 bits, as Keras stores weights under the policy float16. */
class WeightArrayTest {
  /** Bits and values of IEEE 754 binary16: largest, smallest normal, subnormal, signs. */
  @Test
  void readsHalves() {
    short[] bits = {
      0x3c00, (short) 0xc000, 0x7bff, 0x0400, 0x0001, 0x03ff, 0x3555, (short) 0x8000, 0x7c00
    };
    float[] values = {
      1, -2, 65504, 0x1p-14f, 0x1p-24f, 1023 * 0x1p-24f, 0.33325195f, -0f, Float.POSITIVE_INFINITY
    };
    ByteBuffer bytes = ByteBuffer.allocate(2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asShortBuffer().put(bits);
    WeightArray array = new WeightArray(new long[] {bits.length}, Short.BYTES, bytes);
    assertThat(array.readable()).isTrue();
    assertThat(array.floats()).containsExactly(values);
    assertThat(WeightArray.half((short) 0x7e00)).isNaN();
  }
}
