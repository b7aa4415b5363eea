//! IDX, the format of MNIST's files.
//!
//! Two zero bytes, a type code, the number of dimensions, each size as a big-endian u32, then the
//! values, big-endian, the last index varying fastest (Y. LeCun, "The MNIST database"). Gzipped
//! files are read as they are.

use super::gzip::Source;
use super::npy::Numbers;
use crate::error::{Error, Result};

/// No file may hold more bytes of values than this: four times what MNIST's largest relative,
/// EMNIST, needs.
pub const LIMIT_BYTES: u64 = 2 << 30;

/// An array read from an IDX file.
#[derive(Clone, Debug, PartialEq)]
pub struct Idx {
    /// The sizes, the slowest axis first.
    pub shape: Vec<usize>,
    /// The values in C order.
    pub values: Values,
}

/// The values of an IDX file in the type that its header names.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Values {
    U8(Vec<u8>),
    I8(Vec<i8>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Values {
    /// NumPy's name of the type.
    pub fn dtype(&self) -> &'static str {
        match self {
            Self::U8(_) => "uint8",
            Self::I8(_) => "int8",
            Self::I16(_) => "int16",
            Self::I32(_) => "int32",
            Self::F32(_) => "float32",
            Self::F64(_) => "float64",
        }
    }
}

impl Values {
    /// As training takes them.
    pub fn into_numbers(self) -> Numbers {
        match self {
            Self::U8(bytes) => Numbers::U8(bytes),
            Self::I8(values) => Numbers::F32(values.into_iter().map(f32::from).collect()),
            Self::I16(values) => Numbers::F32(values.into_iter().map(f32::from).collect()),
            Self::I32(values) => {
                Numbers::F32(values.into_iter().map(|value| value as f32).collect())
            }
            Self::F32(values) => Numbers::F32(values),
            Self::F64(values) => {
                Numbers::F32(values.into_iter().map(|value| value as f32).collect())
            }
        }
    }
}

impl Idx {
    /// The values as bytes; errs when the file holds another type.
    pub fn bytes(&self, place: &str) -> Result<&[u8]> {
        match &self.values {
            Values::U8(bytes) => Ok(bytes),
            other => Err(Error::DtypeMismatch {
                place: place.into(),
                expected: "uint8".into(),
                got: other.dtype().into(),
            }),
        }
    }
}

/// Reads an IDX file, gzipped or not.
///
/// Errs with [`Error::MalformedFile`] naming the byte at which the file departs from the format,
/// or with [`Error::FileTooLarge`] before a lying header costs any memory.
pub fn parse(file: &[u8]) -> Result<Idx> {
    let mut source = Source::new("IDX", file);
    let magic = source.take(4, "header")?;
    let malformed = |offset, expected: &str, got: String| Error::MalformedFile {
        format: "IDX".into(),
        offset,
        expected: expected.into(),
        got,
    };
    if magic[..2] != [0, 0] {
        return Err(malformed(
            0,
            "00 00",
            format!("{:02x} {:02x}", magic[0], magic[1]),
        ));
    }
    let value_bytes: u64 = match magic[2] {
        0x08 | 0x09 => 1,
        0x0b => 2,
        0x0c | 0x0d => 4,
        0x0e => 8,
        other => {
            return Err(malformed(
                2,
                "08, 09, 0b, 0c, 0d, 0e",
                format!("{other:02x}"),
            ));
        }
    };
    if magic[3] == 0 {
        return Err(malformed(3, ">= 1 dimensions", "0".into()));
    }
    let sizes = source.take(4 * usize::from(magic[3]), "sizes")?;
    let shape: Vec<usize> = sizes
        .chunks_exact(4)
        .map(|size| u32::from_be_bytes(size.try_into().expect("four bytes")) as usize)
        .collect();
    // Zero first: sizes whose product overflows may still hold nothing.
    let total_bytes = if shape.contains(&0) {
        0
    } else {
        shape
            .iter()
            .try_fold(value_bytes, |product, &size| {
                product.checked_mul(size as u64)
            })
            .unwrap_or(u64::MAX)
    };
    if total_bytes > LIMIT_BYTES {
        return Err(Error::FileTooLarge {
            format: "IDX".into(),
            limit_bytes: LIMIT_BYTES,
            got_bytes: total_bytes,
        });
    }
    let raw = source.take(total_bytes as usize, "values")?;
    source.end()?;
    let values = match magic[2] {
        0x08 => Values::U8(raw),
        0x09 => Values::I8(raw.into_iter().map(|byte| byte as i8).collect()),
        0x0b => Values::I16(decode(&raw, i16::from_be_bytes)),
        0x0c => Values::I32(decode(&raw, i32::from_be_bytes)),
        0x0d => Values::F32(decode(&raw, f32::from_be_bytes)),
        _ => Values::F64(decode(&raw, f64::from_be_bytes)),
    };
    Ok(Idx { shape, values })
}

