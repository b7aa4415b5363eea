//! Two f64 lanes: wasm SIMD where the target has it, a plain array elsewhere, with the same bits.
//!
//! There is no fused form: what Python computes must not depend on the build.

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use std::arch::wasm32::*;

    /// Two f64.
    #[derive(Clone, Copy)]
    pub struct F64x2(v128);

    impl F64x2 {
        pub const ZERO: F64x2 = F64x2(f64x2(0.0, 0.0));

        /// # Safety
        /// Two f64 must be readable at `from`; it need not be aligned to 16 bytes.
        #[inline(always)]
        pub unsafe fn load(from: *const f64) -> Self {
            // Safety: the caller's promise.
            F64x2(unsafe { v128_load(from.cast()) })
        }

        /// One value in both lanes.
        ///
        /// # Safety
        /// One f64 must be readable at `from`.
        #[inline(always)]
        pub unsafe fn load_splat(from: *const f64) -> Self {
            // Safety: the caller's promise.
            F64x2(unsafe { v128_load64_splat(from.cast()) })
        }

        /// # Safety
        /// Two f64 must be writable at `to`; it need not be aligned to 16 bytes.
        #[inline(always)]
        pub unsafe fn store(self, to: *mut f64) {
            // Safety: the caller's promise.
            unsafe { v128_store(to.cast(), self.0) }
        }

        /// `self · b + c`, rounded twice.
        #[inline(always)]
        pub fn mul_add(self, b: Self, c: Self) -> Self {
            F64x2(f64x2_add(f64x2_mul(self.0, b.0), c.0))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    /// Two f64.
    #[derive(Clone, Copy)]
    pub struct F64x2([f64; 2]);

    impl F64x2 {
        pub const ZERO: F64x2 = F64x2([0.0; 2]);

        /// # Safety
        /// Two f64 must be readable at `from`; it need not be aligned to 16 bytes.
        #[inline(always)]
        pub unsafe fn load(from: *const f64) -> Self {
            // Safety: the caller's promise.
            F64x2(unsafe { from.cast::<[f64; 2]>().read_unaligned() })
        }

        /// One value in both lanes.
        ///
        /// # Safety
        /// One f64 must be readable at `from`.
        #[inline(always)]
        pub unsafe fn load_splat(from: *const f64) -> Self {
            // Safety: the caller's promise.
            F64x2([unsafe { *from }; 2])
        }

        /// # Safety
        /// Two f64 must be writable at `to`; it need not be aligned to 16 bytes.
        #[inline(always)]
        pub unsafe fn store(self, to: *mut f64) {
            // Safety: the caller's promise.
            unsafe { to.cast::<[f64; 2]>().write_unaligned(self.0) }
        }

        /// `self · b + c`, rounded twice.
        #[inline(always)]
        pub fn mul_add(self, b: Self, c: Self) -> Self {
            F64x2([self.0[0] * b.0[0] + c.0[0], self.0[1] * b.0[1] + c.0[1]])
        }
    }
}

pub use lanes::F64x2;

/// Lanes of a vector.
pub const LANES: usize = 2;
