/**
 * Many trainings at once: a space of configurations, which points of it are tried, the trials and
 * who runs them, what is kept of each, and what is said about all of them.
 *
 * <p>To be read in this order: {@link cnnlab.sweep.Trial}, {@link cnnlab.sweep.TrialFunction},
 * {@link cnnlab.sweep.TrialExecutor}.
 */
package cnnlab.sweep;
