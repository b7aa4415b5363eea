import { gzipSync, zipSync } from 'fflate';
import { load, type Engine } from 'danlu';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeNpz } from '../../src/formats/npz.ts';
import { cellsOf, readTable } from './csv.ts';
import { readFiles } from './files.ts';
import { npzOf, aboutOf } from './held.ts';
import { hashOf } from './hash.ts';
import { placeOf } from './pictures.ts';
import { drawShapes } from './shapes.ts';
import { listZip } from './zip.ts';

let engine: Engine;
beforeAll(async () => void (engine = await load({ variant: 'simd' })));

type Bytes = Uint8Array<ArrayBuffer>;
const idx = (shape: number[], data: Uint8Array): Bytes => Uint8Array.from([0, 0, 8, shape.length, ...shape.flatMap((size) => [size >>> 24, (size >>> 16) & 255, (size >>> 8) & 255, size & 255]), ...data]);
const file = (path: string, bytes: Uint8Array) => ({ path, file: new File([bytes as Bytes], path.slice(path.lastIndexOf('/') + 1)) });
const read = (...files: ReturnType<typeof file>[]) => readFiles(files, { side: 8, colour: false }, engine, () => {});
const pixels = Uint8Array.from({ length: 4 * 9 }, (_, at) => at);
const train = [file('set-train-images-idx3-ubyte.gz', gzipSync(idx([4, 3, 3], pixels))), file('set-train-labels-idx1-ubyte.gz', gzipSync(idx([4], Uint8Array.from([0, 1, 0, 1]))))];

describe('IDX', () => {
  it('is read gzipped or not, whatever its name, with its part for tests', async () => {
    const test = [file('set-t10k-images-idx3-ubyte', idx([1, 3, 3], pixels.subarray(0, 9))), file('set-t10k-labels-idx1-ubyte', idx([1], Uint8Array.from([1])))];
    const { raw, name, skipped } = await read(...train, ...test);
    expect({ name, skipped, shape: raw.shape, testFrom: raw.testFrom }).toEqual({ name: 'set', skipped: [], shape: [3, 3, 1], testFrom: 4 });
    expect([...raw.values]).toEqual([...pixels, ...pixels.subarray(0, 9)]);
    const unnamed = await read(file('pictures', idx([4, 3, 3], pixels)), file('answers', idx([4], Uint8Array.from([0, 1, 0, 1]))));
    expect(unnamed.raw.values).toEqual(pixels);
    // As MNIST's own are called: nothing but their parts.
    expect(unnamed.name).toBe('IDX');
  });

  it('that is cut or damaged is named, with the byte', async () => {
    const whole = idx([4, 3, 3], pixels);
    await expect(read(file('a-images-idx3-ubyte', whole.subarray(0, 30)), train[1]!)).rejects.toMatchObject({
      code: 'data_malformed',
      fields: { file: 'a-images-idx3-ubyte', format: 'IDX', offset: 30, expected: '36 bytes (values)', got: '14 bytes' },
    });
    const packed = gzipSync(whole);
    packed[packed.length - 6]! ^= 1;
    await expect(read(file('b-images-idx3-ubyte.gz', packed), train[1]!)).rejects.toMatchObject({ code: 'data_malformed', fields: { file: 'b-images-idx3-ubyte.gz', format: 'gzip' } });
    await expect(read(file('c-images-idx3-ubyte', Uint8Array.from([1, ...whole.subarray(1)])), train[1]!)).rejects.toMatchObject({ code: 'data_malformed', fields: { offset: 0, expected: '00 00', got: '01 00' } });
  });
});

