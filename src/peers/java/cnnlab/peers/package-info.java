/** Other libraries that run a model for {@code compare --with}; built with the profile peers. */
package cnnlab.peers;
