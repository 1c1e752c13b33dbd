package cnnlab.model.file;

import static cnnlab.model.file.ModelArchive.fault;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Set;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.JsonToken;

/**
 * Checks a configuration before a mapper creates objects from it: the classes that it names, its
 * depth, and sizes whose product would overflow.
 */
final class ConfigurationScan {
  private static final int MOST_DEPTH = 100;

  /** The property that names a class, in DL4J's distributions {@code type}. */
  private static final Set<String> CLASS = Set.of("@class", "type");

  /**
   * The properties of DL4J's classes whose value is an object of a named class. If the class is
   * missing, DL4J would use the first key as its name, as in its old formats.
   */
  private static final Set<String> PIECES =
      Set.of(
          "activationfn",
          "biasupdater",
          "constraints",
          "dist",
          "distribution",
          "idropout",
          "inputpreprocessors",
          "iupdater",
          "layer",
          "lossfn",
          "lossfunction",
          "preprocessor",
          "regularization",
          "regularizationbias",
          "underlying",
          "vertices[]",
          "weightinitfn",
          "weightnoise");

  private static final Set<String> SIZES =
      Set.of("nin", "nout", "kernelsize", "kernel", "depthmultiplier", "inputshape", "blocksize");

  /** Upper limit on products, far below the range of a long. */
  private static final double MOST_PRODUCT = 0x1p60;

  private final JsonParser in;
  private final Deque<Level> levels = new ArrayDeque<>();

  private ConfigurationScan(JsonParser in) {
    this.in = in;
  }

  /** An object or an array. */
  private static final class Level {
    /** The name of the object, or of the array's elements, in lower case. */
    private final String name;

    private boolean named;
    private double product = 1;

    Level(String name) {
      this.name = name;
    }
  }

  /**
   * @throws ModelFileException when it is not a JSON object, has a duplicate key, is too deep,
   *     names a class that is not allowed, or has a size out of range
   */
  static void check(byte[] json) {
    JsonFactory factory = new JsonFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    try (JsonParser in = factory.createParser(json)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw fault("%s is not a JSON object", ModelArchive.CONFIGURATION);
      }
      new ConfigurationScan(in).run();
    } catch (JsonProcessingException e) {
      throw fault(
          "%s is not JSON (%s); expected a model zip that DL4J wrote",
          ModelArchive.CONFIGURATION, e.getOriginalMessage());
    } catch (IOException e) {
      throw fault(
          "%s is not JSON (%s); expected a model zip that DL4J wrote",
          ModelArchive.CONFIGURATION, e.getMessage());
    }
  }

  private void run() throws IOException {
    levels.push(new Level(""));
    for (JsonToken token = in.nextToken(); token != null; token = in.nextToken()) {
      switch (token) {
        case START_OBJECT, START_ARRAY -> enter(token);
        case END_OBJECT, END_ARRAY -> leave(token);
        case VALUE_STRING -> text();
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number();
        default -> {}
      }
    }
  }

  private void enter(JsonToken token) throws IOException {
    if (levels.size() >= MOST_DEPTH) {
      throw fault(
          "%s is nested deeper than %d levels, unlike any configuration that DL4J writes",
          ModelArchive.CONFIGURATION, MOST_DEPTH);
    }
    // The parser is already inside the new object, whose name is its key in the parent.
    String name = in.getParsingContext().getParent().getCurrentName();
    Level above = levels.peek();
    if (name == null) {
      name = above.name;
    } else if (above.name.equals("vertices")) {
      name = "vertices[]";
    }
    levels.push(new Level(name.toLowerCase(Locale.ROOT)));
  }

  private void leave(JsonToken token) throws IOException {
    Level level = levels.pop();
    if (token == JsonToken.END_OBJECT && PIECES.contains(level.name) && !level.named) {
      throw fault(
          "%s: %s is an object without \"@class\": a format older than DL4J 1.0.0-beta, which is not supported",
          ModelArchive.CONFIGURATION, place());
    }
    if (token == JsonToken.END_ARRAY && SIZES.contains(level.name)) {
      multiply(levels.peek(), level.product);
    }
  }

  private void text() throws IOException {
    String key = in.getCurrentName();
    if (key == null || !CLASS.contains(key)) {
      return;
    }
    String name = in.getText();
    if (!AllowedClasses.allows(name)) {
      throw fault(
          "%s: %s is the class '%s', which is not read from model files: only the layers and functions of "
              + "networks on images are. Nothing was created from it",
          ModelArchive.CONFIGURATION, place(), shortened(name));
    }
    levels.peek().named = true;
  }

  private void number() throws IOException {
    String key = in.getCurrentName();
    String name = key == null ? levels.peek().name : key.toLowerCase(Locale.ROOT);
    if (SIZES.contains(name)) {
      double size = in.getDoubleValue();
      if (!(size >= 0 && size <= Integer.MAX_VALUE)) {
        throw fault(
            "%s: %s is %s, no size", ModelArchive.CONFIGURATION, place(), shortened(in.getText()));
      }
      multiply(levels.peek(), size);
    }
  }

  private void multiply(Level level, double size) throws IOException {
    level.product *= Math.max(size, 1);
    if (level.product > MOST_PRODUCT) {
      throw fault("%s: the sizes at %s are impossibly large", ModelArchive.CONFIGURATION, place());
    }
  }

  private String place() {
    return shortened(in.getParsingContext().pathAsPointer().toString());
  }

  /** Shortens a name from the file, which may have any length. */
  private static String shortened(String text) {
    String clean = text.replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= 160 ? clean : clean.substring(0, 160) + "...";
  }
}
