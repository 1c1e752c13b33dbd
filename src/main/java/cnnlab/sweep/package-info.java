/**
 * Sweeps: many configurations of a task, trained on the same draws (random choices of training
 * images) and compared on validation images; the best is trained again on fresh draws.
 *
 * <p>Reading order: {@link cnnlab.sweep.trial.Trial}, {@link cnnlab.sweep.trial.TrialFunction},
 * {@link cnnlab.sweep.trial.TrialExecutor}, then {@link cnnlab.sweep.Sweep}.
 */
package cnnlab.sweep;
