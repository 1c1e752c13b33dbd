package cnnlab.training;

import cnnlab.config.ConfigLoader;
import cnnlab.store.EventFile;
import cnnlab.store.Json;
import cnnlab.store.RunDirectory;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the curves of a training for TensorBoard, epoch by epoch, to {@code
 * tensorboard/NAME/train} and {@code .../validation}, along with the configuration. TensorBoard
 * draws curves of the same name in one chart. A training that resumes from a checkpoint appends to
 * its files; one that starts over replaces them.
 *
 * <p>After each evaluated epoch there are histograms of all weights; after epochs 1, 2, 4, 8, ...
 * and the last also pictures: the kernels of the first convolutions, and the confusion matrix of
 * the validation images.
 *
 * <p>If something cannot be written or drawn, the training continues after one warning.
 */
public final class TensorBoardListener implements TrainingListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TensorBoardListener.class);
  private static final String FOLDER = "tensorboard";

  private final RunDirectory directory;
  private final String folder;
  private final Record config;
  private EventFile train;
  private EventFile validation;
  private boolean broken;
  private TrainingPictures pictures;

  private TensorBoardListener(RunDirectory directory, String folder, Record config) {
    this.directory = directory;
    this.folder = folder;
    this.config = config;
  }

  /** The listener of a run with a single training. */
  public static TensorBoardListener of(RunDirectory directory, Record config) {
    return new TensorBoardListener(directory, FOLDER, config);
  }

  /**
   * The listener of one of several trainings.
   *
   * @param name the name of the training, part of a path
   */
  public static TensorBoardListener of(RunDirectory directory, String name, Record config) {
    return new TensorBoardListener(directory, FOLDER + "/" + name, config);
  }

  @Override
  public void epochDone(EpochMetrics m) {
    if (broken) {
      return;
    }
    try {
      if (train == null) {
        open(m.epoch() == 1);
      }
      add(train, m.epoch(), "batch_loss", m.batchLoss());
      add(train, m.epoch(), "loss", m.trainLoss());
      add(train, m.epoch(), "accuracy", m.trainAccuracy());
      add(train, m.epoch(), "images_per_second", m.imagesPerSecond());
      add(validation, m.epoch(), "loss", m.validationLoss());
      add(validation, m.epoch(), "accuracy", m.validationAccuracy());
      add(validation, m.epoch(), "auc", m.validationAuc());
    } catch (IOException e) {
      broken = true;
      LOG.warn("no curves for TensorBoard of {}: {}", folder, e.toString());
      LOG.debug("cause", e);
    }
  }

  @Override
  public void epochEvaluated(EvaluatedEpoch e) {
    if (broken) {
      return;
    }
    try {
      if (pictures == null) {
        pictures = new TrainingPictures(train, validation, directory.mark());
      }
      pictures.add(e);
    } catch (IOException | RuntimeException fault) {
      broken = true;
      LOG.warn("no histograms for TensorBoard of {}: {}", folder, fault.toString());
      LOG.debug("cause", fault);
    }
  }

  private void open(boolean anew) throws IOException {
    if (anew) {
      directory.delete(folder);
      try (EventFile about = EventFile.create(path(""), Clock.systemUTC())) {
        about.text("configuration", "```yaml\n" + ConfigLoader.toYaml(config) + "```");
        about.hyperparameters(flat(ConfigLoader.toMap(config)));
      }
    }
    train = EventFile.create(path("/train"), Clock.systemUTC());
    validation = EventFile.create(path("/validation"), Clock.systemUTC());
  }

  private Path path(String part) {
    return directory.path(folder + part);
  }

  /** Adds a point; an epoch that was not evaluated has none. */
  private static void add(EventFile file, int epoch, String tag, Double value) throws IOException {
    if (value != null && Double.isFinite(value)) {
      file.scalar(epoch, tag, value);
    }
  }

  /** The configuration with dotted keys; lists as JSON. */
  private static Map<String, Object> flat(Map<String, Object> sections)
      throws JsonProcessingException {
    Map<String, Object> flat = new LinkedHashMap<>();
    add("", sections, flat);
    return flat;
  }

  private static void add(String prefix, Map<?, ?> section, Map<String, Object> flat)
      throws JsonProcessingException {
    for (Map.Entry<?, ?> entry : section.entrySet()) {
      Object value = entry.getValue();
      String key = prefix + entry.getKey();
      if (value instanceof Map<?, ?> inner) {
        add(key + ".", inner, flat);
      } else {
        boolean plain =
            value instanceof Number || value instanceof Boolean || value instanceof String;
        flat.put(key, plain ? value : Json.lineWriter().writeValueAsString(value));
      }
    }
  }

  @Override
  public void close() {
    if (pictures != null && !broken) {
      pictures.finish();
    }
    for (EventFile file : new EventFile[] {train, validation}) {
      try {
        if (file != null) {
          file.close();
        }
      } catch (IOException e) {
        LOG.debug("a file of {} cannot be closed", folder, e);
      }
    }
  }
}
