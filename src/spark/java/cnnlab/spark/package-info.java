/**
 * Runs the trials of a sweep as tasks of Apache Spark. Built only with {@code mvn -Pspark}: the
 * rest of the project does not depend on this package; {@code cnnlab.sweep} finds it through {@link
 * java.util.ServiceLoader}.
 *
 * <p>Reading order: {@link cnnlab.spark.SparkExecutorProvider}, {@link
 * cnnlab.spark.SparkTrialExecutor}, {@link cnnlab.spark.ExecutorTrials}.
 */
package cnnlab.spark;
