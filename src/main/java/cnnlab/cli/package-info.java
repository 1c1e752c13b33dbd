/**
 * The commands, one class each: options in, a call, an exit code out. Picocli is known here and in
 * {@code cli.option} only.
 */
package cnnlab.cli;
