package cnnlab.data.patch;

import cnnlab.data.ImageSet;
import cnnlab.data.file.DataException;
import cnnlab.data.file.Hdf5File;
import cnnlab.data.file.Hdf5Images;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Reads images for prediction. */
public final class UnlabelledImages {
  private UnlabelledImages() {}

  /**
   * Reads data set {@code x} of an HDF5 file, uint8 [N, H, W, C].
   *
   * @param file the file, such as the course's {@code test_x.h5}
   * @param crop side of the central square that is cut out of every image, 0 for whole images
   * @return N images without labels, of an unknown number of classes
   * @throws DataException when the file is missing, damaged or not as described, or the images are
   *     smaller than {@code crop} or, without a crop, not square
   */
  public static ImageSet read(Path file, int crop) {
    try (Hdf5File hdf = Hdf5File.open(file)) {
      Hdf5Images images = new Hdf5Images(hdf, PatchFiles.X);
      if (crop == 0 && images.height() != images.width()) {
        throw hdf.fault(
            PatchFiles.X,
            "images of %dx%d pixels".formatted(images.height(), images.width()),
            "square images",
            "Crop them to central squares with --crop.");
      }
      int side = crop == 0 ? images.height() : crop;
      int[] all = IntStream.range(0, images.count()).toArray();
      int[] labels = new int[images.count()];
      Arrays.fill(labels, PatchFiles.UNLABELLED);
      return new ImageSet(
          file.toString(), images.channels(), side, side, 0, images.read(all, side), labels);
    }
  }
}
