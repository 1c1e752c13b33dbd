/**
 * Still empty. Readers of Keras' {@code .keras} and {@code .h5} files will live here, and the
 * mapping of their layers and weights to a DL4J graph, by which a Keras model reaches both engines.
 */
package cnnlab.keras;
