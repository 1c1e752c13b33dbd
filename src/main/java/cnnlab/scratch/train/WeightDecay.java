package cnnlab.scratch.train;

/**
 * Decoupled weight decay of parameters {@code begin} to {@code end}: at each step w ← w − η·λ·w,
 * besides what the optimiser does (Loshchilov and Hutter 2019). Not the same as an l2 penalty under
 * Adam.
 *
 * @param begin the first parameter
 * @param end one behind the last
 * @param lambda λ, at least 0
 */
public record WeightDecay(int begin, int end, double lambda) {}
