/** Both engines train the same network side by side; losses and parameters are compared. */
package cnnlab.parity;
