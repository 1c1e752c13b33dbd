/**
 * Other libraries that run a model for {@code compare --with} and {@code bench --engines}; built
 * with the profile peers.
 */
package cnnlab.peers;
