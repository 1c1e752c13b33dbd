/** Plots and other pictures. Only this package uses {@code java.awt}. */
package cnnlab.plot;
