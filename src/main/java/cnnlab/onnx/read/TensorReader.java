package cnnlab.onnx.read;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import onnx.Onnx.TensorProto;
import onnx.Onnx.TensorProto.DataLocation;

/** Reads tensors as ONNX stores them: as raw bytes, as lists of numbers, or in another file. */
final class TensorReader {
  private final ExternalData external;

  TensorReader(ExternalData external) {
    this.external = external;
  }

  /**
   * Reads a tensor.
   *
   * @param what its name, for messages
   * @throws OnnxFault when its type is not supported, or its data does not have its shape
   */
  Tensor read(String what, TensorProto proto) {
    long[] shape = shape(what, proto);
    int size = (int) Tensor.size(shape);
    TensorProto.DataType type = TensorProto.DataType.forNumber(proto.getDataType());
    int width = type == null ? 0 : width(type);
    if (width == 0) {
      throw new OnnxFault(
          "%s has type %s; supported are float, double, float16, bfloat16, integers and bool"
              .formatted(what, type == null ? proto.getDataType() : type));
    }
    if (proto.hasSegment()) {
      throw new OnnxFault(what + " is stored in segments, which is not supported");
    }
    boolean outside = proto.getDataLocation() == DataLocation.EXTERNAL;
    if (outside || !proto.getRawData().isEmpty()) {
      Limits.requireWeights(what, (long) size * width);
      ByteBuffer raw =
          outside
              ? external.read(what, proto.getExternalDataList(), (long) size * width)
              : proto.getRawData().asReadOnlyByteBuffer();
      if (raw.remaining() != (long) size * width) {
        throw new OnnxFault(
            "%s has %,d bytes; its type %s and shape %s require %,d"
                .formatted(
                    what, raw.remaining(), type, Arrays.toString(shape), (long) size * width));
      }
      return raw(type, raw.order(ByteOrder.LITTLE_ENDIAN), size, shape);
    }
    return listed(what, proto, type, size, shape);
  }

  private static long[] shape(String what, TensorProto proto) {
    long[] shape = proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
    if (shape.length > Limits.RANK || Arrays.stream(shape).anyMatch(d -> d < 0)) {
      throw new OnnxFault(
          "%s has shape %s; expected at most %d sizes, none negative"
              .formatted(what, Arrays.toString(shape), Limits.RANK));
    }
    try {
      if (Tensor.size(shape) <= Limits.weightBytes()) {
        return shape;
      }
    } catch (ArithmeticException e) {
      // Told below.
    }
    throw new OnnxFault(
        "%s has shape %s, which is more than fits into Java's memory"
            .formatted(what, Arrays.toString(shape)));
  }

  /** Bytes of a value in raw data; 0 when the type is not supported. */
  private static int width(TensorProto.DataType type) {
    return switch (type) {
      case FLOAT, INT32, UINT32 -> 4;
      case DOUBLE, INT64, UINT64 -> 8;
      case FLOAT16, BFLOAT16, INT16, UINT16 -> 2;
      case INT8, UINT8, BOOL -> 1;
      default -> 0;
    };
  }

  private static Tensor raw(TensorProto.DataType type, ByteBuffer in, int size, long[] shape) {
    switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] =
              switch (type) {
                case FLOAT -> in.getFloat();
                case DOUBLE -> (float) in.getDouble();
                case FLOAT16 -> half(in.getShort());
                default -> Float.intBitsToFloat(in.getShort() << 16);
              };
        }
        return Tensor.reals(values, shape);
      }
      default -> {
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
          values[i] =
              switch (type) {
                case INT64, UINT64 -> in.getLong();
                case INT32 -> in.getInt();
                case UINT32 -> Integer.toUnsignedLong(in.getInt());
                case INT16 -> in.getShort();
                case UINT16 -> Short.toUnsignedLong(in.getShort());
                case INT8 -> in.get();
                default -> Byte.toUnsignedLong(in.get());
              };
        }
        return type == TensorProto.DataType.BOOL
            ? Tensor.booleans(values, shape)
            : Tensor.integers(values, shape);
      }
    }
  }

  private static Tensor listed(
      String what, TensorProto proto, TensorProto.DataType type, int size, long[] shape) {
    int count =
        switch (type) {
          case FLOAT -> proto.getFloatDataCount();
          case DOUBLE -> proto.getDoubleDataCount();
          case INT64 -> proto.getInt64DataCount();
          case UINT32, UINT64 -> proto.getUint64DataCount();
          default -> proto.getInt32DataCount();
        };
    if (count != size) {
      throw new OnnxFault(
          "%s has %,d values; its shape %s requires %,d"
              .formatted(what, count, Arrays.toString(shape), size));
    }
    switch (type) {
      case FLOAT, DOUBLE, FLOAT16, BFLOAT16 -> {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
          values[i] =
              switch (type) {
                case FLOAT -> proto.getFloatData(i);
                case DOUBLE -> (float) proto.getDoubleData(i);
                case FLOAT16 -> half((short) proto.getInt32Data(i));
                default -> Float.intBitsToFloat(proto.getInt32Data(i) << 16);
              };
        }
        return Tensor.reals(values, shape);
      }
      default -> {
        long[] values = new long[size];
        for (int i = 0; i < size; i++) {
          values[i] =
              switch (type) {
                case INT64 -> proto.getInt64Data(i);
                case UINT32, UINT64 -> proto.getUint64Data(i);
                default -> proto.getInt32Data(i);
              };
        }
        return type == TensorProto.DataType.BOOL
            ? Tensor.booleans(values, shape)
            : Tensor.integers(values, shape);
      }
    }
  }

  /** A number of 16 bits: 1 sign, 5 exponent, 10 fraction (IEEE 754 binary16). */
  static float half(short bits) {
    int exponent = bits >> 10 & 0x1F;
    int fraction = bits & 0x3FF;
    float size =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat(exponent + 112 << 23 | fraction << 13);
        };
    return bits < 0 ? -size : size;
  }
}
