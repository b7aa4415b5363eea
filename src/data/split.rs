//! How samples are held out.

use std::collections::BTreeMap;

use crate::array::order::ascending;
use crate::error::{Error, Result};
use crate::rng::Rng;

/// Two sets of sample numbers that together hold every sample once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitIndices {
    /// Ascending.
    pub train: Vec<u32>,
    /// Ascending.
    pub held_out: Vec<u32>,
}

/// Holds out `fraction` of the samples, each class in its share.
///
/// Within a class the choice is random. Of n samples in all, ⌊n·fraction + ½⌋ are held out; each
/// class gives its share rounded down, and the classes with the greatest remainders give one more
/// (the lower label first among equals). Errs when `fraction` is not within 0 to 1.
pub fn stratified_split(labels: &[u32], fraction: f64, rng: &mut Rng) -> Result<SplitIndices> {
    if !(0.0..=1.0).contains(&fraction) {
        return Err(Error::InvalidArgument {
            place: "stratified_split".into(),
            argument: "fraction".into(),
            expected: "0..1".into(),
            got: fraction.to_string(),
        });
    }
    let mut classes: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (sample, &label) in labels.iter().enumerate() {
        classes.entry(label).or_default().push(sample as u32);
    }
    let share = |members: &Vec<u32>| members.len() as f64 * fraction;
    let mut counts: Vec<usize> = classes.values().map(|m| share(m) as usize).collect();
    let wanted = libm::floor(labels.len() as f64 * fraction + 0.5) as usize;
    // The largest remainder first.
    let by_remainder = ascending(classes.values().map(|m| libm::floor(share(m)) - share(m)));
    let missing = wanted.saturating_sub(counts.iter().sum());
    for &class in by_remainder.iter().take(missing) {
        counts[class] += 1;
    }

    let mut is_held_out = vec![false; labels.len()];
    for (mut members, count) in classes.into_values().zip(counts) {
        rng.shuffle(&mut members);
        for &sample in members.iter().take(count) {
            is_held_out[sample as usize] = true;
        }
    }
    let (held_out, train) =
        (0..labels.len() as u32).partition(|&sample| is_held_out[sample as usize]);
    Ok(SplitIndices { train, held_out })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_gives_its_share_and_no_sample_is_lost() {
        let labels: Vec<u32> = (0..1003).map(|i| [0, 1, 1, 5][i % 4]).collect();
        let split = stratified_split(&labels, 0.2, &mut Rng::new(1)).unwrap();
        let mut all = [split.train.clone(), split.held_out.clone()].concat();
        all.sort_unstable();
        assert_eq!(all, (0..1003).collect::<Vec<u32>>());
        assert_eq!(split.held_out.len(), 201);
        let of_class = |class| {
            split
                .held_out
                .iter()
                .filter(|&&i| labels[i as usize] == class)
                .count()
        };
        assert!(of_class(0).abs_diff(50) <= 1 && of_class(1).abs_diff(100) <= 1);
    }

    #[test]
    fn one_seed_gives_one_split() {
        let labels: Vec<u32> = (0..100).map(|i| i % 10).collect();
        let split = |seed| stratified_split(&labels, 0.3, &mut Rng::new(seed)).unwrap();
        assert_eq!(split(4), split(4));
        assert_ne!(split(4), split(5));
    }

    #[test]
    fn the_ends_of_the_range_hold_out_none_or_all() {
        let labels = [0, 1, 1];
        let split = |fraction| stratified_split(&labels, fraction, &mut Rng::new(0));
        assert!(split(0.0).unwrap().held_out.is_empty());
        assert!(split(1.0).unwrap().train.is_empty());
        assert!(
            stratified_split(&[], 0.5, &mut Rng::new(0))
                .unwrap()
                .train
                .is_empty()
        );
        for fraction in [-0.1, 1.1, f64::NAN] {
            assert_eq!(split(fraction).unwrap_err().code(), "invalid_argument");
        }
    }
}
