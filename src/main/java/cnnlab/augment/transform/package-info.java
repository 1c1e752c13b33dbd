/** The transforms, one class each. */
package cnnlab.augment.transform;
