package cnnlab.training;

import cnnlab.engine.Engine;
import cnnlab.inference.Evaluation;

/**
 * The state of a training after an epoch that was evaluated.
 *
 * @param epoch 1, 2, ...
 * @param engine with the weights of this epoch; must not be changed
 * @param validation the evaluation on the validation images
 * @param labels true classes of the validation images
 * @param classes K
 */
public record EvaluatedEpoch(
    int epoch, Engine engine, Evaluation validation, int[] labels, int classes) {}
