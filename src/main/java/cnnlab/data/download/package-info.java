/** Downloads that resume. */
package cnnlab.data.download;
