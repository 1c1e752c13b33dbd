package cnnlab.task3;

import cnnlab.config.ConfigLoader;
import cnnlab.data.ImageSet;
import cnnlab.data.ImageSubset;
import cnnlab.data.Seeds;
import cnnlab.data.Targets;
import cnnlab.engine.Divergence;
import cnnlab.engine.Engine;
import cnnlab.inference.Evaluation;
import cnnlab.inference.TestTimeSymmetries;
import cnnlab.store.CheckpointFile;
import cnnlab.training.DivergedException;
import cnnlab.training.EpochMetrics;
import cnnlab.training.TrainingListener;
import cnnlab.training.TrainingSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Distillation (Hinton et al. 2015, "Distilling the knowledge in a neural network"): networks of
 * the same configuration, the teachers, are trained first. The mean of their probabilities, each
 * over the eight symmetries of the patch without augmentation (equivariant networks need no mean),
 * becomes part of the targets of another network, the student: target = (1 − w)·label + w·teachers.
 * The student is one network, with the knowledge of several (born-again networks, Furlanello et al.
 * 2018).
 *
 * <p>Patches without labels can be learned from in the same way, with the teachers' probabilities
 * alone (noisy student, Xie et al. 2020). Their predictions are then transductive: the network has
 * seen the patches.
 */
final class Task3Teachers {
  /** Patches between two looks at whether the user stopped the run. */
  private static final int PART = 1024;

  private Task3Teachers() {}

  /**
   * What a network is trained on.
   *
   * @param labelled the labelled training patches
   * @param indices all training patches, labelled or not, of the same set [N]
   * @param targets the targets of the set's patches
   * @param seconds how long the teachers' trainings took, including the time before an interruption
   */
  record Lesson(ImageSubset labelled, int[] indices, Targets targets, double seconds) {
    /** Labels alone. */
    static Lesson labels(ImageSubset train) {
      return new Lesson(train, train.indices(), Targets.oneHot(train.set()), 0);
    }
  }

  /**
   * Trains the teachers, if there are any, and makes the student's lesson from their predictions. A
   * pure function of (configuration, repetition).
   *
   * @param span the span of the student; teachers have the same, with checkpoints of their own
   *     beside the student's
   */
  static Lesson lesson(Task3Config config, int repetition, Task3Data.Fold fold, TrainingSpan span)
      throws IOException {
    Task3Config.Distillation d = config.distillation();
    if (d.teachers() == 0) {
      return Lesson.labels(fold.train());
    }
    Optional<ImageSubset> unlabelled = fold.unlabelled(d.unlabelled());
    ImageSubset known = fold.train();
    float[] onKnown = new float[known.count() * known.set().classes()];
    float[] onUnknown =
        new float[unlabelled.map(ImageSubset::count).orElse(0) * known.set().classes()];
    double seconds = 0;
    for (int k = 1; k <= d.teachers(); k++) {
      try {
        seconds +=
            Task3Repetition.train(
                teacher(config, k),
                repetition,
                fold,
                Lesson.labels(known),
                teacherSpan(span, config, k),
                t -> {
                  long start = System.nanoTime();
                  add(onKnown, t.engine(), known, config, span.listener());
                  unlabelled.ifPresent(u -> add(onUnknown, t.engine(), u, config, span.listener()));
                  return (System.nanoTime() - start) * 1e-9
                      + t.fit().history().stream().mapToDouble(EpochMetrics::seconds).sum();
                });
      } catch (DivergedException e) {
        throw ofTeacher(k, e.divergence());
      }
    }
    return combine(known, unlabelled, d.weight(), onKnown, onUnknown, seconds);
  }

  /** The student has not been trained, so its history is empty. */
  private static DivergedException ofTeacher(int k, Divergence d) {
    return new DivergedException(
        new Divergence(d.epoch(), d.batch(), "teacher %s: %s".formatted(k, d.what()), d.value()),
        List.of());
  }

