//! Calibration: which range of numbers int8's 256 steps are to cover.

use super::Grid;
use crate::error::{Error, Result};

/// How the range of a value is taken from what it was on samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Calibration {
    /// From the smallest to the largest.
    MinMax,
    /// So many per cent of all numbers, as many left out below as above.
    Percentile { percent: f64 },
    /// The part of that range whose squared error is least, cut numbers and rounded ones together.
    Mse,
}

impl Calibration {
    /// By its name; `percent` is heard where it counts. Errs where it is none, or out of its range.
    pub fn from_name(name: &str, percent: f64) -> Result<Calibration> {
        match name {
            "min_max" => Ok(Calibration::MinMax),
            "mse" => Ok(Calibration::Mse),
            "percentile" => {
                let calibration = Calibration::Percentile { percent };
                calibration.check().map(|()| calibration)
            }
            _ => Err(Error::UnknownName {
                place: "quantise".into(),
                expected: "min_max, percentile, mse".into(),
                got: name.into(),
            }),
        }
    }

    /// `percentile 99.9`
    pub(super) fn name(self) -> String {
        match self {
            Calibration::MinMax => "min_max".into(),
            Calibration::Percentile { percent } => format!("percentile {percent}"),
            Calibration::Mse => "mse".into(),
        }
    }

    /// Errs on a percentile that is none.
    pub(super) fn check(self) -> Result<()> {
        match self {
            Calibration::Percentile { percent } if !(percent > 50.0 && percent <= 100.0) => {
                Err(Error::InvalidArgument {
                    place: "quantise".into(),
                    argument: "percent".into(),
                    expected: "in (50, 100]".into(),
                    got: percent.to_string(),
                })
            }
            _ => Ok(()),
        }
    }
}

/// Parts in which a range is counted.
const BINS: usize = 2048;
/// Cut ranges that are tried for the least error.
const CUTS: usize = 80;

/// What a value was on samples.
pub(super) struct Observed {
    low: f32,
    high: f32,
    counts: Vec<u64>,
}

impl Observed {
    /// A range that holds 0, which padding and relu need to be a whole number.
    pub fn new() -> Observed {
        Observed {
            low: 0.0,
            high: 0.0,
            counts: Vec::new(),
        }
    }

    /// The first pass: how far they reach.
    pub fn reach(&mut self, values: &[f32]) {
        for &value in values {
            // A NaN moves neither.
            self.low = self.low.min(value);
            self.high = self.high.max(value);
        }
    }

    /// The second pass: how often each part of the range.
    pub fn count(&mut self, values: &[f32]) {
        self.counts.resize(BINS, 0);
        let per_unit = BINS as f32 / (self.high - self.low);
        if !per_unit.is_finite() {
            return;
        }
        for &value in values {
            let bin = ((value - self.low) * per_unit) as usize;
            self.counts[bin.min(BINS - 1)] += 1;
        }
    }

    /// The number in the middle of a part.
    fn middle(&self, bin: usize) -> f64 {
        let (low, high) = (f64::from(self.low), f64::from(self.high));
        low + (high - low) * (bin as f64 + 0.5) / BINS as f64
    }

    /// The range to cover.
    pub fn range(&self, calibration: Calibration) -> (f32, f32) {
        match calibration {
            Calibration::MinMax => (self.low, self.high),
            Calibration::Percentile { percent } => {
                let total: u64 = self.counts.iter().sum();
                let left_out = (total as f64 * (100.0 - percent) / 200.0) as u64;
                // The first part by which more than those are passed.
                let edge = |bins: &mut dyn FnMut() -> Option<usize>| {
                    let mut passed = 0;
                    while let Some(bin) = bins() {
                        passed += self.counts[bin];
                        if passed > left_out {
                            return Some(bin);
                        }
                    }
                    None
                };
                let (mut upward, mut downward) = (0..BINS, (0..BINS).rev());
                let step = (self.high - self.low) / BINS as f32;
                let low = edge(&mut || upward.next())
                    .map_or(self.low, |bin| self.low + step * bin as f32);
                let high = edge(&mut || downward.next())
                    .map_or(self.high, |bin| self.low + step * (bin + 1) as f32);
                (low.min(0.0), high.max(0.0))
            }
            Calibration::Mse => {
                let cut = |cut: usize| {
                    let share = (CUTS - cut) as f32 / CUTS as f32;
                    (self.low * share, self.high * share)
                };
                // Below a fifth the cut alone costs more than rounding ever did.
                let tried = (0..CUTS * 4 / 5).map(cut);
                let best = tried.map(|range| (self.error(range), range));
                best.min_by(|a, b| a.0.total_cmp(&b.0))
                    .expect("cuts are tried")
                    .1
            }
        }
    }

    /// The sum of squared errors where this range is covered.
    fn error(&self, range: (f32, f32)) -> f64 {
        let grid = Grid::over(range);
        let (scale, zero) = (f64::from(grid.scale), f64::from(grid.zero));
        let one = |(bin, &count): (usize, &u64)| {
            let value = self.middle(bin);
            let whole = (libm::rint(value / scale) + zero).clamp(-128.0, 127.0);
            let error = (whole - zero) * scale - value;
            count as f64 * error * error
        };
        self.counts.iter().enumerate().map(one).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observed(values: &[f32]) -> Observed {
        let mut observed = Observed::new();
        observed.reach(values);
        observed.count(values);
        observed
    }

    #[test]
    fn the_whole_range_always_holds_zero() {
        assert_eq!(observed(&[2.0, 5.0]).range(Calibration::MinMax), (0.0, 5.0));
        assert_eq!(
            observed(&[-2.0, -5.0]).range(Calibration::MinMax),
            (-5.0, 0.0)
        );
        assert_eq!(
            observed(&[f32::NAN, -1.0, 3.0]).range(Calibration::MinMax),
            (-1.0, 3.0)
        );
    }

    #[test]
    fn a_percentile_leaves_out_the_rare_ends() {
        let mut values: Vec<f32> = (0..1000).map(|i| i as f32 / 1000.0).collect();
        values.push(100.0);
        let (low, high) = observed(&values).range(Calibration::Percentile { percent: 99.0 });
        assert!(low == 0.0 && high <= 1.1, "{low} {high}");
        let (_, all) = observed(&values).range(Calibration::Percentile { percent: 100.0 });
        assert_eq!(all, 100.0);
    }

    /// One number far out must not cost the many their steps; an even range is not cut.
    #[test]
    fn the_least_error_cuts_what_is_far_out_and_else_nothing() {
        let mut values: Vec<f32> = (0..100_000).map(|i| (i % 1000) as f32 / 1000.0).collect();
        let even = observed(&values).range(Calibration::Mse);
        assert!(even.1 > 0.95, "{even:?}");
        values.push(3.0);
        let cut = observed(&values).range(Calibration::Mse);
        assert!(cut.1 < 2.9, "{cut:?}");
    }
}
