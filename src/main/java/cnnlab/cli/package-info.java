/**
 * The commands, one class each: options in, a call, an exit code out. Only this package, {@code
 * cli.option} and the main class use picocli.
 */
package cnnlab.cli;
