/** Pictures of a model's inside for one input: kernels and feature maps of both engines. */
package cnnlab.show;
