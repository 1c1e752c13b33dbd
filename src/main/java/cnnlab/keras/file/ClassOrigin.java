package cnnlab.keras.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/**
 * Checks that an object of a configuration is of a Keras class. Keras writes {@code module} and
 * {@code registered_name} beside {@code class_name}: a user-defined class may also be called
 * Conv2D, and its Python code is not in the file.
 *
 * <p>Source: {@code keras/src/saving/serialization_lib.py}. Files of Keras 2 up to 2.12, and the
 * models in legacy {@code .h5} files, have neither key; there the name of a registered class is its
 * full name, such as {@code My>Conv2D}.
 */
public final class ClassOrigin {
  private static final String MODULE = "module";
  private static final String REGISTERED = "registered_name";
  private static final Pattern KERAS =
      Pattern.compile("(tensorflow\\.|tensorflow\\.python\\.)?(tf_)?keras(\\..*)?");

  /** Functions of {@code keras.ops}, which are not layers; some share a name with a layer. */
  private static final Pattern OPERATION = Pattern.compile(".*\\.ops(\\..*)?");

  private ClassOrigin() {}

  /** The reason why an object is not of a Keras class; null if it is. */
  public static String fault(JsonNode object) {
    String className = object.path("class_name").asText();
    JsonNode module = object.path(MODULE);
    JsonNode registered = object.path(REGISTERED);
    if (className.indexOf('>') >= 0 || registered.asText().indexOf('>') >= 0) {
      return own(registered.isTextual() ? registered.asText() : className);
    }
    if (module.isMissingNode()) {
      return null;
    }
    if (!module.isTextual() || !KERAS.matcher(module.asText()).matches()) {
      return own(module.isTextual() ? module.asText() + "." + className : className);
    }
    return null;
  }

  /** Whether an object is a function of {@code keras.ops}, not a layer. */
  public static boolean isOperation(JsonNode object) {
    return OPERATION.matcher(object.path(MODULE).asText()).matches();
  }

  private static String own(String name) {
    return "a custom class ('%s'), not Keras' '%s'; its Python code is not in the file, so it cannot be read"
        .formatted(name, name.replaceFirst(".*[>.]", ""));
  }
}
