/** Writes networks as Keras files, {@code .keras} and {@code .h5}. */
package cnnlab.keras.write;
