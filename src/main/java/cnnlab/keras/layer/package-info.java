/** Converts the layers of a Keras model to DL4J layers. */
package cnnlab.keras.layer;
