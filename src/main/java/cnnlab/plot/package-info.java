/** Pictures of results. {@code java.awt} is used in this package only. */
package cnnlab.plot;
