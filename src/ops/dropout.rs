//! Values dropped at random while training.

use super::Args;
use super::elementwise::times;
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};
use crate::rng::Rng;

/// y = x · m / (1 − rate), m being 0 with probability `rate`, else 1; dx = dy · m / (1 − rate).
///
/// `rate` is within 0 to 1, 1 excluded. Values are drawn from `rng` in C order, one an element. For
/// inference, don't call it.
pub fn dropout<T: Scalar>(x: &Tensor<T>, rate: f64, rng: &mut Rng) -> Result<Tensor<T>> {
    if !(0.0..1.0).contains(&rate) {
        return Err(Error::InvalidArgument {
            place: "dropout".into(),
            argument: "rate".into(),
            expected: ">= 0, < 1".into(),
            got: rate.to_string(),
        });
    }
    let shape = x.shape();
    let scale = T::from_f64(1.0 / (1.0 - rate));
    let kept = |u: f64| if u < rate { T::ZERO } else { scale };
    let count = shape.iter().product();
    let mask: Vec<T> = (0..count).map(|_| kept(rng.uniform_f64())).collect();
    let mask = NdArray::from_vec(mask, &shape);
    Ok(Tensor::record("dropout", times(&x.value(), &mask))
        .input(x, move |dy| times(dy, &mask))
        .done())
}

/// By name: one tensor; `rate`, `seed`.
pub fn call<T: Scalar>(args: &Args<T>) -> Result<Tensor<T>> {
    let seed = match args.required_sizes("seed")?[..] {
        [seed] => seed as u64,
        _ => return Err(args.refused("seed", "an integer")),
    };
    dropout(
        args.tensor(0)?,
        args.required_number("rate")?,
        &mut Rng::new(seed),
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, input, tensor};
    use super::*;

    #[test]
    fn gradient_is_the_slope() {
        check(&[&[4, 5]], |x| dropout(&x[0], 0.4, &mut Rng::new(1)));
    }

    #[test]
    fn the_share_dropped_is_the_rate_and_the_mean_stays() {
        let ones = tensor(&[1.0; 10_000], &[10_000]);
        let y = dropout(&ones, 0.25, &mut Rng::new(2))
            .unwrap()
            .value()
            .to_vec();
        let dropped = y.iter().filter(|&&y| y == 0.0).count();
        assert!((2_350..2_650).contains(&dropped), "{dropped}");
        assert!(y.iter().all(|&y| y == 0.0 || (y - 4.0 / 3.0).abs() < 1e-12));
        let same = dropout(&ones, 0.0, &mut Rng::new(2)).unwrap();
        assert_eq!(same.value(), ones.value());
    }

    #[test]
    fn a_rate_of_one_is_refused() {
        for rate in [1.0, -0.1, f64::NAN] {
            assert!(dropout(&input(1, &[2]), rate, &mut Rng::new(1)).is_err());
        }
    }
}
