/**
 * Trials of a sweep as tasks of Apache Spark. Built with {@code mvn -Pspark} alone: nothing in the
 * rest of the project knows this package; {@code cnnlab.sweep} finds it by {@link
 * java.util.ServiceLoader}.
 *
 * <p>To be read in this order: {@link cnnlab.spark.SparkExecutorProvider}, {@link
 * cnnlab.spark.SparkTrialExecutor}, {@link cnnlab.spark.ExecutorTrials}.
 */
package cnnlab.spark;
