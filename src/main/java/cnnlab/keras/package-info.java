/**
 * Keras' {@code .keras} and {@code .h5} files turned into DL4J graphs with weights, by which a
 * Keras model reaches both engines; without Python, and without running anything a file holds.
 *
 * <p>To be read in this order: {@link cnnlab.keras.KerasFile} opens a file; {@link
 * cnnlab.keras.KerasArchive} and {@link cnnlab.keras.Hdf5Tree} take zip and HDF5 apart, distrusting
 * them; {@link cnnlab.keras.Topology} makes one flat list of layers of nested models; {@link
 * cnnlab.keras.Catalogue} says which layers there are; {@link cnnlab.keras.Assembly} collects what
 * they become. A new layer is one entry of the catalogue and one method.
 */
package cnnlab.keras;
