//! What is measured: which kernel, on which shape.

use crate::kernels::optimizer::adam;
use crate::kernels::{
    Conv2dShape, Pool2dShape, bias, conv_relu_pool, conv2d, gemm, max_pool2d, relu,
};

/// A kernel bound to its buffers.
pub type Run = Box<dyn FnMut()>;

pub struct Case {
    pub name: &'static str,
    pub work: Work,
}

/// Where a kernel's arguments come from.
#[derive(Clone, Copy)]
pub enum Pass {
    Forward,
    BackwardInput,
    BackwardWeight,
}

use Pass::{BackwardInput, BackwardWeight, Forward};

pub enum Work {
    /// `y = x · W` of a dense layer and its two gradients: batch, inputs, units.
    Dense(Pass, usize, usize, usize),
    /// A 3×3 convolution with stride 1 that keeps the size: batch, height and width, channels in
    /// and out.
    Conv(Pass, usize, usize, usize, usize),
    /// A 3×3 convolution without padding, relu and 2×2 pooling in one; sizes as `Conv`.
    ConvReluPool(Pass, usize, usize, usize, usize),
    /// 2×2 pooling: batch, height and width, channels.
    MaxPool(Pass, usize, usize, usize),
    /// Parameters.
    Adam(usize),
    /// Rows, columns.
    Bias(Pass, usize, usize),
    /// Elements, in place.
    Relu(Pass, usize),
}

const fn case(name: &'static str, work: Work) -> Case {
    Case { name, work }
}

/// The layers of the reference net, then those of a deeper one on 32×32×3, then VGG16's kinds.
pub const CASES: &[Case] = &[
    case(
        "dense 32×5408→64 forward",
        Work::Dense(Forward, 32, 5408, 64),
    ),
    case(
        "dense 32×5408→64 dx",
        Work::Dense(BackwardInput, 32, 5408, 64),
    ),
    case(
        "dense 32×5408→64 dw",
        Work::Dense(BackwardWeight, 32, 5408, 64),
    ),
    case(
        "dense 16×5408→64 forward",
        Work::Dense(Forward, 16, 5408, 64),
    ),
    case(
        "dense 16×5408→64 dx",
        Work::Dense(BackwardInput, 16, 5408, 64),
    ),
    case(
        "dense 16×5408→64 dw",
        Work::Dense(BackwardWeight, 16, 5408, 64),
    ),
    case(
        "dense 128×5408→64 forward",
        Work::Dense(Forward, 128, 5408, 64),
    ),
    case(
        "dense 128×5408→64 dx",
        Work::Dense(BackwardInput, 128, 5408, 64),
    ),
    case(
        "dense 128×5408→64 dw",
        Work::Dense(BackwardWeight, 128, 5408, 64),
    ),
    case("dense 1×5408→64 forward", Work::Dense(Forward, 1, 5408, 64)),
    case("dense 32×64→10 forward", Work::Dense(Forward, 32, 64, 10)),
    case(
        "conv+relu+pool 1→32 forward",
        Work::ConvReluPool(Forward, 32, 28, 1, 32),
    ),
    case(
        "conv+relu+pool 1→32 dw, db",
        Work::ConvReluPool(BackwardWeight, 32, 28, 1, 32),
    ),
    case("conv 28×28 1→32 forward", Work::Conv(Forward, 8, 28, 1, 32)),
    case(
        "conv 28×28 1→32 dw",
        Work::Conv(BackwardWeight, 8, 28, 1, 32),
    ),
    case("conv 32×32 3→32 forward", Work::Conv(Forward, 8, 32, 3, 32)),
    case(
        "conv 32×32 3→32 dw",
        Work::Conv(BackwardWeight, 8, 32, 3, 32),
    ),
    case(
        "conv 32×32 32→64 forward",
        Work::Conv(Forward, 8, 32, 32, 64),
    ),
    case(
        "conv 32×32 32→64 dx",
        Work::Conv(BackwardInput, 8, 32, 32, 64),
    ),
    case(
        "conv 32×32 32→64 dw",
        Work::Conv(BackwardWeight, 8, 32, 32, 64),
    ),
    case(
        "conv 16×16 64→64 forward",
        Work::Conv(Forward, 8, 16, 64, 64),
    ),
    case(
        "conv 16×16 64→64 dx",
        Work::Conv(BackwardInput, 8, 16, 64, 64),
    ),
    case(
        "conv 16×16 64→64 dw",
        Work::Conv(BackwardWeight, 8, 16, 64, 64),
    ),
    case(
        "conv+relu+pool 32→64 forward",
        Work::ConvReluPool(Forward, 8, 32, 32, 64),
    ),
    case(
        "conv 224×224 3→64 forward",
        Work::Conv(Forward, 1, 224, 3, 64),
    ),
    case(
        "conv 112×112 128→128 forward",
        Work::Conv(Forward, 1, 112, 128, 128),
    ),
    case(
        "conv 14×14 512→512 forward",
        Work::Conv(Forward, 1, 14, 512, 512),
    ),
    case(
        "max pool 32×32×64 forward",
        Work::MaxPool(Forward, 8, 32, 64),
    ),
    case(
        "max pool 32×32×64 dx",
        Work::MaxPool(BackwardInput, 8, 32, 64),
    ),
    case("Adam 347,146", Work::Adam(347_146)),
    case("bias 8192×64 forward", Work::Bias(Forward, 8192, 64)),
    case("bias 8192×64 db", Work::Bias(BackwardWeight, 8192, 64)),
    case("relu 524,288 forward", Work::Relu(Forward, 524_288)),
    case("relu 524,288 dx", Work::Relu(BackwardInput, 524_288)),
];

