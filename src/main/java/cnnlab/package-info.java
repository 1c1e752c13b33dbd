/** The entry point, {@link cnnlab.Main}. The commands are in {@link cnnlab.cli}. */
package cnnlab;
