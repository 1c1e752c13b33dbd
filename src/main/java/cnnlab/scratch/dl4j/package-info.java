/**
 * Compiles a DL4J graph into a network of the from-scratch engine, and writes trained parameters
 * back. Only this package of {@code scratch} depends on DL4J.
 */
package cnnlab.scratch.dl4j;
