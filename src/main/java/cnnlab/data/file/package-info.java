/** File formats: IDX, NPY, HDF5, gzip, prediction tables. */
package cnnlab.data.file;