fn conv_shape(n: usize, size: usize, c: usize, o: usize) -> Conv2dShape {
    Conv2dShape {
        pad: [1; 4],
        ..Conv2dShape::valid((n, size, size, c), (3, 3), o)
    }
}

fn pool_shape(n: usize, size: usize, c: usize) -> Pool2dShape {
    Pool2dShape {
        n,
        h: size,
        w: size,
        c,
        size: (2, 2),
        stride: (2, 2),
        pad: [0; 4],
    }
}

impl Work {
    /// Multiplications and additions that are necessary, whatever the kernel does.
    pub fn flop(&self) -> f64 {
        let product = |m: usize, n: usize, k: usize| 2.0 * m as f64 * n as f64 * k as f64;
        match *self {
            Work::Dense(_, n, inputs, units) => product(n, inputs, units),
            Work::Conv(_, n, size, c, o) => product(n * size * size, 9 * c, o),
            Work::ConvReluPool(pass, n, size, c, o) => {
                let pixels = n * (size - 2) * (size - 2);
                // The gradient comes from one pixel of each window.
                let pixels = if matches!(pass, Forward) {
                    pixels
                } else {
                    pixels / 4
                };
                product(pixels, 9 * c, o)
            }
            Work::MaxPool(..) | Work::Adam(_) | Work::Bias(..) | Work::Relu(..) => 0.0,
        }
    }

    /// Numbers that it goes through: outputs of a product, inputs of what only moves numbers.
    pub fn elements(&self) -> f64 {
        (match *self {
            Work::Dense(Forward, n, _, units) => n * units,
            Work::Dense(BackwardInput, n, inputs, _) => n * inputs,
            Work::Dense(BackwardWeight, _, inputs, units) => inputs * units,
            Work::Conv(Forward, n, size, _, o) => n * size * size * o,
            Work::Conv(BackwardInput, n, size, c, _) => n * size * size * c,
            Work::Conv(BackwardWeight, _, _, c, o) => 9 * c * o,
            Work::ConvReluPool(_, n, size, _, o) => n * (size - 2) * (size - 2) * o,
            Work::MaxPool(_, n, size, c) => n * size * size * c,
            Work::Adam(count) | Work::Relu(_, count) => count,
            Work::Bias(_, rows, cols) => rows * cols,
        }) as f64
    }

