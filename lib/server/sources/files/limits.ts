/**
 * How much is taken from files that someone else made. Each limit is far above what a cluster's dump needs and far
 * below what would stop the process; what is over one is said as a `limit` problem, never dropped in silence.
 */

export const mebibyte = 1024 * 1024;

export interface Limits {
  /** Files of a folder, or entries of an archive. A bundle of a large cluster, logs included, has tens of thousands. */
  readonly entries: number;
  /** One file, or one unpacked entry. Files are read as bytes and decoded an object at a time, so V8's longest string (512 MB) does not bound them. */
  readonly entryBytes: number;
  /** All files together, unpacked. A dump of 150,000 pods is about 1.4 GB of JSON. */
  readonly totalBytes: number;
  /** Unpacked against packed size. Dumps reach 10 to 75 (many equal pods), a bomb 1,000. */
  readonly compressionRatio: number;
  /** The ratio says nothing about small archives, whose first block may be one repeated line. */
  readonly compressionRatioFromBytes: number;
  /**
   * One YAML document, or one item of a list. The API server takes no object above 3 MiB; lists are cut into items
   * first. While one is parsed, which takes a tenth of a second for each MiB of YAML, nobody else is answered.
   */
  readonly documentBytes: number;
  /** Problems that are told one by one; the rest are counted. */
  readonly problems: number;
}

export const defaultLimits: Limits = {
  entries: 100_000,
  entryBytes: 1024 * mebibyte,
  totalBytes: 2048 * mebibyte,
  compressionRatio: 250,
  compressionRatioFromBytes: 64 * mebibyte,
  documentBytes: 4 * mebibyte,
  problems: 500,
};

export function bytesInWords(bytes: number): string {
  return bytes >= mebibyte
    ? `${Math.round(bytes / mebibyte).toLocaleString("en")} MiB`
    : `${bytes.toLocaleString("en")} bytes`;
}
