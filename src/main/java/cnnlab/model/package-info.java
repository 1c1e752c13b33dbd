/**
 * Every network, defined once as a DL4J {@link org.deeplearning4j.nn.graph.ComputationGraph}, and
 * what is read off such graphs.
 */
package cnnlab.model;