fn decode<T, const SIZE: usize>(raw: &[u8], from_be_bytes: fn([u8; SIZE]) -> T) -> Vec<T> {
    raw.chunks_exact(SIZE)
        .map(|value| from_be_bytes(value.try_into().expect("chunks of SIZE")))
        .collect()
}

/// Writes bytes as an IDX file, not gzipped.
pub fn write_bytes(shape: &[usize], bytes: &[u8]) -> Vec<u8> {
    assert_eq!(
        shape.iter().product::<usize>(),
        bytes.len(),
        "idx::write_bytes: {shape:?}"
    );
    let mut file = vec![
        0,
        0,
        0x08,
        u8::try_from(shape.len()).expect("at most 255 dimensions"),
    ];
    for &size in shape {
        file.extend_from_slice(
            &u32::try_from(size)
                .expect("a size fits in u32")
                .to_be_bytes(),
        );
    }
    file.extend_from_slice(bytes);
    file
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn gzipped(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn check_refused(file: &[u8], code: &str, at: u64) {
        for bytes in [file.to_vec(), gzipped(file)] {
            let error = parse(&bytes).unwrap_err();
            assert_eq!(error.code(), code, "{error}");
            if code == "malformed_file" {
                assert_eq!(error.fields()["offset"], at, "{error}");
            }
        }
    }

    #[test]
    fn a_written_file_reads_back_gzipped_or_not() {
        let file = write_bytes(&[2, 3], &[1, 2, 3, 4, 5, 255]);
        let want = Idx {
            shape: vec![2, 3],
            values: Values::U8(vec![1, 2, 3, 4, 5, 255]),
        };
        assert_eq!(parse(&file).unwrap(), want);
        assert_eq!(parse(&gzipped(&file)).unwrap(), want);
    }

    #[test]
    fn every_type_of_value_is_read_big_endian() {
        let file = |code: u8, values: &[u8], count: u8| {
            [&[0, 0, code, 1, 0, 0, 0, count], values].concat()
        };
        let read = |bytes: Vec<u8>| parse(&bytes).unwrap().values;
        assert_eq!(read(file(0x09, &[0xff], 1)), Values::I8(vec![-1]));
        assert_eq!(
            read(file(0x0b, &[1, 2, 0xff, 0xfe], 2)),
            Values::I16(vec![258, -2])
        );
        assert_eq!(
            read(file(0x0c, &(-5i32).to_be_bytes(), 1)),
            Values::I32(vec![-5])
        );
        assert_eq!(
            read(file(0x0d, &1.5f32.to_be_bytes(), 1)),
            Values::F32(vec![1.5])
        );
        assert_eq!(
            read(file(0x0e, &(-0.1f64).to_be_bytes(), 1)),
            Values::F64(vec![-0.1])
        );
    }

    #[test]
    fn malformed_files_are_refused_at_the_byte_that_is_wrong() {
        check_refused(&[], "malformed_file", 0);
        check_refused(&[0, 0, 8], "malformed_file", 3);
        check_refused(&[1, 0, 8, 1, 0, 0, 0, 0], "malformed_file", 0);
        check_refused(&[0, 0, 7, 1, 0, 0, 0, 0], "malformed_file", 2);
        check_refused(&[0, 0, 8, 0], "malformed_file", 3);
        check_refused(&[0, 0, 8, 2, 0, 0, 0, 1, 0], "malformed_file", 9);
        check_refused(&[0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3], "malformed_file", 11);
        check_refused(&[0, 0, 8, 1, 0, 0, 0, 2, 1, 2, 3], "malformed_file", 10);
    }

    #[test]
    fn a_lying_header_is_refused_before_it_costs_memory() {
        let sizes = [0xffu8; 12];
        check_refused(&[&[0, 0, 8, 3], &sizes[..]].concat(), "file_too_large", 0);
        check_refused(&[&[0, 0, 14, 2], &sizes[..8]].concat(), "file_too_large", 0);
        // Within the limit, yet far more than the file holds.
        check_refused(&[0, 0, 8, 1, 0x7f, 0, 0, 0, 1, 2], "malformed_file", 10);
        // A zero among huge sizes is an empty array.
        let empty = [&[0, 0, 8, 3], &sizes[..8], &[0, 0, 0, 0]].concat();
        assert_eq!(parse(&empty).unwrap().values, Values::U8(vec![]));
    }

    #[test]
    fn damaged_gzip_is_refused() {
        let whole = gzipped(&write_bytes(&[300], &[7; 300]));
        for cut in [3, 12, whole.len() - 1] {
            let error = parse(&whole[..cut]).unwrap_err();
            assert_eq!(error.code(), "malformed_file", "cut at {cut}: {error}");
        }
        let mut wrong_sum = whole.clone();
        let last = wrong_sum.len() - 5;
        wrong_sum[last] ^= 1;
        assert_eq!(parse(&wrong_sum).unwrap_err().fields()["format"], "gzip");
    }
}
