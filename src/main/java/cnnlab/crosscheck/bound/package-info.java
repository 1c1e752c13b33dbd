/**
 * Running bounds on rounding errors (Higham, <i>Accuracy and Stability of Numerical Algorithms</i>,
 * 2002, chapter 3) and the network in double precision.
 */
package cnnlab.crosscheck.bound;
