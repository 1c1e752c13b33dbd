/** Files that appear whole or not at all; every package may use it. */
package cnnlab.io;
