// jsfive brings no types; these are the parts that hdf5.ts uses.
declare module 'jsfive' {
  export interface Dataset {
    attrs: Record<string, unknown>;
    shape: number[];
    dtype: unknown;
    value: unknown;
  }
  export interface Group {
    attrs: Record<string, unknown>;
    keys: string[];
    get(path: string): Group | Dataset | null;
  }
  export const File: new (buffer: ArrayBuffer, name: string) => Group;
}
