package cnnlab.io;

import java.io.IOException;

/**
 * A {@link java.util.function.Consumer} that may fail with an {@link IOException}, such as one that
 * writes to the path it is given.
 *
 * @param <T> what is consumed
 */
@FunctionalInterface
public interface IOConsumer<T> {

  /**
   * Consumes one value.
   *
   * @throws IOException if reading or writing fails
   */
  void accept(T value) throws IOException;
}
