/**
 * The explorer: what a model computes for one image, layer by layer, by both engines. {@link
 * cnnlab.explorer.Explorer} answers the questions of the page that {@code cnnlab.explorer.web}
 * serves.
 */
package cnnlab.explorer;
