/** Preprocessors that change the shape of images and vectors, which DL4J lacks. */
package cnnlab.model.shape;
