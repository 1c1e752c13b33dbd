package cnnlab.data.file;

import io.jhdf.HdfFile;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Small HDF5 files of made-up images. */
public final class Hdf5Fixture {
  public static final DatasetCreationOptions UNSIGNED =
      DatasetCreationOptions.builder().unsigned().build();

  private Hdf5Fixture() {}

  /** The value that every image of these files has at a place. */
  public static byte pixel(int n, int y, int x, int c) {
    return (byte) (n * 31 + y * 7 + x * 3 + c * 101);
  }

  public static byte[][][][] images(int count, int height, int width, int channels) {
    byte[][][][] images = new byte[count][height][width][channels];
    for (int n = 0; n < count; n++) {
      for (int y = 0; y < height; y++) {
        for (int x = 0; x < width; x++) {
          for (int c = 0; c < channels; c++) {
            images[n][y][x][c] = pixel(n, y, x, c);
          }
        }
      }
    }
    return images;
  }

  /** Labels [N, 1, 1, 1] in which every third is 1. */
  public static byte[][][][] labels(int count) {
    byte[][][][] labels = new byte[count][1][1][1];
    for (int n = 0; n < count; n++) {
      labels[n][0][0][0] = label(n);
    }
    return labels;
  }

  public static byte label(int n) {
    return (byte) (n % 3 == 0 ? 1 : 0);
  }

  public static DatasetCreationOptions chunks(int... dimensions) {
    return DatasetCreationOptions.builder()
        .unsigned()
        .chunkDimensions(dimensions)
        .shuffle()
        .deflate()
        .build();
  }

  /** Writes data sets by name, as unsigned integers. */
  public static Path write(Path file, Map<String, Object> datasets) throws IOException {
    return write(file, datasets, UNSIGNED);
  }

  /** Writes data sets by name, in one way. */
  public static Path write(Path file, Map<String, Object> datasets, DatasetCreationOptions options)
      throws IOException {
    Files.createDirectories(file.getParent());
    try (WritableHdfFile hdf = HdfFile.write(file)) {
      datasets.forEach((name, data) -> hdf.putDataset(name, data, options));
    }
    return file;
  }

  /** The course's layout with patches of the given number and size. */
  public static void course(Path folder, int train, int valid, int test, int side)
      throws IOException {
    write(
        folder.resolve("train.h5"), Map.of("x", images(train, side, side, 3), "y", labels(train)));
    write(
        folder.resolve("valid.h5"), Map.of("x", images(valid, side, side, 3), "y", labels(valid)));
    write(folder.resolve("test_x.h5"), Map.of("x", images(test, side, side, 3)));
  }

  /** One part of the official layout. */
  public static void official(Path folder, String part, int count, int side) throws IOException {
    String name = "camelyonpatch_level_2_split_" + part;
    write(folder.resolve(name + "_x.h5"), Map.of("x", images(count, side, side, 3)));
    write(folder.resolve(name + "_y.h5"), Map.of("y", labels(count)));
  }

  /** Replaces a file by its compressed form. */
  public static Path gzip(Path file) throws IOException {
    Path compressed = file.resolveSibling(file.getFileName() + ".gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
      Files.copy(file, out);
    }
    Files.delete(file);
    return compressed;
  }
}
