/** Trains the same network with both engines and compares losses and parameters. */
package cnnlab.parity;
