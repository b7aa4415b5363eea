//! Normals and exponentials by ziggurats of 256 layers of equal area.
//!
//! Marsaglia and Tsang, "The ziggurat method for generating random variables" (2000). The tables
//! follow from where the tail begins; the order in which bits are used is NumPy's.

use super::Bits;

/// Where the normal's tail begins, and the exponential's.
const NORMAL_TAIL: f64 = 3.654_152_885_361_009;
const EXPONENTIAL_TAIL: f64 = 7.697_117_470_131_05;

/// Layer `i` is as wide as `width[i]` times the integer drawn; below `inside[i]` it surely lies
/// under the curve, whose height at the layer's edge is `height[i]`.
struct Layers {
    inside: [u64; 256],
    width: [f64; 256],
    height: [f64; 256],
}

impl Layers {
    /// `steps` integers span a layer; `curve` and its inverse shape it; `area` is each layer's.
    fn new(
        tail: f64,
        area: f64,
        steps: f64,
        curve: impl Fn(f64) -> f64,
        inverse: impl Fn(f64) -> f64,
    ) -> Self {
        let mut layers = Layers {
            inside: [0; 256],
            width: [0.0; 256],
            height: [0.0; 256],
        };
        let base = area / curve(tail);
        layers.inside[0] = (tail / base * steps) as u64;
        layers.width[0] = base / steps;
        layers.width[255] = tail / steps;
        layers.height[0] = 1.0;
        layers.height[255] = curve(tail);
        let mut edge = tail;
        for i in (1..255).rev() {
            let wider = edge;
            edge = inverse(area / edge + curve(edge));
            layers.inside[i + 1] = (edge / wider * steps) as u64;
            layers.width[i] = edge / steps;
            layers.height[i] = curve(edge);
        }
        layers
    }

    fn normal(steps: f64) -> Self {
        let curve = |x: f64| libm::exp(-0.5 * x * x);
        let beyond = libm::sqrt(std::f64::consts::FRAC_PI_2)
            * libm::erfc(NORMAL_TAIL / std::f64::consts::SQRT_2);
        let area = NORMAL_TAIL * curve(NORMAL_TAIL) + beyond;
        Layers::new(NORMAL_TAIL, area, steps, curve, |y| {
            libm::sqrt(-2.0 * libm::log(y))
        })
    }

    fn exponential(steps: f64) -> Self {
        let curve = |x: f64| libm::exp(-x);
        let area = (EXPONENTIAL_TAIL + 1.0) * curve(EXPONENTIAL_TAIL);
        Layers::new(EXPONENTIAL_TAIL, area, steps, curve, |y| -libm::log(y))
    }
}

thread_local! {
    static NORMAL: Layers = Layers::normal(4_503_599_627_370_496.0);
    static NORMAL_F32: Layers = Layers::normal(8_388_608.0);
    static EXPONENTIAL: Layers = Layers::exponential(9_007_199_254_740_992.0);
}

/// What lies beyond the last layer, and its sign's bit.
fn normal_tail(bits: &mut impl Bits) -> f64 {
    loop {
        let x = -libm::log1p(-bits.next_f64()) / NORMAL_TAIL;
        let y = -libm::log1p(-bits.next_f64());
        if y + y > x * x {
            return NORMAL_TAIL + x;
        }
    }
}

pub fn normal(bits: &mut impl Bits) -> f64 {
    NORMAL.with(|layers| {
        loop {
            let drawn = bits.next_u64();
            let layer = (drawn & 0xff) as usize;
            let size = (drawn >> 9) & 0x000f_ffff_ffff_ffff;
            let x = size as f64 * layers.width[layer];
            let signed = if drawn >> 8 & 1 == 1 { -x } else { x };
            if size < layers.inside[layer] {
                return signed;
            }
            if layer == 0 {
                let far = normal_tail(bits);
                return if size >> 8 & 1 == 1 { -far } else { far };
            }
            let span = layers.height[layer - 1] - layers.height[layer];
            if span * bits.next_f64() + layers.height[layer] < libm::exp(-0.5 * x * x) {
                return signed;
            }
        }
    })
}

/// A float32 of [0, 1), 24 random bits.
fn next_f32(bits: &mut impl Bits) -> f32 {
    (bits.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
}

pub fn normal_f32(bits: &mut impl Bits) -> f32 {
    NORMAL_F32.with(|layers| {
        loop {
            let drawn = bits.next_u32();
            let layer = (drawn & 0xff) as usize;
            let size = drawn >> 9 & 0x007f_ffff;
            let x = size as f32 * layers.width[layer] as f32;
            let signed = if drawn >> 8 & 1 == 1 { -x } else { x };
            if u64::from(size) < layers.inside[layer] {
                return signed;
            }
            if layer == 0 {
                loop {
                    let far = -libm::log1pf(-next_f32(bits)) / NORMAL_TAIL as f32;
                    let y = -libm::log1pf(-next_f32(bits));
                    if y + y > far * far {
                        let far = NORMAL_TAIL as f32 + far;
                        return if size >> 8 & 1 == 1 { -far } else { far };
                    }
                }
            }
            let (above, below) = (layers.height[layer - 1] as f32, layers.height[layer] as f32);
            let height = f64::from((above - below) * next_f32(bits) + below);
            if height < libm::exp(-0.5 * f64::from(x) * f64::from(x)) {
                return signed;
            }
        }
    })
}

pub fn exponential(bits: &mut impl Bits) -> f64 {
    EXPONENTIAL.with(|layers| {
        loop {
            let drawn = bits.next_u64() >> 3;
            let layer = (drawn & 0xff) as usize;
            let size = drawn >> 8;
            let x = size as f64 * layers.width[layer];
            if size < layers.inside[layer] {
                return x;
            }
            if layer == 0 {
                return EXPONENTIAL_TAIL - libm::log1p(-bits.next_f64());
            }
            let span = layers.height[layer - 1] - layers.height[layer];
            if span * bits.next_f64() + layers.height[layer] < libm::exp(-x) {
                return x;
            }
        }
    })
}
