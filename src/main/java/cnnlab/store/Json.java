package cnnlab.store;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * JSON and YAML: the only place with Jackson mappers, except for the files of Keras and DL4J. There
 * are two kinds of files.
 *
 * <p>Files for other programs: keys in declaration order, times and paths as plain text, and NaN
 * and infinities as null, because JSON has no such numbers and the text "NaN" would change the type
 * of a field from run to run.
 *
 * <p>Files that this project reads back ({@link #exact}): every double and float keeps its bits,
 * NaN and infinities are the texts "NaN", "Infinity" and "-Infinity"; a null number, an unknown key
 * or a missing key is rejected instead of being read as 0.
 */
public final class Json {

  private static final ObjectMapper PLAIN = new ObjectMapper();
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder()
              .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
              .disable(YAMLGenerator.Feature.SPLIT_LINES)
              .build());
  private static final ObjectWriter JSON = jsonWriter();

  private static final ObjectMapper EXACT =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addSerializer(Duration.class, ToStringSerializer.instance)
                  .addSerializer(Path.class, ToStringSerializer.instance))
          .build();

  private Json() {}

  /** Reads a JSON file. */
  static JsonNode read(Path file) throws IOException {
    return parse(Files.readString(file));
  }

  /**
   * Reads a JSON text.
   *
   * @throws IOException if it is not valid JSON; the message is one line
   */
  public static JsonNode parse(String text) throws IOException {
    try {
      return EXACT.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  /**
   * Records, maps, lists and plain values as a tree, equal to what {@link #parse} makes of its
   * text.
   */
  public static JsonNode tree(Object value) throws IOException {
    return parse(EXACT.writeValueAsString(value));
  }

  /** A value as text, which {@link #exact(String, Class)} reads back as an equal value. */
  public static String exact(Object value) throws IOException {
    return EXACT.writer(printer()).writeValueAsString(value) + "\n";
  }

  /**
   * Reads what {@link #exact(Object)} wrote.
   *
   * @throws JsonProcessingException if the text is not JSON, has a missing or unknown component, or
   *     null instead of a number
   */
  public static <T> T exact(String text, Class<T> type) throws JsonProcessingException {
    return EXACT.readValue(text, type);
  }

  static String toJson(Object value) throws IOException {
    return JSON.writeValueAsString(value) + "\n";
  }

  /** Reads any JSON; throws a {@link JsonProcessingException} if it is invalid. */
  public static ObjectReader reader() {
    return PLAIN.reader();
  }

  /** Reads any YAML, as {@link #reader} does JSON. */
  public static ObjectReader yamlReader() {
    return YAML.reader();
  }

  /** Writes JSON in one line. */
  public static ObjectWriter lineWriter() {
    return PLAIN.writer();
  }

  /** Writes YAML without a document start marker, each text on one line. */
  public static ObjectWriter yamlWriter() {
    return YAML.writer();
  }

  private static ObjectWriter jsonWriter() {
    return new ObjectMapper().registerModule(module()).writer(printer());
  }

  private static DefaultPrettyPrinter printer() {
    // The system's line ending would make the same result differ between platforms.
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    return new DefaultPrettyPrinter().withObjectIndenter(indent);
  }

  private static SimpleModule module() {
    return new SimpleModule()
        .addSerializer(Double.class, new FiniteDouble())
        .addSerializer(Double.TYPE, new FiniteDouble())
        .addSerializer(Float.class, new FiniteFloat())
        .addSerializer(Float.TYPE, new FiniteFloat())
        .addSerializer(double[].class, new FiniteDoubles())
        .addSerializer(float[].class, new FiniteFloats())
        .addSerializer(Instant.class, ToStringSerializer.instance)
        .addSerializer(Duration.class, ToStringSerializer.instance)
        .addSerializer(Path.class, ToStringSerializer.instance);
  }

  private static void write(double value, JsonGenerator out) throws IOException {
    if (Double.isFinite(value)) {
      out.writeNumber(value);
    } else {
      out.writeNull();
    }
  }

  private static void write(float value, JsonGenerator out) throws IOException {
    if (Float.isFinite(value)) {
      out.writeNumber(value);
    } else {
      out.writeNull();
    }
  }

  private static final class FiniteDouble extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider context)
        throws IOException {
      write(value.doubleValue(), out);
    }
  }

  private static final class FiniteFloat extends JsonSerializer<Float> {
    @Override
    public void serialize(Float value, JsonGenerator out, SerializerProvider context)
        throws IOException {
      write(value.floatValue(), out);
    }
  }

  private static final class FiniteDoubles extends JsonSerializer<double[]> {
    @Override
    public void serialize(double[] values, JsonGenerator out, SerializerProvider context)
        throws IOException {
      out.writeStartArray();
      for (double value : values) {
        write(value, out);
      }
      out.writeEndArray();
    }
  }

  private static final class FiniteFloats extends JsonSerializer<float[]> {
    @Override
    public void serialize(float[] values, JsonGenerator out, SerializerProvider context)
        throws IOException {
      out.writeStartArray();
      for (float value : values) {
        write(value, out);
      }
      out.writeEndArray();
    }
  }
}
