package cnnlab;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AugmentCommandTest {
  @TempDir private Path folder;

  private int run(String yaml, Path out) throws IOException {
    Path config = Files.writeString(folder.resolve("config.yaml"), yaml);
    return Main.run("augment", "--config", config.toString(), "--out", out.toString());
  }

  @Test
  void drawsASheet() throws IOException {
    Path out = folder.resolve("deeper/sheet.png");
    String yaml =
        """
        experiment: any
        preprocessing: [deslant]
        augmentation:
          - rotate: {degrees: 15}
        """;
    assertThat(run(yaml, out)).isZero();
    BufferedImage sheet = ImageIO.read(out.toFile());
    // Nine columns of 84 pixels and ten rows.
    assertThat(sheet.getWidth()).isBetween(9 * 84, 9 * 84 + 150);
    assertThat(sheet.getHeight()).isBetween(10 * 84, 10 * 84 + 200);
  }

  @Test
  void sameSeedSameSheet() throws IOException {
    String yaml = "augmentation: [{elastic: {alpha: 60, sigma: 5}}]";
    Path a = folder.resolve("a.png");
    Path b = folder.resolve("b.png");
    Path c = folder.resolve("c.png");
    assertThat(run(yaml, a)).isZero();
    assertThat(run(yaml, b)).isZero();
    assertThat(run("seed: 2\n" + yaml, c)).isZero();
    assertThat(a).hasSameBinaryContentAs(b);
    assertThat(Files.mismatch(a, c)).isNotNegative();
  }

  @Test
  void wrongConfigurationsAreWrongUsage() throws IOException {
    Path out = folder.resolve("never.png");
    assertThat(run("epochs: 5", out)).isEqualTo(2);
    assertThat(run("augmentation: 5", out)).isEqualTo(2);
    assertThat(run("augmentation: [rotat]", out)).isEqualTo(2);
    assertThat(run("- 5", out)).isEqualTo(2);
    assertThat(run("", out)).isEqualTo(2);
    assertThat(Main.run("augment", "--config", folder.resolve("none.yaml").toString()))
        .isEqualTo(2);
    assertThat(out).doesNotExist();
  }
}
