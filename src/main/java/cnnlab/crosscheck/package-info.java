/**
 * Runs the library and the network from scratch on the same images and compares every layer: sum
 * and maximum of absolute differences, relative error, agreement of the chosen class.
 */
package cnnlab.crosscheck;
