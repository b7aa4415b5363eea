//! Values brought to mean 0 and variance 1 over some of their axes: one loop for batch, layer, group
//! and RMS normalisation.
//!
//! The array is read as `[outer][middle][groups][inner]`; statistics belong to (outer, group), scale
//! and shift to the columns (group, inner). Batch: 1, pixels, C, 1. Layer: rows, 1, 1, columns.
//! Group: images, pixels, G, C / G. With `r = 1 / √(variance + ε)` and g = dy · γ:
//! ```text
//! x̂ = (x − mean) · r          y = x̂ · γ + β
//! dx = r · (g − mean(g) − x̂ · mean(g · x̂)),   the means over (middle, inner)
//! dγ = Σ dy · x̂               dβ = Σ dy,      over (outer, middle)
//! ```

use super::Real;

/// How the axes of an array take part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NormShape {
    pub outer: usize,
    pub middle: usize,
    pub groups: usize,
    pub inner: usize,
}

/// Where mean and variance come from, so what depends on x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistics {
    /// Of x itself.
    Own,
    /// The mean is taken as 0 and the variance is the mean square of x.
    MeanSquare,
    /// Given: constants.
    Given,
}

/// Rows to sum before their sum is added to the whole: long sums keep more digits so.
const BLOCK: usize = 64;

impl NormShape {
    /// Elements of x.
    pub fn len(&self) -> usize {
        self.outer * self.middle * self.width()
    }

    /// Whether x has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Columns: the elements of scale and of shift.
    pub fn width(&self) -> usize {
        self.groups * self.inner
    }

    /// Elements of mean and of variance.
    pub fn statistics(&self) -> usize {
        self.outer * self.groups
    }

    /// Elements behind one mean.
    pub fn count(&self) -> usize {
        self.middle * self.inner
    }

    fn check(&self, op: &str, lengths: &[(&str, usize, usize)]) {
        assert!(!self.is_empty(), "{op}: {self:?} holds nothing");
        for (name, got, expected) in lengths {
            assert_eq!(got, expected, "{op}: {name} of {got} elements, {self:?}");
        }
    }

    /// For each outer index: Σ f(x, centre) over the middle for each column, folded into groups.
    fn group_sums<T: Real>(&self, x: &[T], centre: &[T], f: impl Fn(T, T) -> T, sums: &mut [T]) {
        let width = self.width();
        let (mut columns, mut spread) = (vec![T::ZERO; width], vec![T::ZERO; width]);
        for (n, x) in x.chunks_exact(self.middle * width).enumerate() {
            self.spread(&centre[n * self.groups..][..self.groups], &mut spread);
            sum_rows(x, &spread, &f, &mut columns);
            for (group, sum) in sums[n * self.groups..][..self.groups]
                .iter_mut()
                .enumerate()
            {
                *sum = sum_of(&columns[group * self.inner..][..self.inner]);
            }
        }
    }

    /// Each group's value to its columns.
    fn spread<T: Real>(&self, groups: &[T], columns: &mut [T]) {
        for (columns, &value) in columns.chunks_exact_mut(self.inner).zip(groups) {
            columns.fill(value);
        }
    }
}

/// `sums[j] = Σ f(rows[i][j], centre[j])`, in blocks of rows.
fn sum_rows<T: Real>(rows: &[T], centre: &[T], f: impl Fn(T, T) -> T, sums: &mut [T]) {
    let width = sums.len();
    let mut block = vec![T::ZERO; width];
    sums.fill(T::ZERO);
    for rows in rows.chunks(BLOCK * width) {
        block.fill(T::ZERO);
        for row in rows.chunks_exact(width) {
            for ((sum, &x), &centre) in block.iter_mut().zip(row).zip(centre) {
                *sum += f(x, centre);
            }
        }
        for (sum, &block) in sums.iter_mut().zip(&block) {
            *sum += block;
        }
    }
}

/// The sum in eight strands, one order on every target.
fn sum_of<T: Real>(values: &[T]) -> T {
    let mut strands = [T::ZERO; 8];
    let (eights, rest) = values.as_chunks::<8>();
    for eight in eights {
        for (strand, &value) in strands.iter_mut().zip(eight) {
            *strand += value;
        }
    }
    for (strand, &value) in strands.iter_mut().zip(rest) {
        *strand += value;
    }
    let [a, b, c, d, e, f, g, h] = strands;
    ((a + b) + (c + d)) + ((e + f) + (g + h))
}

