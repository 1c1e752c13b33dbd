package cnnlab.explorer;

import cnnlab.explorer.Explorer.UnknownException;
import cnnlab.inference.ArrayLayout;
import cnnlab.inference.EpochWeights;
import cnnlab.inference.LoadedModel;
import cnnlab.inference.ModelRecord;
import cnnlab.inference.PixelScale;
import cnnlab.run.history.RunFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models that the user named, by key: {@code m0}, {@code m1}, …; and {@code m0@3}, the first
 * one after epoch 3 of its training.
 */
final class Subjects {
  private static final Logger LOG = LoggerFactory.getLogger(Subjects.class);
  private static final char AT = '@';

  /** Networks of other epochs that are kept in memory, for each model. */
  private static final int MOST_EPOCHS = 8;

  private final Map<String, Opened> opened = new LinkedHashMap<>();

  /** A model and its epochs. Thread-safe. */
  private static final class Opened {
    private final Path file;
    private final LoadedModel loaded;
    private final Subject subject;
    private final EpochWeights weights;
    private final List<Answers.Epoch> epochs;
    private final Map<Integer, Subject> others =
        new LinkedHashMap<>(MOST_EPOCHS, 0.75f, true) {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<Integer, Subject> eldest) {
            return size() > MOST_EPOCHS;
          }
        };

    Opened(Path file, LoadedModel loaded, ArrayLayout input, PixelScale scale) {
      this.file = file;
      this.loaded = loaded;
      this.subject = Subject.open(file, loaded, input, scale);
      this.weights = EpochWeights.beside(file);
      this.epochs = weights.epochs().isEmpty() ? List.of() : epochs(file, weights);
    }

    synchronized Subject at(int epoch) {
      Answers.Epoch wanted =
          epochs.stream()
              .filter(e -> e.epoch() == epoch)
              .findFirst()
              .orElseThrow(
                  () ->
                      new UnknownException(
                          "%s has no weights of epoch %s; it has those of %s"
                              .formatted(
                                  file,
                                  epoch,
                                  epochs.stream().map(Answers.Epoch::epoch).toList())));
      if (wanted.file()) {
        return subject;
      }
      Subject found = others.get(epoch);
      if (found == null) {
        ComputationGraph graph = weights.at(epoch, loaded.graph());
        found = subject.with("%s, epoch %s".formatted(file, epoch), graph);
        others.put(epoch, found);
      }
      return found;
    }
  }

  /** The epochs with what the training measured, and that of the model file. */
  private static List<Answers.Epoch> epochs(Path file, EpochWeights weights) {
    Optional<ModelRecord.Trained> training = ModelRecord.beside(file).map(ModelRecord::training);
    int kept = training.map(ModelRecord.Trained::keptEpoch).orElse(-1);
    Map<String, Map<String, String>> rows = history(file, training);
    TreeSet<Integer> all = new TreeSet<>(weights.epochs());
    if (kept >= 0) {
      all.add(kept);
    }
    return all.stream()
        .map(
            epoch -> {
              Map<String, String> row = rows.getOrDefault(String.valueOf(epoch), Map.of());
              return new Answers.Epoch(
                  epoch,
                  epoch == kept,
                  number(row.get("batchLoss")),
                  number(row.get("validationLoss")),
                  number(row.get("validationAccuracy")));
            })
        .toList();
  }

  /** The rows of the training's history by epoch; empty if it cannot be read. */
  private static Map<String, Map<String, String>> history(
      Path file, Optional<ModelRecord.Trained> training) {
    Path run = file.toAbsolutePath().getParent();
    Path own =
        training
            .map(t -> run.resolve("history/%s-%s.csv".formatted(t.variant(), t.repetition())))
            .filter(Files::isRegularFile)
            .orElse(run.resolve("history.csv"));
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    try {
      RunFiles.rows(own).forEach(row -> rows.put(row.getOrDefault("epoch", ""), row));
    } catch (IOException | RuntimeException e) {
      LOG.warn("{}: cannot be read ({}); the epochs are shown without losses", own, e.toString());
    }
    return rows;
  }

  private static Double number(String cell) {
    try {
      Double value = cell == null || cell.isEmpty() ? null : Double.valueOf(cell);
      return value == null || !Double.isFinite(value) ? null : value;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** Adds a model under the next key; see {@link Subject#open}. */
  void add(Path file, LoadedModel loaded, ArrayLayout input, PixelScale scale) {
    opened.put("m" + opened.size(), new Opened(file, loaded, input, scale));
  }

  /** The keys of the models as their files have them. */
  List<String> keys() {
    return new ArrayList<>(opened.keySet());
  }

  /**
   * A model.
   *
   * @param key such as {@code m0} or {@code m0@3}
   * @throws UnknownException when there is none
   */
  Subject get(String key) {
    int at = key.indexOf(AT);
    Opened found = opened(key);
    return at < 0 ? found.subject : found.at(epoch(key, key.substring(at + 1)));
  }

  private static int epoch(String key, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new UnknownException("'%s' is no model; such as m0@3 expected".formatted(key));
    }
  }

  /** The epochs of a model's training. */
  List<Answers.Epoch> epochs(String key) {
    return opened(key).epochs;
  }

  private Opened opened(String key) {
    int at = key.indexOf(AT);
    Opened found = opened.get(at < 0 ? key : key.substring(0, at));
    if (found == null) {
      throw new UnknownException("there is no model '%s'; there are %s".formatted(key, keys()));
    }
    return found;
  }
}
