//! Each kernel against its definition on odd sizes, in numbers that f64 holds exactly.

use super::*;
use crate::kernels::testing::Numbers;
use crate::kernels::{Conv2dShape, Pool2dShape, Windows, naive};

/// Whole numbers from −128 to 127.
fn int8(numbers: &mut Numbers, len: usize) -> Vec<i8> {
    let bytes = numbers.labels(len, 256);
    bytes
        .into_iter()
        .map(|byte| (byte as i32 - 128) as i8)
        .collect()
}

fn int32(numbers: &mut Numbers, len: usize, below: usize) -> Vec<i32> {
    let whole = numbers.labels(len, 2 * below);
    whole
        .into_iter()
        .map(|number| number as i32 - below as i32)
        .collect()
}

fn requantise(numbers: &mut Numbers, channels: usize, low: i8) -> Requantise {
    let multipliers = numbers.labels(channels, 1 << 31);
    Requantise {
        multipliers: multipliers.into_iter().map(|m| m as i32).collect(),
        shift: 31 + numbers.labels(1, 12)[0],
        zero: int8(numbers, 1)[0] / 2,
        low,
    }
}

fn wide(values: &[i8], zero: i8) -> Vec<f64> {
    values
        .iter()
        .map(|&v| f64::from(v) - f64::from(zero))
        .collect()
}

fn whole(values: Vec<f64>) -> Vec<i32> {
    values.into_iter().map(|v| v as i32).collect()
}

fn check_conv(s: &Conv2dShape) {
    let mut numbers = Numbers::new((s.x_len() + s.o) as u64);
    let (x, w) = (int8(&mut numbers, s.x_len()), int8(&mut numbers, s.w_len()));
    let bias = int32(&mut numbers, s.o, 50_000);
    let zero = int8(&mut numbers, 1)[0];
    let mut expected = vec![0.0; s.y_len()];
    let wide_bias: Vec<f64> = bias.iter().map(|&b| b.into()).collect();
    naive::conv2d::forward(
        s,
        &wide(&x, zero),
        &wide(&w, 0),
        Some(&wide_bias),
        &mut expected,
    );
    let expected = whole(expected);
    let packed = Packed::conv2d(s, &w, &bias);
    let mut sums = vec![7; s.y_len()];
    conv2d(s, &x, zero, &packed, false, &mut Out::Sums(&mut sums));
    assert_eq!(sums, expected, "{s:?}");

    let requantise = requantise(&mut numbers, s.o, -128);
    let cut = |sums: &[i32]| -> Vec<i8> {
        let number = |(at, &sum): (usize, &i32)| requantise.apply(at % s.o, sum);
        sums.iter().enumerate().map(number).collect()
    };
    let mut y = vec![7; s.y_len()];
    conv2d(
        s,
        &x,
        zero,
        &packed,
        false,
        &mut Out::Int8(&requantise, &mut y),
    );
    assert_eq!(y, cut(&expected), "{s:?}");

    // Pooled, the same is the maximum of what came out.
    let pool = Pool2dShape {
        n: s.n,
        h: s.oh(),
        w: s.ow(),
        c: s.o,
        size: (2, 2),
        stride: (2, 2),
        pad: [0; 4],
    };
    let (mut together, mut apart) = (vec![7; pool.y_len()], vec![9; pool.y_len()]);
    max_pool(&pool, &y, &mut apart);
    conv2d(
        s,
        &x,
        zero,
        &packed,
        true,
        &mut Out::Int8(&requantise, &mut together),
    );
    assert_eq!(together, apart, "pooled {s:?}");
}

#[test]
fn convolutions_equal_their_definition_on_odd_shapes() {
    let valid = Conv2dShape::valid;
    let shapes = [
        valid((1, 1, 1, 1), (1, 1), 1),
        valid((2, 5, 7, 3), (3, 3), 5),
        valid((1, 28, 28, 1), (3, 3), 32),
        valid((3, 7, 7, 5), (2, 4), 17),
        valid((1, 6, 9, 8), (1, 1), 8),
        valid((2, 4, 13, 2), (4, 3), 9),
        Conv2dShape {
            pad: [1, 1, 1, 1],
            ..valid((2, 7, 7, 16), (3, 3), 31)
        },
        Conv2dShape {
            pad: [0, 2, 1, 0],
            stride: (2, 3),
            ..valid((2, 11, 13, 3), (3, 2), 10)
        },
        Conv2dShape {
            dilation: (2, 3),
            pad: [2, 1, 0, 3],
            ..valid((1, 11, 13, 3), (3, 3), 7)
        },
        Conv2dShape {
            dilation: (2, 1),
            stride: (1, 2),
            ..valid((1, 9, 8, 1), (3, 3), 11)
        },
    ];
    shapes.iter().for_each(check_conv);
}