    /// Allocates the arguments, filled with numbers about 0.
    pub fn prepare(&self) -> Run {
        match *self {
            Work::Dense(pass, n, inputs, units) => dense(pass, n, inputs, units),
            Work::Conv(pass, n, size, c, o) => conv(pass, conv_shape(n, size, c, o)),
            Work::ConvReluPool(pass, n, size, c, o) => {
                fused(pass, Conv2dShape::valid((n, size, size, c), (3, 3), o))
            }
            Work::MaxPool(pass, n, size, c) => max_pool(pass, pool_shape(n, size, c)),
            Work::Adam(count) => {
                let (mut params, grads) = (numbers(count), numbers(count));
                let (mut m, mut v) = (numbers(count), vec![0.01; count]);
                let rule = adam::Adam {
                    rate: 1e-3,
                    rest_1: 0.1,
                    rest_2: 0.001,
                    epsilon: 1e-7,
                    keep: 1.0,
                };
                Box::new(move || rule.apply(&mut params, &grads, &mut m, &mut v))
            }
            Work::Bias(pass, rows, cols) => {
                let (mut y, mut b) = (numbers(rows * cols), numbers(cols));
                match pass {
                    Forward => Box::new(move || bias::add(rows, cols, &b, &mut y)),
                    _ => Box::new(move || bias::backward(rows, cols, &y, &mut b)),
                }
            }
            Work::Relu(pass, count) => {
                let (mut y, dy) = (numbers(count), numbers(count));
                // Copied anew each time: what was cut once would be all zeros and positive.
                match pass {
                    Forward => Box::new(move || {
                        y.copy_from_slice(&dy);
                        relu::forward_in_place(&mut y);
                    }),
                    _ => Box::new(move || {
                        y.copy_from_slice(&dy);
                        relu::backward_in_place(&dy, &mut y);
                    }),
                }
            }
        }
    }
}

fn dense(pass: Pass, n: usize, inputs: usize, units: usize) -> Run {
    let (mut x, mut w) = (numbers(n * inputs), numbers(inputs * units));
    let mut y = numbers(n * units);
    let by_column = |columns: usize| (1, columns);
    let by_row = |columns: usize| (columns, 1);
    match pass {
        Forward => Box::new(move || {
            let (x_strides, w_strides) = (by_row(inputs), by_row(units));
            gemm(
                n, units, inputs, &x, x_strides, &w, w_strides, &mut y, units, false,
            );
        }),
        BackwardInput => Box::new(move || {
            let (y_strides, w_strides) = (by_row(units), by_column(units));
            gemm(
                n, inputs, units, &y, y_strides, &w, w_strides, &mut x, inputs, false,
            );
        }),
        BackwardWeight => Box::new(move || {
            let (x_strides, y_strides) = (by_column(inputs), by_row(units));
            gemm(
                inputs, units, n, &x, x_strides, &y, y_strides, &mut w, units, false,
            );
        }),
    }
}

fn conv(pass: Pass, s: Conv2dShape) -> Run {
    let (mut x, mut w, mut y) = (numbers(s.x_len()), numbers(s.w_len()), numbers(s.y_len()));
    let bias = numbers(s.o);
    match pass {
        Forward => Box::new(move || conv2d::forward(&s, &x, &w, Some(&bias), &mut y)),
        BackwardInput => Box::new(move || conv2d::backward_input(&s, &y, &w, &mut x)),
        BackwardWeight => Box::new(move || conv2d::backward_weight(&s, &x, &y, &mut w)),
    }
}

fn fused(pass: Pass, s: Conv2dShape) -> Run {
    let (x, mut w, bias) = (numbers(s.x_len()), numbers(s.w_len()), numbers(s.o));
    let mut y = numbers(conv_relu_pool::y_len(&s));
    let mut winners = vec![0; conv_relu_pool::winners_len(&s)];
    match pass {
        Forward => Box::new(move || {
            conv_relu_pool::forward(&s, &x, &w, &bias, &mut y, &mut winners);
        }),
        _ => {
            conv_relu_pool::forward(&s, &x, &w, &bias, &mut y, &mut winners);
            let (dy, mut db) = (numbers(y.len()), bias);
            Box::new(move || {
                let y_and_dy = (&y[..], &dy[..]);
                conv_relu_pool::backward_parameters(&s, &x, y_and_dy, &winners, &mut w, &mut db);
            })
        }
    }
}

fn max_pool(pass: Pass, s: Pool2dShape) -> Run {
    let (mut x, mut y) = (numbers(s.x_len()), numbers(s.y_len()));
    let mut winner = vec![0; s.y_len()];
    max_pool2d::forward(&s, &x, &mut y, &mut winner);
    match pass {
        Forward => Box::new(move || max_pool2d::forward(&s, &x, &mut y, &mut winner)),
        _ => Box::new(move || max_pool2d::backward(&s, &y, &winner, &mut x)),
    }
}

/// Numbers in [-0.5, 0.5), the same each time.
fn numbers(count: usize) -> Vec<f32> {
    let mut state = 1u32;
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state as f32 / 4_294_967_296.0 - 0.5
    };
    (0..count).map(|_| next()).collect()
}
