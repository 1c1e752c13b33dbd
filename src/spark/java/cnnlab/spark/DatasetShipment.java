package cnnlab.spark;

import cnnlab.io.WriteFault;
import cnnlab.sweep.trial.ExecutorProvider.Needs;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The transfer of the data sets to the executors: one archive that the driver serves and each
 * executor fetches and unpacks once, or nothing if all machines share the folders.
 *
 * @param archive the archive on the driver, or null
 * @param folders the shared folders, passed to {@link ExecutorTrials}; empty if an archive is sent
 */
record DatasetShipment(Path archive, List<String> folders) {
  /** The folder, among an application's files, into which Spark unpacks the archive. */
  static final String UNPACKED = "datasets";

  static DatasetShipment send(JavaSparkContext context, Needs needs) throws IOException {
    if (needs.folders().isEmpty() || needs.shared()) {
      return new DatasetShipment(
          null, needs.folders().stream().map(f -> f.toAbsolutePath().toString()).toList());
    }
    Path archive = Files.createTempFile("cnnlab-datasets-", ".zip");
    archive.toFile().deleteOnExit();
    try {
      pack(needs.folders(), archive);
    } catch (IOException e) {
      throw WriteFault.named(archive, e);
    }
    context.sc().addArchive(archive.toUri() + "#" + UNPACKED);
    return new DatasetShipment(archive, List.of());
  }

  private static void pack(List<Path> folders, Path archive) throws IOException {
    try (OutputStream file = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      // The files are already compressed.
      zip.setLevel(Deflater.NO_COMPRESSION);
      for (Path folder : folders) {
        try (Stream<Path> files = Files.list(folder)) {
          for (Path f : files.filter(Files::isRegularFile).sorted().toList()) {
            zip.putNextEntry(new ZipEntry(folder.getFileName() + "/" + f.getFileName()));
            Files.copy(f, zip);
            zip.closeEntry();
          }
        }
      }
    }
  }

  /** Deletes the archive; executors that start later get no data. */
  void discard() throws IOException {
    if (archive != null) {
      Files.deleteIfExists(archive);
    }
  }
}
