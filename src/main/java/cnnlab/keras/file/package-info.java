/** Reads the bytes of Keras files: archives, HDF5 trees, weights, configuration entries, limits. */
package cnnlab.keras.file;
