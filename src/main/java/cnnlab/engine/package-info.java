/**
 * What trains, predicts and evaluates, the same for both: the library and the network from scratch;
 * and how DL4J gets to its real speed on a CPU.
 */
package cnnlab.engine;