/// `mean = Σ x / count`, `variance = Σ (x − mean)² / count`; without `centred` the mean is 0.
///
/// Shape: x → mean, variance `[outer][groups]`.
pub fn statistics<T: Real>(
    s: &NormShape,
    centred: bool,
    x: &[T],
    mean: &mut [T],
    variance: &mut [T],
) {
    let lengths = [
        ("x", x.len(), s.len()),
        ("mean", mean.len(), s.statistics()),
        ("variance", variance.len(), s.statistics()),
    ];
    s.check("normalize::statistics", &lengths);
    let count = T::from_f64(s.count() as f64);
    mean.fill(T::ZERO);
    if centred {
        // `variance` lends its zeros' room as a centre that is not read.
        variance.fill(T::ZERO);
        s.group_sums(x, variance, |x, _| x, mean);
        mean.iter_mut().for_each(|mean| *mean /= count);
    }
    s.group_sums(x, mean, |x, mean| (x - mean) * (x - mean), variance);
    variance.iter_mut().for_each(|variance| *variance /= count);
}

/// `y = (x − mean) · r · γ + β`; γ is 1 and β is 0 where they are left out.
///
/// Shape: x, mean and r `[outer][groups]`, γ and β `[groups][inner]` → y.
pub fn forward<T: Real>(
    s: &NormShape,
    x: &[T],
    mean: &[T],
    r: &[T],
    gamma: Option<&[T]>,
    beta: Option<&[T]>,
    y: &mut [T],
) {
    let width = s.width();
    let lengths = [
        ("x", x.len(), s.len()),
        ("y", y.len(), s.len()),
        ("mean", mean.len(), s.statistics()),
        ("r", r.len(), s.statistics()),
        ("gamma", gamma.map_or(width, <[T]>::len), width),
        ("beta", beta.map_or(width, <[T]>::len), width),
    ];
    s.check("normalize::forward", &lengths);
    let (mut centre, mut scale) = (vec![T::ZERO; width], vec![T::ZERO; width]);
    let zeros = vec![T::ZERO; if beta.is_none() { width } else { 0 }];
    let beta = beta.unwrap_or(&zeros);
    let images = x.chunks_exact(s.middle * width);
    for (n, (x, y)) in images.zip(y.chunks_exact_mut(s.middle * width)).enumerate() {
        s.spread(&mean[n * s.groups..][..s.groups], &mut centre);
        s.spread(&r[n * s.groups..][..s.groups], &mut scale);
        scale_by(&mut scale, gamma);
        for (x, y) in x.chunks_exact(width).zip(y.chunks_exact_mut(width)) {
            let columns = centre.iter().zip(&scale).zip(beta);
            for ((&x, y), ((&centre, &scale), &beta)) in x.iter().zip(y).zip(columns) {
                *y = (x - centre) * scale + beta;
            }
        }
    }
}

fn scale_by<T: Real>(columns: &mut [T], gamma: Option<&[T]>) {
    if let Some(gamma) = gamma {
        for (column, &gamma) in columns.iter_mut().zip(gamma) {
            *column *= gamma;
        }
    }
}

