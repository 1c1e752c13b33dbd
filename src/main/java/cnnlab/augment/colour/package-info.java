/**
 * Transforms that change the values of pixels without mixing neighbours: tone, colour and stain.
 * They build on {@link cnnlab.augment.transform.MatTransform}.
 */
package cnnlab.augment.colour;
