/**
 * The building blocks of all transforms, and the transforms that move pixels or mix neighbours, one
 * class each. Those that only change colours are in {@code cnnlab.augment.colour}.
 */
package cnnlab.augment.transform;