  /** Adds a teacher's share of the mean prediction, in parts, so that the user can stop the run. */
  private static void add(
      float[] sum,
      Engine engine,
      ImageSubset images,
      Task3Config config,
      TrainingListener listener) {
    int classes = images.set().classes();
    for (int from = 0; from < images.count(); from += PART) {
      int[] part =
          Arrays.copyOfRange(images.indices(), from, Math.min(from + PART, images.count()));
      float[] p =
          config.network().kind() == Task3Config.NetworkKind.EQUIVARIANT
              ? Evaluation.of(engine, images.set(), part).probabilities()
              : TestTimeSymmetries.mean(engine, images.set(), part);
      for (int i = 0; i < p.length; i++) {
        sum[from * classes + i] += p[i] / config.distillation().teachers();
      }
      listener.partDone();
    }
  }

  /**
   * The configuration of a teacher: other seeds, no teachers of its own, and all epochs, because
   * the validation patches must not choose what the student learns.
   */
  private static Task3Config teacher(Task3Config config, int k) {
    return ConfigLoader.with(
        config,
        Map.of(
            "seed",
            Seeds.derive(config.seed(), "teacher-" + k),
            "distillation",
            Map.of("teachers", 0, "weight", 1, "unlabelled", "none"),
            "earlyStopping",
            Map.of("watch", "none", "patience", 0)),
        "a teacher");
  }

  private static TrainingSpan teacherSpan(TrainingSpan span, Task3Config config, int k) {
    CheckpointFile file = span.checkpoint();
    int teachers = config.distillation().teachers();
    return new TrainingSpan(
        config.epochs(),
        span.threads(),
        file == null ? null : CheckpointFile.of(path(file.path(), k), file.origin() + "-" + k),
        new TeacherListener("teacher %s/%s".formatted(k, teachers), span.listener()));
  }

  /** Reports the epochs of a teacher, which are not the student's. */
  private record TeacherListener(String name, TrainingListener listener)
      implements TrainingListener {
    @Override
    public void batchDone(int epoch, int images, double loss) {
      listener.batchDone(epoch, images, loss);
    }

    @Override
    public void epochDone(EpochMetrics metrics) {
      listener.epochBeforeDone(name, metrics);
    }
  }

  private static Path path(Path checkpoint, int k) {
    return checkpoint.resolveSibling(checkpoint.getFileName() + ".teacher-" + k);
  }

  /** Deletes the checkpoints of the teachers of a finished student. */
  static void deleteCheckpoints(Path checkpoint, Task3Config config) throws IOException {
    for (int k = 1; k <= config.distillation().teachers(); k++) {
      Files.deleteIfExists(path(checkpoint, k));
    }
  }

  /**
   * The lesson; with unlabelled patches, its set has first the labelled patches' set, then these.
   */
  private static Lesson combine(
      ImageSubset known,
      Optional<ImageSubset> unlabelled,
      double weight,
      float[] onKnown,
      float[] onUnknown,
      double seconds) {
    ImageSet set = known.set();
    int k = set.classes();
    int extra = onUnknown.length / k;
    float[] targets = new float[(set.count() + extra) * k];
    float[] oneHot = set.oneHot(known.indices(), 0, known.count());
    for (int i = 0; i < known.count(); i++) {
      for (int c = 0; c < k; c++) {
        targets[known.indices()[i] * k + c] =
            (float) ((1 - weight) * oneHot[i * k + c] + weight * onKnown[i * k + c]);
      }
    }
    if (unlabelled.isEmpty()) {
      return new Lesson(known, known.indices(), Targets.soft(targets, k), seconds);
    }
    ImageSubset u = unlabelled.get();
    byte[] pixels = Arrays.copyOf(set.pixels(), set.pixels().length + extra * set.imageSize());
    for (int i = 0; i < extra; i++) {
      System.arraycopy(
          u.set().pixels(),
          u.indices()[i] * set.imageSize(),
          pixels,
          (set.count() + i) * set.imageSize(),
          set.imageSize());
    }
    int[] labels = Arrays.copyOf(set.labels(), set.count() + extra);
    Arrays.fill(labels, set.count(), labels.length, -1);
    System.arraycopy(onUnknown, 0, targets, set.count() * k, onUnknown.length);
    ImageSet all =
        new ImageSet(set.name(), set.channels(), set.height(), set.width(), k, pixels, labels);
    return new Lesson(
        new ImageSubset(all, known.indices()),
        IntStream.concat(
                Arrays.stream(known.indices()), IntStream.range(set.count(), labels.length))
            .toArray(),
        Targets.soft(targets, k),
        seconds);
  }
}
