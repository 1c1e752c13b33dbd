/** Files that appear whole or not at all, and checksums; every package may use it. */
package cnnlab.io;
