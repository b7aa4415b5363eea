// The arrows between the rooms of src/, and what stays outside the core.
import { basename, dirname } from 'node:path';
import { holds, matches, readSource, withoutComments, type SourceFile } from './rule.ts';

const inCore = (path: string) => /^src\/.*\.rs$/.test(path);

/** `src/ops/relu.rs` and `src/ops.rs` both stand in room `ops`; lib.rs is the front door and in none. */
function roomOf(path: string): string {
  return /^src\/(\w+)/.exec(path)?.[1] ?? '';
}

// wasm → train → {layers, optim, data, formats} → ops → autograd → array → kernels; an arrow may skip rooms.
const below: Record<string, string[]> = { kernels: [] };
below.array = ['kernels', 'error', 'rng'];
below.autograd = ['array', ...below.array];
below.ops = ['autograd', ...below.autograd];
for (const room of ['layers', 'optim', 'data', 'formats']) below[room] = ['ops', ...below.ops];
below.train = ['layers', 'optim', 'data', 'formats', 'ops', ...below.ops];
below.wasm = ['train', ...below.train];
// `error` gathers what every mistake looks like, those of arrays too; array itself doesn't know `error`'s variants.
below.error = ['array'];
below.rng = ['error'];

/** The rooms a file names: `crate::array::…`, `use crate::{array::X, error}`. */
export function namedRooms(text: string): string[] {
  const code = withoutComments(text);
  const rooms = [...code.matchAll(/\bcrate::(\w+)/g)].map((match) => match[1]!);
  for (const group of code.matchAll(/\bcrate::\{/g)) {
    let depth = 1;
    let item = '';
    for (let at = group.index + group[0].length; depth > 0 && at < code.length; at += 1) {
      const sign = code[at]!;
      if (sign === '{') depth += 1;
      if (sign === '}') depth -= 1;
      if (depth === 1 && sign !== '}') item += sign;
      if (depth === 0 || (depth === 1 && sign === ',')) {
        const room = /^\s*(\w+)/.exec(item)?.[1];
        if (room) rooms.push(room);
        item = '';
      }
    }
  }
  return rooms;
}

holds({
  name: 'Rust rooms import only rooms below them',
  why: 'Kernels that know nothing of tensors can be read, tested and made fast by themselves; a cycle would end that.',
  reads: (path) => inCore(path) && path !== 'src/lib.rs',
  find(file: SourceFile) {
    const room = roomOf(file.path);
    const allowed = below[room];
    if (!allowed) return [`room ${room} has no place in the table of arrows`];
    return [...new Set(namedRooms(file.text))]
      // What isn't a room is a macro or an item of lib.rs.
      .filter((named) => named !== room && named in below && !allowed.includes(named))
      .map((named) => `${room} → ${named}`);
  },
  breaks: [
    { path: 'src/kernels/gemm.rs', text: 'use crate::error::Error;' },
    { path: 'src/array/mod.rs', text: 'fn f() { crate::autograd::Tensor::new() }' },
    { path: 'src/ops/relu.rs', text: 'use crate::{\n  array::{NdArray, shape},\n  train::Plan,\n};' },
    { path: 'src/data/idx.rs', text: 'use crate::formats::safetensors;' },
    { path: 'src/attic/mod.rs', text: '' },
  ],
  allows: [
    { path: 'src/kernels/gemm.rs', text: '// Unlike crate::array, this knows no strides.' },
    { path: 'src/ops/relu.rs', text: 'use crate::{array::{NdArray, train}, kernels};' },
    { path: 'src/wasm/array.rs', text: 'use crate::array::Array;' },
  ],
});

holds({
  name: 'Kernels use no crate but libm',
  why: 'They are loops over slices; ndarray belongs to `array`, and every crate here would be one more thing to read.',
  reads: (path) => path.startsWith('src/kernels/'),
  find: (file) => matches(withoutComments(file.text), /\b(?:ndarray|serde|serde_json|flate2|getrandom)::/),
  breaks: [{ path: 'src/kernels/gemm.rs', text: 'use ndarray::ArrayViewD;' }],
  allows: [{ path: 'src/kernels/gemm.rs', text: 'let y = libm::exp(x);' }],
});

holds({
  name: 'wasm-bindgen stays inside src/wasm',
  why: 'The engine must build and be tested natively, byte for byte the same.',
  reads: (path) => inCore(path) && !path.startsWith('src/wasm/'),
  find: (file) =>
    matches(withoutComments(file.text), /\b(?:wasm_bindgen|js_sys|web_sys|serde_wasm_bindgen|console_error_panic_hook)\b/),
  breaks: [
    { path: 'src/train/session.rs', text: 'use wasm_bindgen::prelude::*;' },
    { path: 'src/error.rs', text: 'impl From<Error> for js_sys::Error {}' },
  ],
});

holds({
  name: 'The core has no clock and no randomness of its own',
  why: 'The same seed must give the same bytes of weights everywhere; a clock or an unseeded draw breaks that silently.',
  reads: (path) => inCore(path) && !path.startsWith('src/wasm/'),
  find(file) {
    const clock = /\bstd::time\b|\bInstant\b|\bSystemTime\b|\bRandomState\b|\bthread_rng\b|\brand::/;
    const entropy = file.path === 'src/rng.rs' ? [] : matches(withoutComments(file.text), /\bgetrandom\b/);
    return [...matches(withoutComments(file.text), clock), ...entropy];
  },
  breaks: [
    { path: 'src/train/session.rs', text: 'let start = Instant::now();' },
    { path: 'src/data/split.rs', text: 'getrandom::fill(&mut seed)' },
    { path: 'src/rng.rs', text: 'use std::time::SystemTime;' },
  ],
  allows: [{ path: 'src/rng.rs', text: 'getrandom::fill(&mut bytes)' }],
});

holds({
  name: 'Iteration order never depends on a hash',
  why: 'HashMap iterates in a random order, so weights would be saved and summed in another order on each run.',
  reads: (path) => inCore(path) && !path.startsWith('src/wasm/'),
  find: (file) => matches(withoutComments(file.text), /\bHash(?:Map|Set)\b/),
  breaks: [{ path: 'src/formats/safetensors.rs', text: 'use std::collections::HashMap;' }],
  allows: [{ path: 'src/formats/safetensors.rs', text: 'use std::collections::BTreeMap;' }],
});

holds({
  name: 'unsafe stays in kernels and array, and says why it is sound',
  why: 'SIMD loads and shared storage need it; anywhere else it only hides a mistake.',
  reads: inCore,
  find(file) {
    const lines = file.text.split('\n');
    return lines.flatMap((line, index) => {
      if (!/\bunsafe\b(?!_)/.test(withoutComments(line))) return [];
      if (!/^src\/(kernels|array)\//.test(file.path)) return [`line ${index + 1}: unsafe outside kernels and array`];
      // A block has its reason above it; an inner `unsafe fn` may have it above or at the block that opens its body.
      const last = /\bunsafe\s+(?:extern\s+"C"\s+)?fn\b/.test(line) ? index + 12 : index;
      const around = lines.slice(Math.max(0, index - 12), last + 1).join('\n');
      return /\/\/.*safe/i.test(around) ? [] : [`line ${index + 1}: unsafe without a reason in the lines around it`];
    });
  },
  breaks: [
    { path: 'src/train/plan.rs', text: '// Safety: the index is in range.\nunsafe { *buffer.get_unchecked(i) }' },
    { path: 'src/kernels/gemm.rs', text: 'unsafe { load(pointer) }' },
    { path: 'src/kernels/gemm.rs', text: 'unsafe fn tile(pointer: *const f32) -> f32 {\n    unsafe { *pointer }\n}' },
  ],
  allows: [
    { path: 'src/kernels/gemm.rs', text: '// SAFETY: the slice holds four elements from here.\nunsafe { load(pointer) }' },
    { path: 'src/train/plan.rs', text: '// No unsafe here.' },
  ],
});

holds({
  name: 'Every file of the engine\'s tests is a module of the program that runs them',
  why: 'A file that no `mod` names is never compiled: its tests would stop running, and nobody would hear of it.',
  reads: (path) => /^tests\/engine\/.+\.rs$/.test(path) && path !== 'tests/engine/main.rs',
  find({ path }) {
    const [, folder, file] = /^(.*)\/(\w+)\.rs$/.exec(path)!;
    const [home, name] = file === 'mod' ? [dirname(folder!), basename(folder!)] : [folder!, file!];
    const above = home === 'tests/engine' ? 'main' : 'mod';
    const { text } = readSource(`${home}/${above}.rs`);
    return new RegExp(`^(?:pub )?mod ${name};$`, 'm').test(text) ? [] : [`${home}/${above}.rs has no \`mod ${name};\``];
  },
  breaks: [
    { path: 'tests/engine/forgotten.rs', text: '' },
    { path: 'tests/engine/properties/forgotten.rs', text: '' },
    { path: 'tests/engine/forgotten/mod.rs', text: '' },
  ],
  allows: [
    { path: 'tests/engine/edges.rs', text: '' },
    { path: 'tests/engine/properties/mod.rs', text: '' },
    { path: 'tests/engine/properties/einsum.rs', text: '' },
  ],
});
