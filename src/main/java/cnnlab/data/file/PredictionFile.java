package cnnlab.data.file;

import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes predictions as CSV, in the usual format of machine-learning challenges. */
public final class PredictionFile {
  private static final String ID = "id";
  private static final String CLASS = "class";
  private static final String PROBABILITY = "probability_";
  private static final String VALUE = "value_";
  private static final String RUN = "run_";

  private static final CSVFormat FORMAT =
      CSVFormat.DEFAULT.builder().setRecordSeparator("\n").get();

  private PredictionFile() {}

  /**
   * Writes one row per image: {@code id,class}, and optionally the class probabilities ({@code
   * probability_0,...}), which can be read back without loss. The id is the index of the image,
   * from 0. The file is written atomically.
   *
   * @param file the file to create or replace; missing folders are created
   * @param classes the predicted class of each image [N]
   * @param probabilities the model's outputs [N, K], or null to leave them out
   * @throws DataException when it cannot be written
   */
  public static void write(Path file, int[] classes, float[] probabilities) {
    write(file, classes.length, classes, numbered(PROBABILITY, classes.length, probabilities));
  }

  /**
   * Like {@link #write}, but for outputs that are not probabilities, such as logits or those of a
   * regression: {@code id,value_0,...}, without classes.
   *
   * @param n the number of images
   * @param values the model's outputs [N, K]
   */
  public static void writeValues(Path file, int n, float[] values) {
    write(file, n, null, numbered(VALUE, n, values));
  }

  /**
   * One output of a model with several.
   *
   * @param name what its columns begin with
   * @param classes the predicted classes [N], or null
   * @param values its values [N, K], or null to leave them out
   */
  public record Output(String name, int[] classes, float[] values) {
    private List<String> columns(int n) {
      List<String> columns = new ArrayList<>();
      if (classes != null) {
        columns.add(name + "_" + CLASS);
      }
      int k = values == null || n == 0 ? 0 : values.length / n;
      for (int c = 0; c < k; c++) {
        columns.add(name + "_" + (classes == null ? VALUE : PROBABILITY) + c);
      }
      return columns;
    }
  }

  /**
   * Writes several outputs: {@code id}, then for each {@code NAME_class} and {@code
   * NAME_probability_0,...}, or {@code NAME_value_0,...}.
   *
   * @param n the number of examples
   */
  public static void writeOutputs(Path file, int n, List<Output> outputs) {
    DataFiles.write(
        file,
        out -> {
          try (CSVPrinter csv =
              new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT)) {
            csv.print(ID);
            for (Output output : outputs) {
              for (String column : output.columns(n)) {
                csv.print(column);
              }
            }
            csv.println();
            for (int i = 0; i < n; i++) {
              csv.print(i);
              for (Output output : outputs) {
                if (output.classes != null) {
                  csv.print(output.classes[i]);
                }
                int k = output.values == null ? 0 : output.values.length / n;
                for (int c = 0; c < k; c++) {
                  csv.print(output.values[i * k + c]);
                }
              }
              csv.println();
            }
          }
        });
  }

  /**
   * Writes one probability per image and run: {@code id,run_1,run_2,...}.
   *
   * @param runs the number of each run
   * @param probabilities of each run [R] for each image [N]
   */
  public static void writeRuns(Path file, int[] runs, float[][] probabilities) {
    List<String> names = Arrays.stream(runs).mapToObj(run -> RUN + run).toList();
    write(
        file,
        probabilities[0].length,
        null,
        new Columns(names, (image, run) -> probabilities[run][image]));
  }

  /** Columns of numbers. */
  private record Columns(List<String> names, Values values) {}

  private interface Values {
    float at(int image, int column);
  }

  private static Columns numbered(String name, int n, float[] outputs) {
    int k = outputs == null || n == 0 ? 0 : outputs.length / n;
    return new Columns(
        IntStream.range(0, k).mapToObj(c -> name + c).toList(),
        (image, column) -> outputs[image * k + column]);
  }

  private static void write(Path file, int n, int[] classes, Columns columns) {
    DataFiles.write(
        file,
        out -> {
          try (CSVPrinter csv =
              new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT)) {
            csv.print(ID);
            if (classes != null) {
              csv.print(CLASS);
            }
            for (String name : columns.names) {
              csv.print(name);
            }
            csv.println();
            for (int i = 0; i < n; i++) {
              csv.print(i);
              if (classes != null) {
                csv.print(classes[i]);
              }
              for (int c = 0; c < columns.names.size(); c++) {
                csv.print(columns.values.at(i, c));
              }
              csv.println();
            }
          }
        });
  }
}