describe('npz', () => {
  it('is read as it was written, with its names', async () => {
    const labels = Uint8Array.from([0, 1, 2, 1]);
    const bytes = writeNpz(new Map([['x_train', { shape: [4, 3, 3], data: pixels }], ['y_train', { shape: [4], data: labels }]]));
    const { raw, name } = await read(file('mnist.npz', bytes));
    expect({ name, shape: raw.shape, classes: raw.classes }).toEqual({ name: 'mnist', shape: [3, 3, 1], classes: ['0', '1', '2'] });
    expect(raw.values).toEqual(pixels);
    // Out and in again, it is the same set to its hash.
    const own = { ...raw, name, hash: await hashOf(raw) };
    expect(own.hash).toMatch(/^[0-9a-f]{64}$/);
    const again = await read(file('again.npz', npzOf(own)));
    expect(await hashOf(again.raw)).toBe(own.hash);
    expect(aboutOf(own)).toMatchObject({ count: 4, testFrom: 4, balance: { train: [1, 2, 1], test: [0, 0, 0] } });
  });

  it('with pickled objects is refused, and so is one whose bytes changed on the way', async () => {
    const header = "{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n";
    const npy = Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), 1, 0, header.length, 0, ...new TextEncoder().encode(header), 1, 2, 3]);
    await expect(read(file('evil.npz', zipSync({ 'x.npy': npy, 'y.npy': npy })))).rejects.toMatchObject({ code: 'data_objects', fields: { file: 'evil.npz: x.npy', descr: '|O' } });
    const bytes = writeNpz(new Map([['x', { shape: [4, 3, 3], data: pixels }], ['y', { shape: [4], data: new Uint8Array(4) }]]));
    bytes[170]! ^= 1;
    await expect(read(file('bent.npz', bytes))).rejects.toMatchObject({ code: 'data_malformed', fields: { file: 'bent.npz', format: 'zip', expected: expect.stringMatching(/^CRC-32 [0-9a-f]+ \(x\.npy\)$/) } });
  });
});

describe('CIFAR', () => {
  const records = (...labels: number[]) => Uint8Array.from(labels.flatMap((label) => [label, ...Array<number>(3072).fill(label)]));

  it('is known by its names, also within a tar.gz, and named', async () => {
    const entry = (path: string, bytes: Uint8Array) => {
      const header = new Uint8Array(512);
      const write = (at: number, text: string) => header.set(new TextEncoder().encode(text), at);
      write(0, path);
      write(124, bytes.length.toString(8).padStart(11, '0'));
      write(148, '        0');
      write(148, `${header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0`);
      const body = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
      body.set(bytes);
      return [...header, ...body];
    };
    const tar = Uint8Array.from([...entry('c/data_batch_2.bin', records(3)), ...entry('c/data_batch_1.bin', records(0, 1)), ...entry('c/test_batch.bin', records(3)), ...entry('c/readme.html', new Uint8Array(3)), ...new Uint8Array(1024)]);
    const { raw, name } = await read(file('cifar-10-binary.tar.gz', gzipSync(tar)));
    expect({ name, shape: raw.shape, classes: raw.classes, labels: [...raw.labels], testFrom: raw.testFrom }).toEqual({
      name: 'cifar-10-binary', shape: [32, 32, 3], classes: ['airplane', 'automobile', 'cat'], labels: [0, 1, 2, 2], testFrom: 3,
    });
    await expect(read(file('data_batch_1.bin', records(1, 2).subarray(0, 5000)))).rejects.toMatchObject({ code: 'data_malformed', fields: { file: 'data_batch_1.bin', format: 'CIFAR-10', offset: 3073, got: '1927 bytes' } });
    await expect(read(file('data_batch_1.bin', records(1, 12)))).rejects.toMatchObject({ code: 'data_malformed', fields: { offset: 3073, expected: 'label 0..9', got: '12' } });
  });
});

