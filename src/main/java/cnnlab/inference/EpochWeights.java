package cnnlab.inference;

import cnnlab.config.UsageException;
import cnnlab.data.file.NpyArray;
import cnnlab.data.file.NpyFile;
import cnnlab.store.RunDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The weights that a training had after some of its epochs: {@code weights/epoch-N.npy} beside
 * {@code model.zip}, where epoch 0 is before the first step. Each file has all P parameters in the
 * order of {@code coefficients.bin} in the zip, float32 of shape [P], and nothing of the optimiser.
 *
 * @param folder the folder
 * @param epochs the epochs, ascending; empty if no weights were kept
 */
public record EpochWeights(Path folder, List<Integer> epochs) {
  /** The name of the folder. */
  public static final String FOLDER = "weights";

  private static final Pattern NAME = Pattern.compile("epoch-(0|[1-9][0-9]{0,8})\\.npy");

  public EpochWeights {
    epochs = List.copyOf(epochs);
  }

  /** The weights beside a model file. */
  public static EpochWeights beside(Path model) {
    return in(model.resolveSibling(FOLDER));
  }

  private static EpochWeights in(Path folder) {
    if (!Files.isDirectory(folder)) {
      return new EpochWeights(folder, List.of());
    }
    try (Stream<Path> files = Files.list(folder)) {
      return new EpochWeights(
          folder,
          files
              .map(file -> NAME.matcher(file.getFileName().toString()))
              .filter(Matcher::matches)
              .map(name -> Integer.valueOf(name.group(1)))
              .sorted()
              .toList());
    } catch (IOException e) {
      throw new UsageException("%s: cannot be read (%s)".formatted(folder, e), e);
    }
  }

  /** The name of an epoch's file in a folder. */
  public static String name(String folder, int epoch) {
    return "%s/epoch-%s.npy".formatted(folder, epoch);
  }

  /** Whether the weights of an epoch are kept: of every k-th, and of the last. */
  public static boolean keeps(int epoch, int every, int epochs) {
    return every > 0 && (epoch % every == 0 || epoch == epochs);
  }

  /**
   * The names of the files that a training leaves.
   *
   * @param every the epochs from one to the next; 0 for none
   * @param epochs the configured number
   * @param done the number of epochs that were trained
   */
  public static List<String> names(String folder, int every, int epochs, int done) {
    return IntStream.rangeClosed(0, done)
        .filter(epoch -> keeps(epoch, every, epochs))
        .mapToObj(epoch -> name(folder, epoch))
        .toList();
  }

  /** Writes the weights of a graph. */
  public static void write(RunDirectory directory, String folder, int epoch, ComputationGraph graph)
      throws IOException {
    float[] values = graph.params().dup('c').data().asFloat();
    NpyArray array = new NpyArray(new int[] {values.length}, values);
    directory.write(name(folder, epoch), file -> NpyFile.write(file, array));
  }

  /** Copies the weights of a training inside a run directory; there need not be any. */
  public static void copy(RunDirectory directory, String from, String to) throws IOException {
    List<Integer> kept = new ArrayList<>(in(directory.path(from)).epochs);
    for (int epoch : kept) {
      Path source = directory.path(name(from, epoch));
      directory.write(name(to, epoch), file -> Files.copy(source, file));
    }
  }

  /**
   * The network after an epoch.
   *
   * @param epoch one of {@link #epochs}
   * @param graph the network with other weights; not changed
   * @throws UsageException when the file has another number of values than the graph parameters
   * @throws cnnlab.data.file.DataException when the file is missing or damaged
   */
  public ComputationGraph at(int epoch, ComputationGraph graph) {
    Path file = folder.resolve(name(".", epoch)).normalize();
    NpyArray array = NpyFile.read(file);
    if (array.data().length != graph.numParams()) {
      throw new UsageException(
          "%s has %s values; the %s parameters of the model beside it expected. Keep a run's files together"
              .formatted(file, array.data().length, graph.numParams()));
    }
    ComputationGraph copy = graph.clone();
    copy.params().assign(Nd4j.create(array.data(), copy.params().shape(), 'c'));
    return copy;
  }
}