/// `dx = r · (g − mean(g) − x̂ · mean(g · x̂))` with g = dy · γ; without the second term where the
/// mean is taken as 0, `dx = r · g` where the statistics are given.
///
/// Shape: as in [`forward`], dy as y → dx.
#[allow(clippy::too_many_arguments)]
pub fn backward_input<T: Real>(
    s: &NormShape,
    source: Statistics,
    x: &[T],
    mean: &[T],
    r: &[T],
    gamma: Option<&[T]>,
    dy: &[T],
    dx: &mut [T],
) {
    let width = s.width();
    let lengths = [
        ("x", x.len(), s.len()),
        ("dy", dy.len(), s.len()),
        ("dx", dx.len(), s.len()),
        ("mean", mean.len(), s.statistics()),
        ("r", r.len(), s.statistics()),
        ("gamma", gamma.map_or(width, <[T]>::len), width),
    ];
    s.check("normalize::backward_input", &lengths);
    let count = T::from_f64(s.count() as f64);
    // dx = dy · scale − (x − centre) · slope − offset, all three constant in a column.
    let [mut centre, mut scale, mut slope, mut offset] = [(); 4].map(|()| vec![T::ZERO; width]);
    for n in 0..s.outer {
        let of_image = n * s.middle * width..(n + 1) * s.middle * width;
        let (x, dy, dx) = (
            &x[of_image.clone()],
            &dy[of_image.clone()],
            &mut dx[of_image],
        );
        let (mean, r) = (
            &mean[n * s.groups..][..s.groups],
            &r[n * s.groups..][..s.groups],
        );
        s.spread(mean, &mut centre);
        s.spread(r, &mut scale);
        scale_by(&mut scale, gamma);
        if source != Statistics::Given {
            centred_products(x, dy, &centre, &mut slope);
            scale_by(&mut slope, gamma);
            for (slope, &r) in slope.chunks_exact_mut(s.inner).zip(r) {
                let value = sum_of(slope) / count * r * r * r;
                slope.fill(value);
            }
        }
        if source == Statistics::Own {
            sum_rows(dy, &centre, |dy, _| dy, &mut offset);
            scale_by(&mut offset, gamma);
            for (offset, &r) in offset.chunks_exact_mut(s.inner).zip(r) {
                let value = sum_of(offset) / count * r;
                offset.fill(value);
            }
        }
        let rows = x.chunks_exact(width).zip(dy.chunks_exact(width));
        for ((x, dy), dx) in rows.zip(dx.chunks_exact_mut(width)) {
            let columns = centre.iter().zip(&scale).zip(slope.iter().zip(&offset));
            let values = x.iter().zip(dy).zip(dx);
            for (((&x, &dy), dx), ((&centre, &scale), (&slope, &offset))) in values.zip(columns) {
                *dx = dy * scale - (x - centre) * slope - offset;
            }
        }
    }
}

/// `sums[j] = Σ dy · (x − centre[j])` over the rows.
fn centred_products<T: Real>(x: &[T], dy: &[T], centre: &[T], sums: &mut [T]) {
    let width = centre.len();
    let mut block = vec![T::ZERO; width];
    sums.fill(T::ZERO);
    for (x, dy) in x.chunks(BLOCK * width).zip(dy.chunks(BLOCK * width)) {
        block.fill(T::ZERO);
        for (x, dy) in x.chunks_exact(width).zip(dy.chunks_exact(width)) {
            let values = x.iter().zip(dy).zip(centre);
            for (sum, ((&x, &dy), &centre)) in block.iter_mut().zip(values) {
                *sum += dy * (x - centre);
            }
        }
        for (total, &sum) in sums.iter_mut().zip(&block) {
            *total += sum;
        }
    }
}