describe('tables', () => {
  it('have their classes in the column that says so, or in the one with words', async () => {
    const text = 'sepal,petal,species\n1.5,2,"setosa, small"\r\n3,4e-1,virginica\n5,6,virginica\n';
    const { raw, name } = await read(file('iris.csv', new TextEncoder().encode(text)));
    expect({ name, shape: raw.shape, classes: raw.classes, labels: [...raw.labels] }).toEqual({ name: 'iris', shape: [2], classes: ['setosa, small', 'virginica'], labels: [0, 1, 1] });
    expect(raw.values[3]).toBeCloseTo(0.4);
    expect(readTable('a', new TextEncoder().encode('a;1;2\nb;3;4\n')).classes).toEqual(['a', 'b']);
    expect(readTable('a', new TextEncoder().encode('1,2,0\n3,4,1\n')).shape).toEqual([2]);
    expect(cellsOf('"a ""b""\nc",d')).toEqual([['a "b"\nc', 'd']]);
  });

  it('with a word among numbers or a short row say the line', () => {
    const refused = (text: string) => expect(() => readTable('t.csv', new TextEncoder().encode(text)));
    refused('x,label\n1,a\nq,b\n').toThrow(expect.objectContaining({ code: 'data_cell', fields: { file: 't.csv', line: 3, column: 'x', got: 'q' } }));
    refused('x,label\n1,a\n2\n').toThrow(expect.objectContaining({ code: 'data_row_width', fields: { file: 't.csv', line: 3, expected: 2, got: 1 } }));
    refused('x,label\n1,a\n2,a\n').toThrow('data_one_class');
  });
});

describe('archives and mixtures', () => {
  it('of several kinds, of none and of nothing are told', async () => {
    await expect(read(...train, file('a/1.png', new Uint8Array(3)))).rejects.toMatchObject({ code: 'data_several_kinds' });
    await expect(read(file('notes.docx', new Uint8Array(9)))).rejects.toMatchObject({ code: 'data_unknown', fields: { file: 'notes.docx' } });
    await expect(read(file('.DS_Store', new Uint8Array(9)))).rejects.toMatchObject({ code: 'data_nothing' });
    const { skipped } = await read(...train, file('notes.docx', new Uint8Array(9)));
    expect(skipped).toEqual([{ path: 'notes.docx', code: 'data_unknown_file' }]);
  });

  it('give their files one by one, and say where they are damaged', () => {
    const whole = zipSync({ 'a/1.txt': new Uint8Array(500).fill(7), 'b.txt': [Uint8Array.from([1, 2]), { level: 0 }] }) as Bytes;
    expect(listZip('z', whole).map(({ path, bytes }) => [path, bytes().length])).toEqual([['a/1.txt', 500], ['b.txt', 2]]);
    expect(() => listZip('z', whole.slice(0, -30))).toThrow('data_malformed');
    // Whatever is cut or turned, it answers or refuses.
    let state = 7;
    const random = (below: number) => Math.floor(((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32) * below);
    for (let nth = 0; nth < 2000; nth += 1) {
      const bent = whole.slice(0, nth % 2 ? whole.length : random(whole.length));
      for (let flip = random(4); flip > 0 && bent.length > 0; flip -= 1) bent[random(bent.length)]! ^= 1 << random(8);
      try {
        for (const { bytes } of listZip('z', bent)) bytes();
      } catch (error) {
        expect((error as Error).name).toBe('Refused');
      }
    }
  });
});

it('a picture belongs to the folder it lies in, for tests where one above says so', () => {
  expect(placeOf('pets/train/cat/1.png')).toEqual({ name: 'cat', test: false });
  expect(placeOf('pets/test/dog/a.jpg')).toEqual({ name: 'dog', test: true });
  expect(placeOf('cat/1.png')).toEqual({ name: 'cat', test: false });
  expect(placeOf('1.png')).toBeUndefined();
  expect(placeOf('pets/train/1.png')).toBeUndefined();
});

it('the shapes of the page are the same for a seed, and differ among classes', () => {
  const one = drawShapes(5, 1);
  expect(drawShapes(5, 1)).toEqual(one);
  expect(drawShapes(5, 2).values).not.toEqual(one.values);
  expect([...one.labels]).toEqual([0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2]);
  for (let sample = 0; sample < 15; sample += 1) expect(Math.max(...one.values.subarray(sample * 784, (sample + 1) * 784))).toBeGreaterThan(120);
});
