/** What the processor can do at most; to compare the kernels with. */
package cnnlab.scratch.kernel.peak;
