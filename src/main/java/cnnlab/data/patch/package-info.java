/** PatchCamelyon: reading, preparing and verifying it, stain colours, and synthetic patches. */
package cnnlab.data.patch;
