//! Four f32 lanes: wasm SIMD where the target has it, plain arrays elsewhere.
//!
//! Each lane does exactly what scalar f32 does, so the portable form and wasm's `simd128` give the
//! same bits. Built with `relaxed-simd`, [`F32x4::mul_add`] rounds once instead of twice.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod wasm;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub use wasm::{F32x4, Mask4};

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod portable;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub use portable::{F32x4, Mask4};

pub mod double;
pub mod int;

/// Lanes of a vector.
pub const LANES: usize = 4;

impl F32x4 {
    #[inline(always)]
    pub fn from_lanes(lanes: &[f32; LANES]) -> Self {
        // Safety: four f32 are readable behind the reference.
        unsafe { F32x4::load(lanes.as_ptr()) }
    }

    /// The larger; NaN where either is NaN.
    #[inline(always)]
    pub fn max(self, b: Self) -> Self {
        b.exceeds(self).select(b, self)
    }

    #[inline(always)]
    pub fn write_lanes(self, lanes: &mut [f32; LANES]) {
        // Safety: four f32 are writable behind the reference.
        unsafe { self.store(lanes.as_mut_ptr()) }
    }
}

/// `out[i] = op(a[i], b[i])`, four at a time; all of one length.
#[inline(always)]
pub fn zip_into(a: &[f32], b: &[f32], out: &mut [f32], op: impl Fn(F32x4, F32x4) -> F32x4) {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks(), b.as_chunks());
    let (out, out_rest) = out.as_chunks_mut();
    for ((a, b), out) in a.iter().zip(b).zip(out) {
        op(F32x4::from_lanes(a), F32x4::from_lanes(b)).write_lanes(out);
    }
    let rest = op(padded(a_rest), padded(b_rest));
    write_first(rest, out_rest);
}

/// `out[i] = op(out[i], a[i])`, four at a time; both of one length.
#[inline(always)]
pub fn zip_in_place(out: &mut [f32], a: &[f32], op: impl Fn(F32x4, F32x4) -> F32x4) {
    let (a, a_rest) = a.as_chunks();
    let (out, out_rest) = out.as_chunks_mut();
    for (out, a) in out.iter_mut().zip(a) {
        op(F32x4::from_lanes(out), F32x4::from_lanes(a)).write_lanes(out);
    }
    let rest = op(padded(out_rest), padded(a_rest));
    write_first(rest, out_rest);
}

/// Fewer numbers than a vector has, and zeros after them.
#[inline(always)]
fn padded(values: &[f32]) -> F32x4 {
    let mut lanes = [0.0; LANES];
    lanes[..values.len()].copy_from_slice(values);
    F32x4::from_lanes(&lanes)
}