/// `dγ = Σ dy · x̂` over outer and middle. Shape: as in [`forward`] → dγ `[groups][inner]`.
pub fn backward_scale<T: Real>(
    s: &NormShape,
    x: &[T],
    mean: &[T],
    r: &[T],
    dy: &[T],
    dgamma: &mut [T],
) {
    let width = s.width();
    let lengths = [
        ("x", x.len(), s.len()),
        ("dy", dy.len(), s.len()),
        ("mean", mean.len(), s.statistics()),
        ("r", r.len(), s.statistics()),
        ("dgamma", dgamma.len(), width),
    ];
    s.check("normalize::backward_scale", &lengths);
    let (mut centre, mut sums) = (vec![T::ZERO; width], vec![T::ZERO; width]);
    dgamma.fill(T::ZERO);
    for n in 0..s.outer {
        let of_image = n * s.middle * width..(n + 1) * s.middle * width;
        s.spread(&mean[n * s.groups..][..s.groups], &mut centre);
        centred_products(&x[of_image.clone()], &dy[of_image], &centre, &mut sums);
        let r = &r[n * s.groups..][..s.groups];
        let columns = dgamma
            .chunks_exact_mut(s.inner)
            .zip(sums.chunks_exact(s.inner));
        for ((dgamma, sums), &r) in columns.zip(r) {
            for (dgamma, &sum) in dgamma.iter_mut().zip(sums) {
                *dgamma += sum * r;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::testing::{Numbers, check_close};

    const SHAPES: [(usize, usize, usize, usize); 6] = [
        (1, 1, 1, 1),
        (1, 131, 5, 1),
        (7, 1, 1, 19),
        (3, 5, 2, 3),
        (2, 67, 3, 1),
        (2, 1, 3, 9),
    ];

    fn shape((outer, middle, groups, inner): (usize, usize, usize, usize)) -> NormShape {
        NormShape {
            outer,
            middle,
            groups,
            inner,
        }
    }

    /// The elements of one (outer, group), by their places.
    fn places(s: &NormShape, outer: usize, group: usize) -> Vec<usize> {
        let place = |middle: usize, inner: usize| {
            (((outer * s.middle) + middle) * s.groups + group) * s.inner + inner
        };
        (0..s.middle)
            .flat_map(|middle| (0..s.inner).map(move |inner| place(middle, inner)))
            .collect()
    }

    #[test]
    fn statistics_are_those_of_their_definition() {
        for s in SHAPES.map(shape) {
            for centred in [true, false] {
                let x: Vec<f64> = Numbers::new(1).vec(s.len());
                let n = s.statistics();
                let (mut mean, mut variance) = (vec![9.0; n], vec![9.0; n]);
                statistics(&s, centred, &x, &mut mean, &mut variance);
                for outer in 0..s.outer {
                    for group in 0..s.groups {
                        let values: Vec<f64> =
                            places(&s, outer, group).iter().map(|&i| x[i]).collect();
                        let count = values.len() as f64;
                        let m = if centred {
                            values.iter().sum::<f64>() / count
                        } else {
                            0.0
                        };
                        let v = values.iter().map(|x| (x - m) * (x - m)).sum::<f64>() / count;
                        let at = outer * s.groups + group;
                        check_close("mean", &[mean[at]], &[m], 1e-12, 1e-14);
                        check_close("variance", &[variance[at]], &[v], 1e-12, 1e-14);
                    }
                }
            }
        }
    }

    fn check_f32_like_f64(s: &NormShape, source: Statistics) {
        let mut numbers = Numbers::new(2);
        let (x, dy): (Vec<f32>, Vec<f32>) = (numbers.vec(s.len()), numbers.vec(s.len()));
        let (gamma, beta): (Vec<f32>, Vec<f32>) = (numbers.vec(s.width()), numbers.vec(s.width()));
        let mean: Vec<f32> = numbers.vec(s.statistics());
        let r: Vec<f32> = numbers.vec(s.statistics());
        let wide = |v: &[f32]| v.iter().map(|&v| v as f64).collect::<Vec<f64>>();
        let (wx, wdy, wg, wb) = (wide(&x), wide(&dy), wide(&gamma), wide(&beta));
        let (wm, wr) = (wide(&mean), wide(&r));
        let (mut y, mut wy) = (vec![9f32; s.len()], vec![0f64; s.len()]);
        forward(s, &x, &mean, &r, Some(&gamma), Some(&beta), &mut y);
        forward(s, &wx, &wm, &wr, Some(&wg), Some(&wb), &mut wy);
        check_close("y", &y, &wy, 1e-5, 1e-6);
        let (mut dx, mut wdx) = (vec![9f32; s.len()], vec![0f64; s.len()]);
        backward_input(s, source, &x, &mean, &r, Some(&gamma), &dy, &mut dx);
        backward_input(s, source, &wx, &wm, &wr, Some(&wg), &wdy, &mut wdx);
        check_close("dx", &dx, &wdx, 1e-5, 1e-5);
        let (mut dg, mut wdg) = (vec![9f32; s.width()], vec![0f64; s.width()]);
        backward_scale(s, &x, &mean, &r, &dy, &mut dg);
        backward_scale(s, &wx, &wm, &wr, &wdy, &mut wdg);
        check_close("dgamma", &dg, &wdg, 1e-4, 1e-4);
    }

    #[test]
    fn single_precision_is_double_precision_but_for_rounding() {
        for s in SHAPES.map(shape) {
            for source in [Statistics::Own, Statistics::MeanSquare, Statistics::Given] {
                check_f32_like_f64(&s, source);
            }
        }
    }

    #[test]
    fn long_sums_of_single_precision_keep_their_digits() {
        let s = shape((1, 100_000, 1, 1));
        let x = vec![0.1f32; s.len()];
        let (mut mean, mut variance) = ([0f32], [0f32]);
        statistics(&s, true, &x, &mut mean, &mut variance);
        check_close("mean", &mean, &[0.1f64], 1e-5, 0.0);
    }

    #[test]
    #[should_panic(expected = "normalize::forward: gamma of 2 elements")]
    fn a_wrong_length_is_named() {
        let s = shape((1, 2, 3, 1));
        let (zeros, mut y) = ([0f32; 3], [0f32; 6]);
        forward(
            &s,
            &[0f32; 6],
            &zeros,
            &zeros,
            Some(&zeros[..2]),
            None,
            &mut y,
        );
    }
}
