//! Data sets: how they are read, split, put in batches and augmented.

pub mod augment;
pub mod batches;
pub mod cifar;
pub mod gzip;
pub mod idx;
pub mod npy;
mod npy_header;
pub mod split;
pub mod tar;

pub use augment::Augment;
pub use batches::BatchOrder;
pub use split::stratified_split;

pub use crate::ops::cross_entropy::check_labels;

use crate::error::{Error, Result};

/// Labelled images, ready to train on.
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    /// Samples one after another, each `[H][W][C]`, in 0 to 1 when read from bytes.
    pub images: Vec<f32>,
    /// One class number a sample.
    pub labels: Vec<u32>,
    /// H, W and C of one image.
    pub shape: [usize; 3],
    /// Every label is below this.
    pub classes: usize,
}

impl Dataset {
    /// Checks that images, labels and classes fit together.
    ///
    /// Shape: `images` N·H·W·C, `labels` N. Errs with [`Error::LengthMismatch`] or
    /// [`Error::LabelOutOfRange`].
    pub fn new(
        images: Vec<f32>,
        labels: Vec<u32>,
        shape: [usize; 3],
        classes: usize,
    ) -> Result<Self> {
        let expected = labels.len() * shape.iter().product::<usize>();
        if images.len() != expected {
            return Err(Error::LengthMismatch {
                place: "data set images".into(),
                expected,
                got: images.len(),
            });
        }
        check_labels(&labels, classes)?;
        Ok(Self {
            images,
            labels,
            shape,
            classes,
        })
    }

    /// Reads a pair of IDX files, as MNIST comes; bytes 0 to 255 become 0 to 1.
    ///
    /// Shape: images `[N, H, W]` or `[N, H, W, C]`, labels `[N]`. The classes are as many as the
    /// greatest label tells.
    pub fn from_idx(image_file: &[u8], label_file: &[u8]) -> Result<Self> {
        let images = idx::parse(image_file)?;
        let labels = idx::parse(label_file)?;
        let shape = match images.shape[..] {
            [_, h, w] => [h, w, 1],
            [_, h, w, c] => [h, w, c],
            _ => {
                return Err(Error::DimensionCount {
                    place: "IDX images".into(),
                    expected: "3 or 4".into(),
                    got: images.shape,
                });
            }
        };
        if labels.shape != images.shape[..1] {
            return Err(Error::ShapeMismatch {
                place: "IDX labels".into(),
                expected: images.shape[..1].to_vec(),
                got: labels.shape,
            });
        }
        let pixels = images
            .bytes("IDX images")?
            .iter()
            .map(|&b| f32::from(b) / 255.0)
            .collect();
        let labels: Vec<u32> = labels
            .bytes("IDX labels")?
            .iter()
            .map(|&b| u32::from(b))
            .collect();
        let classes = labels
            .iter()
            .max()
            .map_or(0, |&greatest| greatest as usize + 1);
        Self::new(pixels, labels, shape, classes)
    }

    /// How many samples it holds.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether it holds no sample.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// How many numbers one image holds.
    pub fn image_len(&self) -> usize {
        self.shape.iter().product()
    }

    /// One image, `[H][W][C]`.
    pub fn image(&self, sample: usize) -> &[f32] {
        &self.images[sample * self.image_len()..][..self.image_len()]
    }

    /// The samples at `indices`, in that order.
    pub fn subset(&self, indices: &[u32]) -> Self {
        let mut images = Vec::with_capacity(indices.len() * self.image_len());
        for &sample in indices {
            images.extend_from_slice(self.image(sample as usize));
        }
        let labels = indices
            .iter()
            .map(|&sample| self.labels[sample as usize])
            .collect();
        Self {
            images,
            labels,
            shape: self.shape,
            classes: self.classes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_of_idx_files_becomes_a_data_set() {
        let images = idx::write_bytes(&[2, 1, 2], &[0, 255, 51, 102]);
        let labels = idx::write_bytes(&[2], &[1, 3]);
        let data = Dataset::from_idx(&images, &labels).unwrap();
        assert_eq!(data.images, [0.0, 1.0, 0.2, 0.4]);
        assert_eq!((data.shape, data.classes, data.len()), ([1, 2, 1], 4, 2));
        assert_eq!(data.image(1), [0.2, 0.4]);
        let swapped = data.subset(&[1, 0]);
        assert_eq!(swapped.labels, [3, 1]);
        assert_eq!(swapped.images, [0.2, 0.4, 0.0, 1.0]);
    }

    #[test]
    fn files_that_do_not_belong_together_are_refused() {
        let images = idx::write_bytes(&[2, 1, 2], &[0, 255, 51, 102]);
        let error = Dataset::from_idx(&images, &idx::write_bytes(&[3], &[1, 3, 0])).unwrap_err();
        assert_eq!(error.code(), "shape_mismatch");
        let error = Dataset::from_idx(&idx::write_bytes(&[2], &[1, 3]), &images).unwrap_err();
        assert_eq!(error.code(), "dimension_count");
        let error = Dataset::new(vec![0.0; 4], vec![0, 7], [1, 2, 1], 4).unwrap_err();
        assert_eq!(
            error,
            Error::LabelOutOfRange {
                position: 1,
                label: 7,
                classes: 4
            }
        );
        let error = Dataset::new(vec![0.0; 3], vec![0, 1], [1, 2, 1], 4).unwrap_err();
        assert_eq!(error.code(), "length_mismatch");
    }
}
