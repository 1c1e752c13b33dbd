package cnnlab.sweep.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Creates executors of a kind that is not part of this module. {@link java.util.ServiceLoader}
 * finds implementations on the class path, which are listed in {@code
 * META-INF/services/cnnlab.sweep.trial.ExecutorProvider}.
 */
public interface ExecutorProvider {
  /** The option that selects this provider, without hyphens, such as {@code spark}. */
  String name();

  /**
   * Connects.
   *
   * @param address the option's value, such as {@code spark://host:7077} or {@code local[2]}
   * @param needs the requirements of its processes
   * @throws cnnlab.config.UsageException if the address is invalid, or nothing answers there within
   *     30 s; says what to do
   * @throws IOException if it cannot be started
   */
  TrialExecutor open(String address, Needs needs) throws IOException;

  /**
   * The requirements of the processes that run trials.
   *
   * @param folders the folders of the data sets that the trials read, each named after its data
   *     set; {@link TrialFunction} needs a {@link cnnlab.data.Datasets} of the place that holds
   *     them
   * @param shared whether all machines have the folders at the same paths, so that they need not be
   *     sent
   */
  record Needs(List<Path> folders, boolean shared) {}
}
