package cnnlab.data.file;

import io.jhdf.HdfFile;
import io.jhdf.ObjectHeader;
import io.jhdf.WritableDatasetImpl;
import io.jhdf.WritableHdfFile;
import io.jhdf.api.DatasetCreationOptions;
import io.jhdf.api.Group;
import io.jhdf.exceptions.HdfException;
import io.jhdf.object.message.DataLayoutMessage.ContiguousDataLayoutMessage;
import io.jhdf.object.message.DataSpace;
import io.jhdf.object.message.DataSpaceMessage;
import io.jhdf.object.message.DataTypeMessage;
import io.jhdf.object.message.FillValueMessage;
import io.jhdf.object.message.Message;
import io.jhdf.storage.HdfFileChannel;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes HDF5 files of unsigned bytes with jHDF; h5py and other readers can read them. */
public final class Hdf5Writer {
  private static final DatasetCreationOptions UNSIGNED =
      DatasetCreationOptions.builder().unsigned().build();

  private Hdf5Writer() {}

  /**
   * An array to write as uint8.
   *
   * @param data the values in row-major order
   * @param shape the dimensions
   */
  public record Bytes(byte[] data, int... shape) {

    /** An array of this shape that needs no memory, because all its rows are the same object. */
    private Object template() {
      Object array = new byte[shape[shape.length - 1]];
      for (int d = shape.length - 2; d >= 0; d--) {
        Object[] rows = (Object[]) Array.newInstance(array.getClass(), shape[d]);
        Arrays.fill(rows, array);
        array = rows;
      }
      return array;
    }
  }

  /**
   * Writes a file atomically.
   *
   * @param file the file to create or replace
   * @param datasets arrays, by the name of their data set
   * @throws DataException when it cannot be written
   */
  public static void write(Path file, Map<String, Bytes> datasets) {
    DataFiles.writePath(
        file,
        temporary -> {
          try (WritableHdfFile hdf = HdfFile.write(temporary)) {
            datasets.forEach((name, bytes) -> hdf.putDataset(name, new Flat(bytes, name, hdf)));
          } catch (HdfException e) {
            throw new IOException(e.getMessage(), e);
          }
        });
  }

  /**
   * A data set that writes its flat array itself. jHDF expects nested arrays: every RGB pixel would
   * be an object of 24 bytes, 3 GB for 100,000 patches, written three bytes at a time.
   */
  private static final class Flat extends WritableDatasetImpl {
    private final byte[] content;

    Flat(Bytes bytes, String name, Group parent) {
      super(bytes.template(), name, parent, UNSIGNED);
      this.content = bytes.data;
    }

    /** Writes an object header, then the values: a contiguous data set of the HDF5 format. */
    @Override
    public long write(HdfFileChannel out, long position) {
      long begin = position + header(position, 0).limit();
      writeFully(out, header(position, begin), position);
      writeFully(out, ByteBuffer.wrap(content), begin);
      out.position(begin + content.length);
      return begin + content.length;
    }

    /** The object header; its length does not depend on the address. */
    private ByteBuffer header(long position, long dataAddress) {
      List<Message> messages =
          List.of(
              DataTypeMessage.create(getDataType()),
              DataSpaceMessage.create(DataSpace.fromObject(getData())),
              FillValueMessage.NO_FILL,
              ContiguousDataLayoutMessage.create(dataAddress, content.length));
      return new ObjectHeader.ObjectHeaderV2(position, messages).toBuffer();
    }

    private static void writeFully(HdfFileChannel out, ByteBuffer buffer, long position) {
      long begin = position - buffer.position();
      while (buffer.hasRemaining()) {
        out.write(buffer, begin + buffer.position());
      }
    }
  }
}
