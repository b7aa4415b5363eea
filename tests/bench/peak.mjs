// A wasm module that does nothing but multiply and add in registers: the peak that shares are
// taken of, measured in the same run as they are.
import binaryen from 'binaryen';

// More chains than latency × units, few enough for 15 registers.
const CHAINS = 10;
const LANES = 4;

/** Floating-point operations of one turn of the loop. */
export const FLOP_PER_TURN = CHAINS * LANES * 2;

/** The module's bytes; it exports peak(turns: i32) -> f32. */
export function peakModule(variant) {
  const one = '(v128.const f32x4 1 1 1 1)';
  const tiny = '(v128.const f32x4 1e-9 1e-9 1e-9 1e-9)';
  const chains = Array.from({ length: CHAINS }, (_, i) => `$sum${i}`);
  const step = (sum) =>
    variant === 'relaxed'
      ? `(f32x4.relaxed_madd (local.get ${sum}) (local.get $one) (local.get $tiny))`
      : `(f32x4.add (f32x4.mul (local.get ${sum}) (local.get $one)) (local.get $tiny))`;
  const total = chains.map((sum) => `(local.get ${sum})`).reduce((a, b) => `(f32x4.add ${a} ${b})`);
  const module = binaryen.parseText(`(module
    (func (export "peak") (param $turns i32) (result f32)
      (local $one v128) (local $tiny v128) ${chains.map((sum) => `(local ${sum} v128)`).join(' ')}
      (local.set $one ${one}) (local.set $tiny ${tiny})
      ${chains.map((sum) => `(local.set ${sum} (local.get $one))`).join('\n')}
      (loop $again
        ${chains.map((sum) => `(local.set ${sum} ${step(sum)})`).join('\n')}
        (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1)))))
      (f32x4.extract_lane 0 ${total})))`);
  module.setFeatures(binaryen.Features.SIMD128 | binaryen.Features.RelaxedSIMD);
  if (!module.validate()) throw new Error('the peak loop is not a valid module');
  const bytes = module.emitBinary();
  module.dispose();
  return bytes;
}
