/** The layers, each with its formula, its output shape, and two methods: forward and backward. */
package cnnlab.scratch.layer;
