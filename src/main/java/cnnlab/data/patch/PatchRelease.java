package cnnlab.data.patch;

import cnnlab.data.download.Download;
import cnnlab.data.download.PartFile;
import cnnlab.data.download.PublishedFile;
import cnnlab.data.file.DataException;
import cnnlab.data.file.Gunzip;
import cnnlab.io.Checksum;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * PatchCamelyon as its authors publish it: six compressed HDF5 files, Zenodo record 2546921.
 *
 * <p>Sources: MD5 from the authors' repository basveeling/pcam, whose table has the rows of
 * validation and test swapped (torchvision's {@code PCAM} has them right); sizes and SHA-256 from
 * TensorFlow Datasets, {@code url_checksums/patch_camelyon.txt}.
 */
public final class PatchRelease {
  /** The address of the files. */
  public static final URI ZENODO = URI.create("https://zenodo.org/records/2546921/files");

  private static final String ZENODO_QUERY = "?download=1";
  private static final double GIGA = 1e9;

  private static final List<PublishedFile> FILES =
      List.of(
          new PublishedFile(
              "camelyonpatch_level_2_split_train_x.h5.gz",
              6_421_353_462L,
              "1571f514728f59376b705fc836ff4b63",
              "d619e741468a7ab35c7e4a75e6821b7e7e6c9411705d45708f2a0efc8960656c"),
          new PublishedFile(
              "camelyonpatch_level_2_split_train_y.h5.gz",
              21_378,
              "35c2d7259d906cfc8143347bb8e05be7",
              "b74126d2c01b20d3661f9b46765d29cf4e4fba6faba29c8e0d09d406331ab75a"),
          new PublishedFile(
              "camelyonpatch_level_2_split_valid_x.h5.gz",
              805_965_320,
              "d5b63470df7cfa627aeec8b9dc0c066e",
              "f82ee1670d027b4ec388048d9eabc2186b77c009655dae76d624c0ecb053ccb2"),
          new PublishedFile(
              "camelyonpatch_level_2_split_valid_y.h5.gz",
              3_038,
              "2b85f58b927af9964a4c15b8f7e8f179",
              "ce1ae30f08feb468447971cfd0472e7becd0ad96d877c64120c72571439ae48c"),
          new PublishedFile(
              "camelyonpatch_level_2_split_test_x.h5.gz",
              800_875_929,
              "d8c2d60d490dbd479f8199bdfa0cf6ec",
              "79174c2201ad521602a5888be8f36ee10875f37403dd3f2086caf2182ef87245"),
          new PublishedFile(
              "camelyonpatch_level_2_split_test_y.h5.gz",
              3_040,
              "60a7035772fbdb7f34eb86d4420cf66a",
              "0a522005fccc8bbd04c5a117bfaf81d8da2676f03a29d7499f71d0a0bd6068ef"));

  /** SHA-256 of the published files, by name. */
  public static final Map<String, String> SHA256 =
      FILES.stream().collect(Collectors.toMap(PublishedFile::name, PublishedFile::sha256));

  private PatchRelease() {}

  /**
   * Downloads the files that do not exist yet.
   *
   * @param base the address of the folder with the files; {@link #ZENODO} or a mirror
   * @param folder the destination; created if missing
   * @throws DataException when a file exists and has the wrong MD5
   * @throws IOException when the disk is full, or a download fails
   */
  public static void fetch(
      URI base, Path folder, Download.Limits limits, Download.Listener listener)
      throws IOException {
    fetch(FILES, base, folder, limits, listener);
  }

  static void fetch(
      List<PublishedFile> files,
      URI base,
      Path folder,
      Download.Limits limits,
      Download.Listener listener)
      throws IOException {
    Files.createDirectories(folder);
    List<PublishedFile> missing = new ArrayList<>();
    for (PublishedFile file : files) {
      if (!present(file, folder, listener)) {
        missing.add(file);
      }
    }
    requireSpace(missing, folder);
    Download download = new Download(limits, listener);
    for (PublishedFile file : missing) {
      download.fetch(address(base, file), folder.resolve(file.name()), file.bytes(), file.md5());
      listener.message(file.name() + ": complete, MD5 as published");
    }
  }

  private static URI address(URI base, PublishedFile file) {
    String folder = base.toString().replaceAll("/+$", "");
    return URI.create(folder + "/" + file.name() + (base.equals(ZENODO) ? ZENODO_QUERY : ""));
  }

  private static boolean present(PublishedFile file, Path folder, Download.Listener listener)
      throws IOException {
    Path target = folder.resolve(file.name());
    if (Files.exists(target)) {
      String found = Checksum.MD5.hex(target);
      if (!found.equals(file.md5())) {
        throw new DataException(
            target, "MD5 " + found, file.md5(), "Move it away, and it will be downloaded again.");
      }
      listener.message(file.name() + ": exists, MD5 as published");
      return true;
    }
    Path decompressed = Gunzip.decompressed(target);
    if (Files.exists(decompressed)) {
      listener.message(decompressed.getFileName() + ": exists decompressed, not checked");
      return true;
    }
    return false;
  }

  private static void requireSpace(List<PublishedFile> missing, Path folder) throws IOException {
    long needed = 0;
    for (PublishedFile file : missing) {
      Path part = PartFile.part(folder.resolve(file.name()));
      needed += Math.max(0, file.bytes() - (Files.exists(part) ? Files.size(part) : 0));
    }
    long free = Files.getFileStore(folder).getUsableSpace();
    if (needed > free) {
      throw new IOException(
          "%s: %.1f GB to download, %.1f GB free. Free some space, or choose another place: --datasets DIR."
              .formatted(folder, needed / GIGA, free / GIGA));
    }
  }
}
