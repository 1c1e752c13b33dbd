/**
 * Keras files ({@code .keras}, {@code .h5}) turned into DL4J graphs with weights, without Python
 * and without running anything a file holds.
 *
 * <p>Reading order: {@link cnnlab.keras.KerasFile} opens a file; {@link
 * cnnlab.keras.file.KerasArchive} and {@link cnnlab.keras.file.Hdf5Tree} take zip and HDF5 apart
 * and trust nothing in them; {@link cnnlab.keras.layer.Topology} flattens nested models into one
 * list of layers; {@link cnnlab.keras.layer.Catalogue} lists the layers there are; {@link
 * cnnlab.keras.layer.Assembly} collects what they become. A new layer is one entry of the catalogue
 * and one method.
 */
package cnnlab.keras;
