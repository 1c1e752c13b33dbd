/**
 * Transforms of the values of pixels, whatever lies beside them: tone, colour and stain. They build
 * on {@link cnnlab.augment.transform.MatTransform}.
 */
package cnnlab.augment.colour;
