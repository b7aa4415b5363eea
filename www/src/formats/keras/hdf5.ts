// An HDF5 file's arrays and attributes by path, with errors that name the file and the place.
import { File, type Dataset, type Group } from 'jsfive';
import { malformed } from '../failure.ts';
import { sizeOf, type Tensor } from '../safetensors.ts';

export class Hdf5 {
  #file: Group;

  constructor(
    bytes: Uint8Array,
    private readonly name: string,
  ) {
    this.#file = this.#guarded('/', () => new File(bytes.slice().buffer, name));
  }

  /** What jsfive throws at broken bytes says nothing of which they are. */
  #guarded<T>(place: string, read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw malformed(this.name, place, 'HDF5', error instanceof Error ? error.message : String(error));
    }
  }

  #at(place: string): Group | Dataset | null {
    return place === '' ? this.#file : this.#guarded(place, () => this.#file.get(place));
  }

  /** jsfive throws where an entry is not there. */
  has(place: string): boolean {
    try {
      return this.#file.get(place) !== null;
    } catch {
      return false;
    }
  }

  attribute(place: string, name: string): unknown {
    const at = this.#at(place);
    return at === null ? undefined : this.#guarded(`${place}@${name}`, () => at.attrs[name]);
  }

  array(place: string): Tensor {
    const at = this.#at(place);
    if (at === null || !('shape' in at) || !Array.isArray(at.shape)) throw malformed(this.name, place, 'an array', at === null ? 'no such entry' : 'a group');
    const shape = at.shape;
    const { dtype, values } = this.#guarded(place, () => ({ dtype: at.dtype, values: at.value }));
    if (dtype !== '<f4' && dtype !== '<f8' && dtype !== '<f2') throw malformed(this.name, place, 'float32', String(dtype));
    const data = Float32Array.from(values as ArrayLike<number>);
    if (data.length !== sizeOf(shape)) throw malformed(this.name, place, `${sizeOf(shape)} numbers`, String(data.length));
    return { shape, data };
  }
}
