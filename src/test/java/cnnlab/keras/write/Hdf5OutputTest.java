package cnnlab.keras.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.jhdf.HdfFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written is read by jHDF, which is not ours. */
class Hdf5OutputTest {
  @Test
  void groupsArraysAndLongTextsComeBack() throws IOException {
    String text = "configuration ä ".repeat(10_000);
    Hdf5Group root = new Hdf5Group();
    root.text("long", text);
    Hdf5Group deep = root.group("a/b/c");
    deep.texts("names", List.of("one", "", "drei ü"));
    float[] values = {1.5f, -0f, Float.MIN_VALUE, Float.MAX_VALUE, 5, 6};
    root.array("a/b/x/kernel", new WeightValues("kernel", values, 2, 3));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Hdf5Output.write(root, out);
    try (HdfFile file = HdfFile.fromByteBuffer(ByteBuffer.wrap(out.toByteArray()))) {
      assertThat(file.getAttribute("long").getData()).isEqualTo(text);
      assertThat(file.getByPath("a/b/c").getAttribute("names").getData())
          .isEqualTo(new String[] {"one", "", "drei ü"});
      assertThat((float[][]) file.getDatasetByPath("a/b/x/kernel").getData())
          .isDeepEqualTo(new float[][] {{1.5f, -0f, Float.MIN_VALUE}, {Float.MAX_VALUE, 5, 6}});
    }
  }

  @Test
  void permutesAsNumpyTransposes() {
    float[] values = {9, 0, 1, 2, 3, 4, 5};
    WeightValues made = WeightValues.permuted("k", values, 1, new int[] {1, 2, 3}, 2, 0, 1);
    assertThat(made.shape()).containsExactly(3, 1, 2);
    assertThat(made.values()).containsExactly(0, 3, 1, 4, 2, 5);
  }
}
