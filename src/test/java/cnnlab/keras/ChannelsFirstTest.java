package cnnlab.keras;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.crosscheck.Difference;
import cnnlab.engine.Dl4jRuntime;
import cnnlab.model.GraphEnds;
import cnnlab.scratch.dl4j.GraphCompiler;
import cnnlab.scratch.kernel.ReferenceKernels;
import cnnlab.scratch.layer.Shape;
import io.jhdf.HdfFile;
import io.jhdf.api.Dataset;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images [C, H, W], which Keras calls {@code channels_first}. */
class ChannelsFirstTest {
  private static final Path FOLDER = Reference.folder().resolve("first");
  private static final int IMAGES = 8;

  @BeforeAll
  static void configure() {
    Dl4jRuntime.configure(true, 1);
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"channels_first.keras", "channels_first.h5"})
  void bothEnginesAgreeWithKeras(String name) {
    KerasModel model = KerasFile.read(FOLDER.resolve(name));
    assertThat(model.channelsFirst()).isTrue();
    assertThat(model.inputShape()).isEqualTo(List.of(3, 9, 8));
    try (HdfFile hdf = new HdfFile(FOLDER.resolve("channels_first.reference.h5"))) {
      float[] x = values(hdf, "inputs");
      float[] y = values(hdf, "outputs");
      float[] library =
          model
              .graph()
              .outputSingle(GraphEnds.input(model.graph(), x, IMAGES, 3, 9, 8))
              .dup('c')
              .data()
              .asFloat();
      float[] scratch =
          GraphCompiler.compile(model.graph(), new Shape(3, 9, 8), new ReferenceKernels())
              .predict(x, IMAGES);
      assertThat(Difference.between(y, library).maxAbs()).isLessThan(2e-6);
      assertThat(Difference.between(y, scratch).maxAbs()).isLessThan(2e-6);
    }
  }

  private static float[] values(HdfFile file, String name) {
    return (float[]) ((Dataset) file.getChild(name)).getDataFlat();
  }
}
