package cnnlab.data.file;

import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;

/** Writes predictions as CSV, in the usual format of machine-learning challenges. */
public final class PredictionFile {
  private static final String ID = "id";
  private static final String CLASS = "class";
  private static final String PROBABILITY = "probability_";
  private static final String VALUE = "value_";

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
    write(file, classes.length, classes, PROBABILITY, probabilities);
  }

  /**
   * Like {@link #write}, but for outputs that are not probabilities, such as logits or those of a
   * regression: {@code id,value_0,...}, without classes.
   *
   * @param n the number of images
   * @param values the model's outputs [N, K]
   */
  public static void writeValues(Path file, int n, float[] values) {
    write(file, n, null, VALUE, values);
  }

  private static void write(Path file, int n, int[] classes, String column, float[] outputs) {
    int k = outputs == null || n == 0 ? 0 : outputs.length / n;
    DataFiles.write(
        file,
        out -> {
          try (CSVPrinter csv =
              new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), FORMAT)) {
            csv.print(ID);
            if (classes != null) {
              csv.print(CLASS);
            }
            for (int c = 0; c < k; c++) {
              csv.print(column + c);
            }
            csv.println();
            for (int i = 0; i < n; i++) {
              csv.print(i);
              if (classes != null) {
                csv.print(classes[i]);
              }
              for (int c = 0; c < k; c++) {
                csv.print(outputs[i * k + c]);
              }
              csv.println();
            }
          }
        });
  }
}
