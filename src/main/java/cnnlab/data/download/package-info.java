/** Resumable downloads. */
package cnnlab.data.download;
