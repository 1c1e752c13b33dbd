/** PatchCamelyon: reading, preparing, verifying, and its stains. */
package cnnlab.data.patch;
