/**
 * All networks, each defined once as a DL4J {@link org.deeplearning4j.nn.graph.ComputationGraph},
 * and information derived from such graphs.
 */
package cnnlab.model;
