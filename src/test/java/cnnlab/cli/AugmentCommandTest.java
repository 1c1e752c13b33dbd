package cnnlab.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import cnnlab.Main;
import cnnlab.Outcome;
import cnnlab.data.Datasets;
import cnnlab.data.patch.PatchCamelyon;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AugmentCommandTest {
  @TempDir private Path folder;

  private String config(String augmentation) throws IOException {
    return Files.writeString(folder.resolve("config.yaml"), "augmentation: " + augmentation)
        .toString();
  }

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
    // Seven columns and ten rows of 112 pixels.
    assertThat(sheet.getWidth()).isBetween(960, 1040);
    assertThat(sheet.getHeight()).isBetween(10 * 112, 10 * 112 + 300);
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

  @Test
  void theConfigurationIsNotOverwritten() throws IOException {
    String yaml = "augmentation: [{rotate: {degrees: 15}}]";
    Path config = folder.resolve("config.yaml");
    Path link = Files.createSymbolicLink(folder.resolve("sheet.png"), config);
    assertThat(run(yaml, link)).isEqualTo(2);
    assertThat(run(yaml, config)).isEqualTo(2);
    assertThat(run(yaml, folder)).isEqualTo(2);
    assertThat(config).hasContent(yaml);
    assertThat(link).isSymbolicLink();
  }

  @Test
  void patchesAreDrawnInColour() throws IOException {
    String variable = System.getenv(Datasets.VARIABLE);
    assumeTrue(variable != null, "skipped: " + Datasets.VARIABLE + " is not set");
    assumeTrue(
        Files.isDirectory(Path.of(variable, PatchCamelyon.NAME)),
        "skipped: no PatchCamelyon in " + variable);
    Path out = folder.resolve("patches.png");
    assertThat(
            Main.run(
                "augment",
                "--dataset",
                "patchcamelyon",
                "--config",
                config("[tonal: {range: 0.2}]"),
                "--out",
                out.toString()))
        .isZero();
    BufferedImage sheet = ImageIO.read(out.toFile());
    // Four rows of each class, 32·3 pixels high.
    assertThat(sheet.getHeight()).isBetween(8 * 96, 8 * 96 + 300);
    assertThat(sheet.getWidth()).isEqualTo(960);
    int colourful = 0;
    for (int y = 0; y < sheet.getHeight(); y++) {
      for (int x = 0; x < sheet.getWidth(); x++) {
        int rgb = sheet.getRGB(x, y);
        colourful += (rgb >> 16 & 0xFF) - (rgb >> 8 & 0xFF) > 20 ? 1 : 0;
      }
    }
    assertThat(colourful).isGreaterThan(100_000);
  }

  @Test
  void theDataSetIsThatOfTheConfiguration() throws IOException {
    Path out = folder.resolve("sheet.png");
    // Colours: digits have none.
    assertThat(run("data: synthetic\npreprocessing: [{stainNormalise: {strength: 0.5}}]", out))
        .isZero();
    assertThat(ImageIO.read(out.toFile()).getHeight()).isBetween(8 * 96, 8 * 96 + 300);
    assertThat(run("trainSize: 64\naugmentation: [transpose]", out)).isZero();
    assertThat(ImageIO.read(out.toFile()).getHeight()).isBetween(10 * 112, 10 * 112 + 300);
    Outcome patches =
        Outcome.of(
            "augment",
            "--config",
            "experiments/task3-best.yaml",
            "--datasets",
            folder.toString(),
            "--out",
            out.toString());
    assertThat(patches.code() == 0 || patches.err().contains("patchcamelyon"))
        .as(patches.err())
        .isTrue();
  }

  /** In the project's folder it would make the next runs "dirty". */
  @Test
  void withoutOutItIsWrittenUnderResults() throws IOException {
    String before = System.getProperty("cnnlab.home");
    System.setProperty("cnnlab.home", folder.toString());
    try {
      Outcome outcome =
          Outcome.of("augment", "--config", config("[transpose]"), "--datasets", "datasets");
      assertThat(outcome.code()).as(outcome.err()).isZero();
      assertThat(folder.resolve("results/augmentation/config.png")).isNotEmptyFile();
      assertThat(outcome.out()).contains("config.png");
    } finally {
      if (before == null) {
        System.clearProperty("cnnlab.home");
      } else {
        System.setProperty("cnnlab.home", before);
      }
    }
  }

  @Test
  void aFolderIsNoFileToWrite() throws IOException {
    Outcome outcome =
        Outcome.of("augment", "--config", config("[transpose]"), "--out", folder.toString());
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("--out", folder.toString(), "is a folder");
  }

  @Test
  void neverOverwritesItsConfigurationAndLeavesLinks() throws IOException {
    String config = config("[transpose]");
    Path link = Files.createSymbolicLink(folder.resolve("link.png"), Path.of(config));
    for (String out : new String[] {config, link.toString()}) {
      Outcome outcome = Outcome.of("augment", "--config", config, "--out", out);
      assertThat(outcome.code()).as(outcome.err()).isEqualTo(2);
      assertThat(outcome.err()).contains("--out", "--config", "would be overwritten");
    }
    assertThat(Path.of(config)).content().isEqualTo("augmentation: [transpose]");
    Path sheet = folder.resolve("sheet.png");
    Path toSheet = Files.createSymbolicLink(folder.resolve("to-sheet.png"), sheet);
    assertThat(Main.run("augment", "--config", config, "--out", toSheet.toString())).isZero();
    assertThat(toSheet).isSymbolicLink();
    assertThat(sheet).isNotEmptyFile();
    assertThat(Main.run("augment", "--config", config, "--out", "/dev/null")).isEqualTo(2);
  }

  @Test
  void coloursOfDigitsAndUnknownDataSetsAreWrongUsage() throws IOException {
    Path out = folder.resolve("never.png");
    Outcome grey =
        Outcome.of("augment", "--config", config("[stain: {sigma: 0.1}]"), "--out", out.toString());
    assertThat(grey.code()).isEqualTo(2);
    assertThat(grey.err()).contains("on MNIST train: stain: an image of 1 channel(s) found");
    Outcome unknown =
        Outcome.of("augment", "--config", config("[transpose]"), "--dataset", "cifar");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err())
        .contains("--dataset is cifar; it must be mnist, patchcamelyon or synthetic");
    assertThat(out).doesNotExist();
  }
}
