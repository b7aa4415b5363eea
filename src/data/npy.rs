//! npy, the format of NumPy's arrays; an npz is a zip of them.
//!
//! The bytes 93 "NUMPY", two of version, the header's length (u16 in version 1, u32 in 2 and 3), a
//! Python dictionary with `descr`, `fortran_order` and `shape`, then the numbers (NumPy's manual,
//! `numpy.lib.format`).

use super::gzip::Source;
use super::idx::LIMIT_BYTES;
use super::npy_header::Header;
use crate::error::{Error, Result};

/// Longer headers belong to structured arrays, which are refused anyway.
const HEADER_LIMIT: usize = 1 << 16;
const MAGIC: &[u8] = b"\x93NUMPY";

/// Numbers as training takes them: bytes stay bytes, all else becomes f32.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Numbers {
    U8(Vec<u8>),
    F32(Vec<f32>),
}

/// An array read from an npy file.
#[derive(Clone, Debug, PartialEq)]
pub struct Npy {
    /// The sizes, the slowest axis first.
    pub shape: Vec<usize>,
    /// NumPy's name of the type in the file: `|u1`, `<f8`.
    pub descr: String,
    /// In C order, whichever order the file had.
    pub numbers: Numbers,
}

/// Reads an npy file.
///
/// Errs with [`Error::MalformedFile`] naming the byte, [`Error::ObjectArray`] for pickled Python
/// objects, which would run code, [`Error::DtypeMismatch`] for what is no number, and
/// [`Error::FileTooLarge`] before a lying header costs memory.
pub fn parse(file: &[u8]) -> Result<Npy> {
    let mut source = Source::new("npy", file);
    let magic = source.take(8, "header")?;
    if magic[..6] != *MAGIC {
        return Err(malformed(0, "93 4e 55 4d 50 59", hex(&magic[..6])));
    }
    let length_bytes = match magic[6] {
        1 => 2,
        2 | 3 => 4,
        other => return Err(malformed(6, "version 1, 2, 3", other.to_string())),
    };
    let mut length = [0; 4];
    length[..length_bytes].copy_from_slice(&source.take(length_bytes, "header length")?);
    let length = u32::from_le_bytes(length) as usize;
    let at = source.offset();
    if length > HEADER_LIMIT {
        return Err(malformed(8, "header <= 65536 bytes", length.to_string()));
    }
    let header = source.take(length, "header")?;
    let Header {
        descr,
        fortran,
        shape,
    } = Header::read(&header, at)?;
    let kind = Kind::of(&descr)?;

    let total = if shape.contains(&0) {
        0
    } else {
        shape
            .iter()
            .try_fold(kind.size as u64, |product, &size| {
                product.checked_mul(size as u64)
            })
            .unwrap_or(u64::MAX)
    };
    if total > LIMIT_BYTES {
        return Err(Error::FileTooLarge {
            format: "npy".into(),
            limit_bytes: LIMIT_BYTES,
            got_bytes: total,
        });
    }
    let mut raw = source.take(total as usize, "values")?;
    source.end()?;
    if fortran && shape.len() > 1 {
        raw = in_c_order(&raw, &shape, kind.size);
    }
    Ok(Npy {
        shape,
        descr,
        numbers: kind.decode(raw),
    })
}

pub(super) fn malformed(offset: usize, expected: &str, got: String) -> Error {
    Error::MalformedFile {
        format: "npy".into(),
        offset,
        expected: expected.into(),
        got,
    }
}

fn hex(bytes: &[u8]) -> String {
    let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.join(" ")
}

/// How a number lies in the file.
struct Kind {
    letter: u8,
    size: usize,
    big_endian: bool,
}

impl Kind {
    fn of(descr: &str) -> Result<Self> {
        let bytes = descr.as_bytes();
        let (order, rest) = match bytes.first() {
            Some(&order @ (b'<' | b'>' | b'|' | b'=')) => (order, &bytes[1..]),
            _ => (b'=', bytes),
        };
        if rest.first() == Some(&b'O') {
            return Err(Error::ObjectArray {
                descr: descr.into(),
            });
        }
        let (letter, size) = match rest {
            b"b1" | b"?" => (b'b', 1),
            [letter @ (b'u' | b'i'), size @ (b'1' | b'2' | b'4' | b'8')] => {
                (*letter, usize::from(size - b'0'))
            }
            [b'f', size @ (b'2' | b'4' | b'8')] => (b'f', usize::from(size - b'0')),
            _ => {
                return Err(Error::DtypeMismatch {
                    place: "npy".into(),
                    expected: "bool, uint8 … uint64, int8 … int64, float16, float32, float64"
                        .into(),
                    got: descr.into(),
                });
            }
        };
        Ok(Self {
            letter,
            size,
            big_endian: order == b'>',
        })
    }

