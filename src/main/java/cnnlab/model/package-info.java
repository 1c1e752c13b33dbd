/**
 * Every network, defined once as a DL4J {@link org.deeplearning4j.nn.graph.ComputationGraph}, and
 * the files they are kept in. Both engines are made from these graphs.
 */
package cnnlab.model;
