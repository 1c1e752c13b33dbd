/** Serves the explorer's page and its answers over HTTP, to this machine only. */
package cnnlab.explorer.web;
