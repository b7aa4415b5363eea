/** Readers of data files; each errs with the byte at which a file departs from its format. */
export interface DataFiles {
  /** As `parseIdx`, of any type of values: bytes stay bytes, all else becomes f32. */
  readIdx(bytes: Uint8Array): NumbersFile;
  /**
   * Reads an npy file into C order; types as `readIdx`. Errs with `malformed_file` and where, and with `object_array`
   * for pickled objects.
   */
  readNpy(bytes: Uint8Array): NumbersFile;
  /** Reads a binary file of CIFAR-10 (CIFAR-100: the fine labels), gzipped or not. Shape of pixels: [N, 32, 32, 3]. */
  readCifar(bytes: Uint8Array, options?: { hundred?: boolean }): CifarFile;
  /** What a gzip holds; errs with `malformed_file` and where. */
  gunzip(bytes: Uint8Array): Uint8Array;
  /** Where the plain files of a tar begin and end. */
  listTar(bytes: Uint8Array): TarEntry[];
}

export interface NumbersFile {
  shape: number[];
  data: Uint8Array | Float32Array;
}

export interface CifarFile {
  pixels: Uint8Array;
  labels: Uint8Array;
}

export interface TarEntry {
  name: string;
  from: number;
  to: number;
}
