/**
 * Compiles a DL4J graph into a network from scratch, and writes trained parameters back. Only this
 * package of {@code scratch} knows DL4J.
 */
package cnnlab.scratch.dl4j;
