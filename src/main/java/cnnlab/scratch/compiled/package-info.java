/**
 * A network compiled for inference on few images: channels of one position side by side, folded
 * batch normalisation, fused sums and activations, packed weights.
 */
package cnnlab.scratch.compiled;
