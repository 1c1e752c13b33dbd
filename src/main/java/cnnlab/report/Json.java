package cnnlab.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
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
 * How values become JSON and YAML: keys as declared, times and paths as plain text, and NaN and
 * infinities as null, because JSON has no such numbers and the text "NaN" would change the type of
 * a field from run to run.
 */
final class Json {

  private static final ObjectWriter JSON = jsonWriter();
  private static final ObjectWriter YAML = yamlWriter();

  private Json() {}

  /** Reads a JSON file. */
  static JsonNode read(Path file) throws IOException {
    return new ObjectMapper().readTree(Files.readString(file));
  }

  static String json(Object value) throws IOException {
    return JSON.writeValueAsString(value) + "\n";
  }

  static String yaml(Object value) throws IOException {
    return YAML.writeValueAsString(value);
  }

  private static ObjectWriter jsonWriter() {
    // The system's line ending would make the same result differ between platforms.
    DefaultIndenter indent = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(indent);
    return new ObjectMapper().registerModule(module()).writer(printer);
  }

  private static ObjectWriter yamlWriter() {
    YAMLFactory factory =
        YAMLFactory.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .build();
    return new ObjectMapper(factory).registerModule(module()).writer();
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
