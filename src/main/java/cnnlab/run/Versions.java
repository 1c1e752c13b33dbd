package cnnlab.run;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The versions that the build wrote into {@code version.properties}. */
public final class Versions {
  private static final Properties PROPERTIES = load();

  private Versions() {}

  /** The version of this project. */
  public static String project() {
    return PROPERTIES.getProperty("project");
  }

  /** The version of Deeplearning4j. */
  public static String dl4j() {
    return PROPERTIES.getProperty("dl4j");
  }

  private static Properties load() {
    Properties properties = new Properties();
    try (InputStream in = Versions.class.getResourceAsStream("/cnnlab/version.properties")) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties;
  }
}