    fn decode(&self, raw: Vec<u8>) -> Numbers {
        match (self.letter, self.size) {
            (b'u', 1) => Numbers::U8(raw),
            (b'b', _) => Numbers::U8(raw.into_iter().map(|byte| u8::from(byte != 0)).collect()),
            _ => Numbers::F32(
                raw.chunks_exact(self.size)
                    .map(|number| self.number(number))
                    .collect(),
            ),
        }
    }

    fn number(&self, bytes: &[u8]) -> f32 {
        let mut wide = [0; 8];
        wide[..self.size].copy_from_slice(bytes);
        if self.big_endian {
            wide[..self.size].reverse();
        }
        let bits = u64::from_le_bytes(wide);
        match (self.letter, self.size) {
            (b'u', _) => bits as f32,
            (b'i', size) => {
                // The sign comes down with the shift.
                let unused = 64 - 8 * size as u32;
                ((bits << unused) as i64 >> unused) as f32
            }
            (_, 2) => half(bits as u16),
            (_, 4) => f32::from_bits(bits as u32),
            _ => f64::from_bits(bits) as f32,
        }
    }
}

/// IEEE 754's binary16.
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let exponent = i32::from(bits >> 10 & 31);
    let fraction = f32::from(bits & 1023) / 1024.0;
    sign * match exponent {
        0 => fraction / 16384.0,
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction) * f32::from_bits(((exponent - 15 + 127) as u32) << 23),
    }
}

