package cnnlab.sweep.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes executors of a kind that is not in this part of the build. Found on the class path by
 * {@link java.util.ServiceLoader}: the part that has one names it in {@code
 * META-INF/services/cnnlab.sweep.trial.ExecutorProvider}.
 */
public interface ExecutorProvider {
  /** The option that asks for it, without its hyphens, such as {@code spark}. */
  String name();

  /**
   * Connects.
   *
   * @param address the option's value, such as {@code spark://host:7077} or {@code local[2]}
   * @param needs what its processes must have
   * @throws cnnlab.config.UsageException when the address is not one, or nobody answers there
   *     within 30 s; says what to do
   * @throws IOException when it cannot be started
   */
  TrialExecutor open(String address, Needs needs) throws IOException;

  /**
   * What the processes that compute trials must have.
   *
   * @param folders the folders of the data sets that the sweep's trials read, each named as its
   *     data set; a {@link cnnlab.data.Datasets} of the one place that holds them is all that
   *     {@link TrialFunction} asks for
   * @param shared whether the folders are to be read where they are, as all machines have them, and
   *     not sent
   */
  record Needs(List<Path> folders, boolean shared) {}
}
