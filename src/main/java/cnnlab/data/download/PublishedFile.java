package cnnlab.data.download;

/**
 * A file of a published data set.
 *
 * @param name its name
 * @param bytes its size
 * @param md5 its MD5, lower-case hexadecimal
 * @param sha256 its SHA-256, lower-case hexadecimal
 */
public record PublishedFile(String name, long bytes, String md5, String sha256) {}
