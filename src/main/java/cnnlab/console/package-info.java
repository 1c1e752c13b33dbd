/** The terminal: output streams, progress lines, widths. */
package cnnlab.console;