/// Numbers whose first index varies fastest, put so that the last does.
fn in_c_order(raw: &[u8], shape: &[usize], size: usize) -> Vec<u8> {
    let mut strides = vec![size; shape.len()];
    for axis in 1..shape.len() {
        strides[axis] = strides[axis - 1] * shape[axis - 1];
    }
    let mut turned = Vec::with_capacity(raw.len());
    let mut index = vec![0; shape.len()];
    let mut from = 0;
    while turned.len() < raw.len() {
        turned.extend_from_slice(&raw[from..from + size]);
        for axis in (0..shape.len()).rev() {
            index[axis] += 1;
            from += strides[axis];
            if index[axis] < shape[axis] {
                break;
            }
            from -= strides[axis] * shape[axis];
            index[axis] = 0;
        }
    }
    turned
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file as NumPy writes it, version 1.
    fn npy(descr: &str, fortran: bool, shape: &str, values: &[u8]) -> Vec<u8> {
        let order = if fortran { "True" } else { "False" };
        let header =
            format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}\n");
        let length = (header.len() as u16).to_le_bytes();
        [MAGIC, &[1, 0], &length, header.as_bytes(), values].concat()
    }

    fn floats(descr: &str, values: &[u8]) -> Vec<f32> {
        let size = Kind::of(descr).unwrap().size;
        match parse(&npy(
            descr,
            false,
            &format!("({},)", values.len() / size),
            values,
        ))
        .unwrap()
        .numbers
        {
            Numbers::F32(numbers) => numbers,
            Numbers::U8(_) => panic!("{descr} gave bytes"),
        }
    }

    #[test]
    fn bytes_and_booleans_stay_bytes() {
        let read = parse(&npy("|u1", false, "(2, 3)", &[1, 2, 3, 4, 5, 255])).unwrap();
        assert_eq!((&read.shape[..], &read.descr[..]), (&[2, 3][..], "|u1"));
        assert_eq!(read.numbers, Numbers::U8(vec![1, 2, 3, 4, 5, 255]));
        let read = parse(&npy("|b1", false, "(2,)", &[1, 0])).unwrap();
        assert_eq!(read.numbers, Numbers::U8(vec![1, 0]));
        let scalar = parse(&npy("|u1", false, "()", &[7])).unwrap();
        assert_eq!(
            (scalar.shape, scalar.numbers),
            (vec![], Numbers::U8(vec![7]))
        );
    }

    #[test]
    fn every_other_type_becomes_f32_from_either_byte_order() {
        assert_eq!(floats("<i4", &(-5i32).to_le_bytes()), [-5.0]);
        assert_eq!(floats(">i8", &(-70_000i64).to_be_bytes()), [-70_000.0]);
        assert_eq!(floats("<u2", &65_535u16.to_le_bytes()), [65_535.0]);
        assert_eq!(floats("|i1", &[0xff]), [-1.0]);
        assert_eq!(floats("<f4", &1.5f32.to_le_bytes()), [1.5]);
        assert_eq!(floats(">f8", &(-0.25f64).to_be_bytes()), [-0.25]);
        assert_eq!(floats("<f2", &0x3e00u16.to_le_bytes()), [1.5]);
        assert_eq!(floats("<f2", &0x8001u16.to_le_bytes()), [-5.960_464_5e-8]);
        assert_eq!(floats("<f2", &0xfc00u16.to_le_bytes()), [f32::NEG_INFINITY]);
    }

    #[test]
    fn fortran_order_is_turned() {
        // [[1, 2, 3], [4, 5, 6]] column by column.
        let read = parse(&npy("|u1", true, "(2, 3)", &[1, 4, 2, 5, 3, 6])).unwrap();
        assert_eq!(read.numbers, Numbers::U8(vec![1, 2, 3, 4, 5, 6]));
        let values: Vec<u8> = (0..24u16).flat_map(u16::to_le_bytes).collect();
        let Numbers::F32(got) = parse(&npy("<u2", true, "(2, 3, 4)", &values))
            .unwrap()
            .numbers
        else {
            panic!()
        };
        for (at, &number) in got.iter().enumerate() {
            let (i, j, k) = (at / 12, at / 4 % 3, at % 4);
            assert_eq!(number, (i + 2 * j + 6 * k) as f32, "{i} {j} {k}");
        }
    }

    #[test]
    fn later_versions_and_other_spellings_are_read() {
        let header = b"{\"shape\": (2L,), 'fortran_order' :False,'descr':\"<u1\"}";
        let file = [
            MAGIC,
            &[2, 0],
            &(header.len() as u32).to_le_bytes(),
            &header[..],
            &[8, 9],
        ]
        .concat();
        assert_eq!(parse(&file).unwrap().numbers, Numbers::U8(vec![8, 9]));
    }

    #[test]
    fn pickles_texts_and_structures_are_refused() {
        assert_eq!(
            parse(&npy("|O", false, "(1,)", &[0; 40]))
                .unwrap_err()
                .code(),
            "object_array"
        );
        assert_eq!(
            parse(&npy("<U3", false, "(1,)", &[0; 12]))
                .unwrap_err()
                .code(),
            "dtype_mismatch"
        );
        assert_eq!(
            parse(&npy("<c8", false, "(1,)", &[0; 8]))
                .unwrap_err()
                .code(),
            "dtype_mismatch"
        );
        let header = "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}";
        let file = [
            MAGIC,
            &[1, 0],
            &(header.len() as u16).to_le_bytes(),
            header.as_bytes(),
            &[0; 4],
        ]
        .concat();
        let error = parse(&file).unwrap_err();
        assert_eq!(
            (error.code(), &error.fields()["offset"]),
            ("malformed_file", &20.into()),
            "{error}"
        );
    }

    #[test]
    fn malformed_files_are_refused_at_the_byte_that_is_wrong() {
        let whole = npy("|u1", false, "(3,)", &[1, 2, 3]);
        let at = |file: &[u8]| {
            let error = parse(file).unwrap_err();
            assert_eq!(error.code(), "malformed_file", "{error}");
            error.fields()["offset"].as_u64().unwrap() as usize
        };
        assert_eq!(at(b"PK\x03\x04    "), 0);
        assert_eq!(at(&whole[..5]), 5);
        assert_eq!(at(&whole[..40]), 40);
        assert_eq!(at(&whole[..whole.len() - 1]), whole.len() - 1);
        assert_eq!(at(&[&whole[..], &[4]].concat()), whole.len());
        assert_eq!(at(&[MAGIC, &[9, 0, 0, 0]].concat()), 6);
        let huge = npy("<f8", false, "(4294967295, 4294967295)", &[]);
        assert_eq!(parse(&huge).unwrap_err().code(), "file_too_large");
    }
}
