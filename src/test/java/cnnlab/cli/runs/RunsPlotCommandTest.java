package cnnlab.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import cnnlab.Outcome;
import cnnlab.plot.Picture;
import cnnlab.run.history.LearningCurves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunsPlotCommandTest {
  private static final String HEADER = "epoch,batchLoss,validationLoss,validationAccuracy\n";

  @TempDir Path temp;

  private Outcome plot(String... arguments) {
    return Outcome.of(
        Stream.concat(Stream.of("runs", "plot", "--results", temp.toString()), Stream.of(arguments))
            .toArray(String[]::new));
  }

  private Path run(String name) throws IOException {
    Path run = Files.createDirectories(temp.resolve(name));
    Files.writeString(run.resolve("status.json"), "{\"state\": \"finished\"}");
    Files.writeString(run.resolve("config.yaml"), "experiment: " + name + "\n");
    return run;
  }

  @Test
  void drawsSeveralRunsInOnePicture() throws IOException {
    Path file = temp.resolve("new/a.png");
    Outcome outcome =
        Outcome.of(
            "runs",
            "plot",
            "results/reference/task1",
            "results/reference/task3-best",
            "--out",
            file.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("2 curves of 2 runs");
    Picture picture = Picture.read(file);
    assertThat(picture.width()).isEqualTo(960);
    assertThat(picture.height()).isGreaterThan(1200);
  }

  @Test
  void aVariantIsTheMeanOfItsTrainingsUpToTheEpochThatAllReached() throws IOException {
    Path run = run("a");
    Path history = Files.createDirectory(run.resolve("history"));
    Files.writeString(history.resolve("x-y-1.csv"), HEADER + "1,2,NaN,0.5\n2,1,0.5,0.7\n3,1,1,1\n");
    Files.writeString(history.resolve("x-y-2.csv"), HEADER + "1,4,NaN,0.7\n2,2,0.7,0.9\n");
    Files.writeString(history.resolve("z-1.csv"), HEADER + "1,1,1,\n");
    List<LearningCurves> curves = LearningCurves.read(run);
    assertThat(curves).extracting(LearningCurves::variant).containsExactly("x-y", "z");
    LearningCurves mean = curves.get(0);
    assertThat(mean.trainings()).isEqualTo(2);
    assertThat(mean.epochs()).containsExactly(1, 2);
    assertThat(mean.batchLoss()).containsExactly(3, 1.5);
    assertThat(mean.validationLoss()).containsExactly(Double.NaN, 0.6);
    assertThat(mean.validationAccuracy()[1]).isEqualTo(0.8);
    assertThat(LearningCurves.known(curves.get(1).validationAccuracy())).isFalse();
    Outcome outcome = plot("a");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("2 curves of 1 run");
    assertThat(temp.resolve("curves.png")).exists();
    assertThat(plot("a", "--variants", "z").out()).contains("1 curve of 1 run");
    assertThat(plot("a", "--variants", "w").err()).contains("no run has a variant of the name w");
  }

  @Test
  void wrongUsageIsExitCode2AndDrawsNothing() throws IOException {
    run("empty");
    assertThat(plot("empty").err()).contains("no learning curves");
    assertThat(plot("empty").code()).isEqualTo(2);
    assertThat(plot("none").err()).contains("none: no such run");
    assertThat(plot("empty", "--out", "x.svg").err()).contains("it must end in .png");
    assertThat(plot().code()).isEqualTo(2);
    Path run = run("many");
    Path history = Files.createDirectory(run.resolve("history"));
    for (int i = 0; i < 13; i++) {
      Files.writeString(history.resolve("v" + i + "-1.csv"), HEADER + "1,1,1,1\n");
    }
    assertThat(plot("many").err()).contains("13 curves", "--variants");
    Path broken = run("broken");
    Files.writeString(broken.resolve("history.csv"), "no,table\n1,2\n");
    Outcome outcome = plot("broken");
    assertThat(outcome.code()).isNotZero();
    assertThat(outcome.err()).contains("history.csv", "without the number of its epoch");
    assertThat(temp.resolve("curves.png")).doesNotExist();
  }
}
