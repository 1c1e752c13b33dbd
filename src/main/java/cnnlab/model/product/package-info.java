/** The product of two activations, which DL4J lacks. Saved models name {@link MatrixProduct}. */
package cnnlab.model.product;
