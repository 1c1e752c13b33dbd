package cnnlab.keras.file;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whose class an object of a configuration is. Keras writes {@code module} and {@code
 * registered_name} beside {@code class_name}: a user's own class may be called Conv2D too, and what
 * it computes is Python code that the file does not hold.
 *
 * <p>Source: {@code keras/src/saving/serialization_lib.py}. Files of Keras 2 up to 2.12, and the
 * models in legacy {@code .h5} files, have neither key; there a registered class has its full name,
 * such as {@code My>Conv2D}, as class name.
 */
public final class ClassOrigin {
  private static final String MODULE = "module";
  private static final String REGISTERED = "registered_name";
  private static final Pattern KERAS =
      Pattern.compile("(tensorflow\\.|tensorflow\\.python\\.)?(tf_)?keras(\\..*)?");

  /** Functions of {@code keras.ops}, not layers; some bear a layer's name and do something else. */
  private static final Pattern OPERATION = Pattern.compile(".*\\.ops(\\..*)?");

  /** Those that do what the layer of their name does. */
  private static final Set<String> SAME = Set.of("Add", "Subtract", "Multiply", "Maximum");

  private ClassOrigin() {}

  /** What is wrong with an object as one of Keras' own; null when it is one. */
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
    return OPERATION.matcher(module.asText()).matches() && !SAME.contains(className)
        ? "a function of keras.ops (%s.%s), not a layer; it is not read"
            .formatted(module.asText(), className)
        : null;
  }

  private static String own(String name) {
    return "a class of its own ('%s'), not Keras' '%s'; what it computes is Python code that the file does not hold, so it cannot be read"
        .formatted(name, name.replaceFirst(".*[>.]", ""));
  }
}
