//! Eight int16 and four int32 lanes: wasm SIMD where the target has it, plain arrays elsewhere. Whole
//! numbers know no rounding, so both give the same bits.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use std::arch::wasm32::*;

    /// Four i32.
    #[derive(Clone, Copy)]
    pub struct I32x4(v128);

    /// Eight i16.
    #[derive(Clone, Copy)]
    pub struct I16x8(v128);

    impl I32x4 {
        #[inline(always)]
        pub fn from_lanes(lanes: &[i32; 4]) -> Self {
            // Safety: four i32 are readable behind the reference.
            I32x4(unsafe { v128_load(lanes.as_ptr().cast()) })
        }

        #[inline(always)]
        pub fn write_lanes(self, lanes: &mut [i32; 4]) {
            // Safety: four i32 are writable behind the reference.
            unsafe { v128_store(lanes.as_mut_ptr().cast(), self.0) }
        }

        #[inline(always)]
        pub fn max(self, b: Self) -> Self {
            I32x4(i32x4_max(self.0, b.0))
        }

        /// `self + Σ a · b` over the two neighbours that belong to each lane.
        #[inline(always)]
        pub fn add_products(self, a: I16x8, b: I16x8) -> Self {
            I32x4(i32x4_add(self.0, i32x4_dot_i16x8(a.0, b.0)))
        }

        /// `(self · m + 2^(shift − 1)) >> shift`, computed in 64 bits; shift in 31..63.
        #[inline(always)]
        pub fn scale(self, m: Self, shift: u32) -> Self {
            let half = i64x2_splat(1 << (shift - 1));
            let low = i64x2_add(i64x2_extmul_low_i32x4(self.0, m.0), half);
            let high = i64x2_add(i64x2_extmul_high_i32x4(self.0, m.0), half);
            let (low, high) = (i64x2_shr(low, shift), i64x2_shr(high, shift));
            I32x4(i32x4_shuffle::<0, 2, 4, 6>(low, high))
        }
    }

    /// `self + zero`, cut to `low..=high`, for the eight numbers of two vectors.
    #[inline(always)]
    pub fn narrow(v: [I32x4; 2], zero: i32, low: i8, high: i8) -> [i8; 8] {
        let zero = i32x4_splat(zero);
        let sixteen = i16x8_narrow_i32x4(i32x4_add(v[0].0, zero), i32x4_add(v[1].0, zero));
        let eight = i8x16_narrow_i16x8(sixteen, sixteen);
        let eight = i8x16_min(i8x16_max(eight, i8x16_splat(low)), i8x16_splat(high));
        i64x2_extract_lane::<0>(eight)
            .to_le_bytes()
            .map(|byte| byte as i8)
    }

    impl I16x8 {
        /// Two numbers, over and over.
        ///
        /// # Safety
        /// Two i16 must be readable at `from`; it need not be aligned.
        #[inline(always)]
        pub unsafe fn load_pair(from: *const i16) -> Self {
            // Safety: the caller's promise.
            I16x8(unsafe { v128_load32_splat(from.cast()) })
        }

        /// Eight int8, widened.
        ///
        /// # Safety
        /// Eight i8 must be readable at `from`; it need not be aligned.
        #[inline(always)]
        pub unsafe fn load_i8(from: *const i8) -> Self {
            // Safety: the caller's promise.
            I16x8(unsafe { i16x8_load_extend_i8x8(from) })
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    use std::array::from_fn;

    /// Four i32.
    #[derive(Clone, Copy)]
    pub struct I32x4([i32; 4]);

    /// Eight i16.
    #[derive(Clone, Copy)]
    pub struct I16x8([i16; 8]);

    impl I32x4 {
        #[inline(always)]
        pub fn from_lanes(lanes: &[i32; 4]) -> Self {
            I32x4(*lanes)
        }

        #[inline(always)]
        pub fn write_lanes(self, lanes: &mut [i32; 4]) {
            *lanes = self.0;
        }

        #[inline(always)]
        pub fn max(self, b: Self) -> Self {
            I32x4(from_fn(|i| self.0[i].max(b.0[i])))
        }

        /// `self + Σ a · b` over the two neighbours that belong to each lane.
        #[inline(always)]
        pub fn add_products(self, a: I16x8, b: I16x8) -> Self {
            let product = |i: usize| i32::from(a.0[i]) * i32::from(b.0[i]);
            I32x4(from_fn(|i| {
                self.0[i].wrapping_add(product(2 * i).wrapping_add(product(2 * i + 1)))
            }))
        }

        /// `(self · m + 2^(shift − 1)) >> shift`, computed in 64 bits; shift in 31..63.
        #[inline(always)]
        pub fn scale(self, m: Self, shift: u32) -> Self {
            let half = 1i64 << (shift - 1);
            let product = |i: usize| i64::from(self.0[i]) * i64::from(m.0[i]);
            I32x4(from_fn(|i| ((product(i) + half) >> shift) as i32))
        }
    }

    /// `self + zero`, cut to `low..=high`, for the eight numbers of two vectors.
    #[inline(always)]
    pub fn narrow(v: [I32x4; 2], zero: i32, low: i8, high: i8) -> [i8; 8] {
        let cut = |i: usize| {
            let number = v[i / 4].0[i % 4].wrapping_add(zero);
            number.clamp(low.into(), high.into()) as i8
        };
        from_fn(cut)
    }

    impl I16x8 {
        /// Two numbers, over and over.
        ///
        /// # Safety
        /// Two i16 must be readable at `from`; it need not be aligned.
        #[inline(always)]
        pub unsafe fn load_pair(from: *const i16) -> Self {
            // Safety: the caller's promise.
            let pair = unsafe { from.cast::<[i16; 2]>().read_unaligned() };
            I16x8(from_fn(|i| pair[i % 2]))
        }

        /// Eight int8, widened.
        ///
        /// # Safety
        /// Eight i8 must be readable at `from`; it need not be aligned.
        #[inline(always)]
        pub unsafe fn load_i8(from: *const i8) -> Self {
            // Safety: the caller's promise.
            let eight = unsafe { from.cast::<[i8; 8]>().read_unaligned() };
            I16x8(eight.map(i16::from))
        }
    }
}

pub use lanes::{I16x8, I32x4, narrow};
