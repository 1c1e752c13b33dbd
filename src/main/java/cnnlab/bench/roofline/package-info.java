/** How near each layer is to what the machine can do: its arithmetic and its memory. */
package cnnlab.bench.roofline;
