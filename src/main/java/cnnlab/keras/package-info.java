/**
 * Converts Keras files ({@code .keras}, {@code .h5}) to DL4J graphs with weights, without Python
 * and without executing anything in a file.
 *
 * <p>Reading order: {@link cnnlab.keras.KerasFile} opens a file; {@link
 * cnnlab.keras.file.KerasArchive} and {@link cnnlab.keras.file.Hdf5Tree} parse zip and HDF5 without
 * trusting them; {@link cnnlab.keras.layer.Topology} flattens nested models into one list of
 * layers; {@link cnnlab.keras.layer.Catalogue} lists the supported layers; {@link
 * cnnlab.keras.layer.Assembly} collects their DL4J counterparts. A new layer is one entry of the
 * catalogue and one method.
 */
package cnnlab.keras;