/// The first lanes, as many as there is room for.
#[inline(always)]
fn write_first(from: F32x4, values: &mut [f32]) {
    let mut lanes = [0.0; LANES];
    from.write_lanes(&mut lanes);
    values.copy_from_slice(&lanes[..values.len()]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zips_reach_every_element_of_any_length() {
        for len in 0..10 {
            let a: Vec<f32> = (0..len).map(|i| i as f32).collect();
            let b: Vec<f32> = (0..len).map(|i| (i * i) as f32 + 0.5).collect();
            let expected: Vec<f32> = a.iter().zip(&b).map(|(a, b)| a - b).collect();
            let mut out = vec![9.0; len];
            zip_into(&a, &b, &mut out, |a, b| a - b);
            assert_eq!(out, expected);
            out.copy_from_slice(&a);
            zip_in_place(&mut out, &b, |a, b| a - b);
            assert_eq!(out, expected);
        }
    }

    fn lanes(v: F32x4) -> [f32; 4] {
        let mut out = [0.0; 4];
        v.write_lanes(&mut out);
        out
    }

    const A: [f32; 4] = [1.5, -2.0, 0.0, 8.0];
    const B: [f32; 4] = [0.5, 4.0, -1.0, 8.0];

    fn check_lanes(op: impl Fn(F32x4, F32x4) -> F32x4, scalar: impl Fn(f32, f32) -> f32) {
        let got = lanes(op(F32x4::from_lanes(&A), F32x4::from_lanes(&B)));
        for i in 0..4 {
            assert_eq!(got[i].to_bits(), scalar(A[i], B[i]).to_bits(), "lane {i}");
        }
    }

    #[test]
    fn lanes_do_what_scalars_do() {
        check_lanes(|a, b| a + b, |a, b| a + b);
        check_lanes(|a, b| a - b, |a, b| a - b);
        check_lanes(|a, b| a * b, |a, b| a * b);
        check_lanes(|a, b| a / b, |a, b| a / b);
        check_lanes(|a, b| a.mul_add(b, a), |a, b| a * b + a);
        check_lanes(|a, _| (a * a).sqrt(), |a, _| (a * a).sqrt());
        check_lanes(|a, _| a.abs(), |a, _| a.abs());
        for max in [F32x4::max, F32x4::max_of_numbers] {
            check_lanes(max, |a, b| if a < b { b } else { a });
        }
        check_lanes(|a, _| a.relu(), |a, _| if a < 0.0 { 0.0 } else { a });
        check_lanes(
            |a, b| a.gt(b).select(a, b),
            |a, b| if a > b { a } else { b },
        );
        check_lanes(|a, b| a.gt(b).keep(a), |a, b| if a > b { a } else { 0.0 });
    }

    #[test]
    fn a_lane_fills_a_vector() {
        for (lane, value) in A.into_iter().enumerate() {
            assert_eq!(lanes(F32x4::from_lanes(&A).splat_lane(lane)), [value; 4]);
        }
    }

    #[test]
    fn masks_give_one_bit_a_lane() {
        let (a, b) = (F32x4::from_lanes(&A), F32x4::from_lanes(&B));
        assert_eq!(a.gt(b).bits(), 0b0101);
        assert_eq!(b.gt(a).bits(), 0b0010);
        assert_eq!(b.gt(a).select_mask(a.gt(b), b.gt(a)).bits(), 0b0000);
        assert_eq!(b.gt(a).select_mask(b.gt(a), a.gt(b)).bits(), 0b0111);
    }

    #[test]
    fn masks_come_from_their_bits() {
        for bits in 0..16 {
            assert_eq!(Mask4::from_bits(bits).bits(), bits);
            assert_eq!(Mask4::from_bits(bits | 0xa0).bits(), bits);
        }
    }

    #[test]
    fn a_nan_exceeds_all_but_a_nan() {
        let a = F32x4::from_lanes(&[1.0, f32::NAN, f32::NAN, 2.0]);
        let b = F32x4::from_lanes(&[2.0, 1.0, f32::NAN, f32::NAN]);
        assert_eq!(a.exceeds(b).bits(), 0b0010);
        assert_eq!(b.exceeds(a).bits(), 0b1001);
    }

    #[test]
    fn max_relu_and_abs_keep_a_nan() {
        let nan = F32x4::from_lanes(&[f32::NAN, 1.0, -1.0, f32::NAN]);
        for other in [0.0, 1.0, -1.0, f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
            let other = F32x4::splat(other);
            for kept in [nan.max(other), other.max(nan), nan.relu(), nan.abs()] {
                assert!(lanes(kept)[0].is_nan() && lanes(kept)[3].is_nan());
            }
        }
    }

    #[test]
    fn a_transpose_swaps_rows_and_columns() {
        let rows = [
            [0., 1., 2., 3.],
            [4., 5., 6., 7.],
            [8., 9., 10., 11.],
            [12., 13., 14., 15.],
        ];
        let columns = F32x4::transpose(rows.map(|row: [f32; 4]| F32x4::from_lanes(&row)));
        for (i, column) in columns.into_iter().enumerate() {
            assert_eq!(
                lanes(column),
                [i as f32, (i + 4) as f32, (i + 8) as f32, (i + 12) as f32]
            );
        }
    }
}
