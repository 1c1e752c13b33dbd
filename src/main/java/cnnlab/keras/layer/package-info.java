/** The layers of a Keras model and the DL4J layers they become. */
package cnnlab.keras.layer;