#[test]
fn dense_layers_equal_their_definition_on_odd_sizes() {
    for m in [1, 2, 3, 4, 5, 17, 33] {
        for k in [1, 2, 7, 64, 131] {
            for o in [1, 3, 8, 13, 64] {
                let mut numbers = Numbers::new((m * 1000 + k * 10 + o) as u64);
                let (x, w) = (int8(&mut numbers, m * k), int8(&mut numbers, k * o));
                let (bias, zero) = (int32(&mut numbers, o, 9_000), int8(&mut numbers, 1)[0]);
                let how = requantise(&mut numbers, o, 3);
                let packed = Packed::new(1, k, &w, &bias);
                let mut sums = vec![7; m * o];
                dense(m, &x, zero, &packed, &mut Out::Sums(&mut sums));
                let mut y = vec![7; m * o];
                dense(m, &x, zero, &packed, &mut Out::Int8(&how, &mut y));
                for at in 0..m * o {
                    let (row, channel) = (at / o, at % o);
                    let term = |k_: usize| {
                        (i32::from(x[row * k + k_]) - i32::from(zero))
                            * i32::from(w[k_ * o + channel])
                    };
                    let expected = bias[channel] + (0..k).map(term).sum::<i32>();
                    assert_eq!(sums[at], expected, "{m} × {k} → {o}, at {at}");
                    assert_eq!(
                        y[at],
                        how.apply(channel, expected),
                        "{m} × {k} → {o}, at {at}"
                    );
                }
            }
        }
    }
}

/// By hand: 1.0 and 0.5 as multipliers of 2^−31, halves away from −∞.
#[test]
fn sums_come_to_the_output_s_scale_with_halves_rounded_up() {
    let how = Requantise {
        multipliers: vec![i32::MAX, 1 << 30],
        shift: 31,
        zero: -3,
        low: -3,
    };
    assert_eq!(
        [-5, 0, 7, 1000].map(|sum| how.apply(0, sum)),
        [-3, -3, 4, 127]
    );
    assert_eq!(
        [-5, 1, 2, 3, 253].map(|sum| how.apply(1, sum)),
        [-3, -2, -2, -1, 124]
    );
}

#[test]
fn the_sums_of_the_largest_numbers_do_not_overflow() {
    let (k, o) = (3001, 9);
    let packed = Packed::new(1, k, &vec![-128; k * o], &[0; 9]);
    let mut sums = vec![0; o];
    dense(1, &vec![-128; k], 127, &packed, &mut Out::Sums(&mut sums));
    assert_eq!(sums, [255 * 128 * k as i32; 9]);
}

#[test]
fn pools_equal_their_definition_on_odd_shapes() {
    for (h, w, c, size, stride, pad) in [
        (1, 1, 1, (1, 1), (1, 1), [0; 4]),
        (7, 5, 3, (2, 2), (2, 2), [0; 4]),
        (7, 9, 17, (3, 2), (2, 1), [1, 1, 0, 1]),
    ] {
        let s = Pool2dShape {
            n: 2,
            h,
            w,
            c,
            size,
            stride,
            pad,
        };
        let mut numbers = Numbers::new((h * w * c) as u64);
        let x = int8(&mut numbers, s.x_len());
        let (mut largest, mut winner) = (vec![0.0; s.y_len()], vec![0; s.y_len()]);
        crate::kernels::max_pool2d::forward(&s, &wide(&x, 0), &mut largest, &mut winner);
        let mut y = vec![7; s.y_len()];
        max_pool(&s, &x, &mut y);
        assert_eq!(wide(&y, 0), largest, "{s:?}");
    }
    let windows = Windows {
        n: 2,
        h: 5,
        w: 7,
        c: 3,
        rows: vec![0..2, 1..5, 4..5],
        cols: vec![0..7, 2..3],
    };
    let mut numbers = Numbers::new(3);
    let x = int8(&mut numbers, 2 * 5 * 7 * 3);
    let mut means = vec![0.0; 2 * 6 * 3];
    crate::kernels::window_mean::forward(&windows, None, &wide(&x, 0), &mut means);
    let mut y = vec![7; means.len()];
    mean_pool(&windows, &x, &mut y);
    let rounded: Vec<f64> = means.iter().map(|mean| libm::floor(mean + 0.5)).collect();
    assert_eq!(wide(&y, 0), rounded);
}

#[test]
fn numbers_become_int8_and_go_through_tables_and_sums() {
    let mut y = [0; 7];
    quantise(
        &[0.0, 0.25, 0.75, -0.5, 1e9, -1e9, f32::NAN],
        0.5,
        10,
        &mut y,
    );
    assert_eq!(y, [10, 10, 12, 9, 127, -128, 10]);
    let table: [i8; 256] = std::array::from_fn(|i| (255 - i as i32 - 128) as i8);
    let mut turned = [0; 7];
    look_up(&table, &y, &mut turned);
    assert_eq!(turned, y.map(|q| -1 - q));

    // a worth 0.5 a step, b worth 0.25, their sum 1 a step: 2^20 and 2^19 of 2^−21.
    let how = Addition {
        zeros: [2, -4],
        multipliers: [1 << 20, 1 << 19],
        shift: 21,
        zero: 5,
        low: 5,
    };
    let mut y = [0; 5];
    add(
        &how,
        &[12, 3, -128, 127, 2],
        &[-4, -4, -128, 127, -2],
        &mut y,
    );
    assert_eq!(y, [10, 6, 5, 100, 6]);
}
