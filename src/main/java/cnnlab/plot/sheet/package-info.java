/** Sheets of images and of maps: photographs, heat maps, kernels and feature maps. */
package cnnlab.plot.sheet;
