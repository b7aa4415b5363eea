//! CIFAR's binary files: records of one label (CIFAR-10) or two (CIFAR-100: coarse, fine) and
//! 32 × 32 pixels, all reds, then all greens, then all blues (A. Krizhevsky, "The CIFAR-10 and
//! CIFAR-100 datasets").

use super::gzip::Source;
use super::idx::LIMIT_BYTES;
use crate::error::{Error, Result};

const SIDE: usize = 32;
const PIXELS: usize = SIDE * SIDE;

/// Which of the two data sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Set {
    Ten,
    Hundred,
}

impl Set {
    fn name(self) -> &'static str {
        match self {
            Self::Ten => "CIFAR-10",
            Self::Hundred => "CIFAR-100",
        }
    }

    /// How many classes each label byte of a record chooses from; the last is trained on.
    fn classes(self) -> &'static [u8] {
        match self {
            Self::Ten => &[10],
            Self::Hundred => &[20, 100],
        }
    }
}

/// The images of one file, `[N][32][32][3]`, and their labels.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Cifar {
    pub pixels: Vec<u8>,
    pub labels: Vec<u8>,
}

/// Reads a file, gzipped or not.
///
/// Errs with [`Error::MalformedFile`] where a record is cut or its label names no class.
pub fn parse(set: Set, file: &[u8]) -> Result<Cifar> {
    let malformed = |offset, expected: String, got: String| Error::MalformedFile {
        format: set.name().into(),
        offset,
        expected,
        got,
    };
    let bytes = Source::new(set.name(), file).rest(LIMIT_BYTES)?;
    let classes = set.classes();
    let record_bytes = classes.len() + 3 * PIXELS;
    let left = bytes.len() % record_bytes;
    if left != 0 || bytes.is_empty() {
        let expected = format!("{record_bytes} bytes (1 record)");
        return Err(malformed(
            bytes.len() - left,
            expected,
            format!("{left} bytes"),
        ));
    }
    let mut read = Cifar {
        pixels: Vec::with_capacity(bytes.len() / record_bytes * 3 * PIXELS),
        labels: Vec::with_capacity(bytes.len() / record_bytes),
    };
    for (record, bytes) in bytes.chunks_exact(record_bytes).enumerate() {
        let (labels, planes) = bytes.split_at(classes.len());
        for (place, (&label, &classes)) in labels.iter().zip(classes).enumerate() {
            if label >= classes {
                let expected = format!("label 0..{}", classes - 1);
                return Err(malformed(
                    record * record_bytes + place,
                    expected,
                    label.to_string(),
                ));
            }
        }
        read.labels.push(labels[labels.len() - 1]);
        for pixel in 0..PIXELS {
            read.pixels
                .extend((0..3).map(|channel| planes[channel * PIXELS + pixel]));
        }
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Records whose reds, greens and blues are 1, 2 and 3, but for the first pixel.
    fn records(labels: &[&[u8]]) -> Vec<u8> {
        labels
            .iter()
            .flat_map(|label| {
                let mut planes = [[1u8; PIXELS], [2; PIXELS], [3; PIXELS]].concat();
                planes[0] = 9;
                [label, &planes[..]].concat()
            })
            .collect()
    }

    #[test]
    fn planes_become_pixels() {
        let read = parse(Set::Ten, &records(&[&[7], &[0]])).unwrap();
        assert_eq!(read.labels, [7, 0]);
        assert_eq!(read.pixels.len(), 2 * 3 * PIXELS);
        assert_eq!(read.pixels[..6], [9, 2, 3, 1, 2, 3]);
        assert_eq!(read.pixels[3 * PIXELS..][..3], [9, 2, 3]);
    }

    #[test]
    fn the_fine_label_is_taken() {
        assert_eq!(
            parse(Set::Hundred, &records(&[&[19, 99]])).unwrap().labels,
            [99]
        );
    }

    #[test]
    fn cut_files_and_labels_out_of_range_are_refused_where_they_are() {
        let whole = records(&[&[1], &[2]]);
        let check = |set, file: &[u8], at: u64| {
            let error = parse(set, file).unwrap_err();
            assert_eq!(
                (error.code(), &error.fields()["offset"]),
                ("malformed_file", &at.into()),
                "{error}"
            );
        };
        check(Set::Ten, &whole[..6000], 3073);
        check(Set::Ten, &[], 0);
        check(Set::Ten, &records(&[&[1], &[10]]), 3073);
        check(Set::Hundred, &records(&[&[1, 1], &[1, 100]]), 3074 + 1);
        check(Set::Hundred, &records(&[&[20, 1]]), 0);
    }
}
