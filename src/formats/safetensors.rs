//! safetensors: named arrays behind one JSON header.
//!
//! Eight bytes give the header's length (little-endian), the header maps each name to its dtype,
//! shape and `[begin, end)` within the data that follows (Hugging Face, "Safetensors format").
//! Values are little-endian in C order. What that page forbids is refused: names twice, offsets
//! that overlap, leave holes or reach outside, a header above 100 MB.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use crate::error::{Error, Result};

/// The greatest header that the format allows.
const HEADER_LIMIT_BYTES: u64 = 100_000_000;

/// The element types that the format names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Dtype {
    Bool,
    U8,
    I8,
    U16,
    I16,
    F16,
    Bf16,
    U32,
    I32,
    F32,
    U64,
    I64,
    F64,
}

impl Dtype {
    const ALL: [(Self, &'static str, usize); 13] = [
        (Self::Bool, "BOOL", 1),
        (Self::U8, "U8", 1),
        (Self::I8, "I8", 1),
        (Self::U16, "U16", 2),
        (Self::I16, "I16", 2),
        (Self::F16, "F16", 2),
        (Self::Bf16, "BF16", 2),
        (Self::U32, "U32", 4),
        (Self::I32, "I32", 4),
        (Self::F32, "F32", 4),
        (Self::U64, "U64", 8),
        (Self::I64, "I64", 8),
        (Self::F64, "F64", 8),
    ];

    /// The name in the header.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// Bytes of one value.
    pub fn size_bytes(self) -> usize {
        self.entry().2
    }

    fn entry(self) -> (Self, &'static str, usize) {
        *Self::ALL
            .iter()
            .find(|entry| entry.0 == self)
            .expect("the table holds every dtype")
    }

    fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|entry| entry.1 == name)
            .map(|entry| entry.0)
    }
}

/// One array as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredTensor {
    /// The element type.
    pub dtype: Dtype,
    /// The sizes, the slowest axis first; empty for a scalar.
    pub shape: Vec<usize>,
    /// The values, little-endian, in C order.
    pub bytes: Vec<u8>,
}

impl StoredTensor {
    /// Stores f32 values. Panics when the shape has another number of values.
    pub fn from_f32(shape: &[usize], values: &[f32]) -> Self {
        assert_eq!(
            shape.iter().product::<usize>(),
            values.len(),
            "StoredTensor: {shape:?}"
        );
        let bytes = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        Self {
            dtype: Dtype::F32,
            shape: shape.to_vec(),
            bytes,
        }
    }

    /// The values as f32; errs when another type is stored, naming the tensor.
    pub fn to_f32(&self, name: &str) -> Result<Vec<f32>> {
        if self.dtype != Dtype::F32 {
            return Err(Error::DtypeMismatch {
                place: name.into(),
                expected: Dtype::F32.name().into(),
                got: self.dtype.name().into(),
            });
        }
        let value = |bytes: &[u8]| f32::from_le_bytes(bytes.try_into().expect("four bytes"));
        Ok(self.bytes.chunks_exact(4).map(value).collect())
    }
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// The arrays by name.
    pub tensors: BTreeMap<String, StoredTensor>,
    /// Free text by name (`__metadata__`).
    pub metadata: BTreeMap<String, String>,
}

/// The header in the order of the file, names kept even when they come twice.
struct Header {
    entries: Vec<(String, Entry)>,
    metadata: Option<BTreeMap<String, String>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    dtype: String,
    shape: Vec<u64>,
    data_offsets: [u64; 2],
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct HeaderVisitor;
        impl<'de> Visitor<'de> for HeaderVisitor {
            type Value = Header;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an object of tensors")
            }
            fn visit_map<A: MapAccess<'de>>(
                self,
                mut map: A,
            ) -> std::result::Result<Header, A::Error> {
                let mut header = Header {
                    entries: Vec::new(),
                    metadata: None,
                };
                while let Some(name) = map.next_key::<String>()? {
                    if name != "__metadata__" {
                        header.entries.push((name, map.next_value()?));
                    } else if header.metadata.replace(map.next_value()?).is_some() {
                        return Err(serde::de::Error::custom("duplicate __metadata__"));
                    }
                }
                Ok(header)
            }
        }
        deserializer.deserialize_map(HeaderVisitor)
    }
}

fn malformed(offset: usize, expected: impl Into<String>, got: impl Into<String>) -> Error {
    let (expected, got) = (expected.into(), got.into());
    Error::MalformedFile {
        format: "safetensors".into(),
        offset,
        expected,
        got,
    }
}

/// Reads a file; everything in it is checked before anything is copied.
///
/// Errs with [`Error::MalformedFile`] or [`Error::FileTooLarge`].
pub fn read(file: &[u8]) -> Result<Contents> {
    let Some((length, rest)) = file.split_first_chunk::<8>() else {
        return Err(malformed(0, "8 bytes", format!("{} bytes", file.len())));
    };
    let header_bytes = u64::from_le_bytes(*length);
    if header_bytes > HEADER_LIMIT_BYTES {
        return Err(Error::FileTooLarge {
            format: "safetensors".into(),
            limit_bytes: HEADER_LIMIT_BYTES,
            got_bytes: header_bytes,
        });
    }
    if header_bytes > rest.len() as u64 {
        let got = format!("{} bytes", rest.len());
        return Err(malformed(8, format!("{header_bytes} bytes of header"), got));
    }
    let (header, data) = rest.split_at(header_bytes as usize);
    let data_start = 8 + header.len();
    if header.first() != Some(&b'{') {
        return Err(malformed(
            8,
            "{",
            header.first().map_or("".into(), |b| format!("{b:02x}")),
        ));
    }
    let Header {
        mut entries,
        metadata,
    } = serde_json::from_slice(header)
        .map_err(|error| malformed(8 + json_offset(header, &error), "JSON", error.to_string()))?;

    let mut names = BTreeSet::new();
    if let Some((name, _)) = entries
        .iter()
        .find(|(name, _)| !names.insert(name.as_str()))
    {
        return Err(malformed(8, "each name once", format!("{name} twice")));
    }
    entries.sort_by_key(|(_, entry)| entry.data_offsets);
    let mut tensors = BTreeMap::new();
    let mut end_before = 0;
    for (name, entry) in entries {
        let [begin, end] = entry.data_offsets;
        if begin != end_before || end < begin || end > data.len() as u64 {
            let limit = data.len();
            return Err(malformed(
                data_start + end_before as usize,
                format!("{name}: begin = {end_before}, begin <= end <= {limit}"),
                format!("[{begin}, {end}]"),
            ));
        }
        let dtype = Dtype::from_name(&entry.dtype)
            .ok_or_else(|| malformed(8, format!("{name}: dtype"), entry.dtype.clone()))?;
        let size = entry
            .shape
            .iter()
            .try_fold(dtype.size_bytes() as u64, |product, &size| {
                product.checked_mul(size)
            });
        if size != Some(end - begin) {
            return Err(malformed(
                data_start + begin as usize,
                format!("{name}: {} bytes", end - begin),
                format!("{} {:?}", entry.dtype, entry.shape),
            ));
        }
        let bytes = data[begin as usize..end as usize].to_vec();
        let shape = entry.shape.iter().map(|&size| size as usize).collect();
        tensors.insert(
            name,
            StoredTensor {
                dtype,
                shape,
                bytes,
            },
        );
        end_before = end;
    }
    if end_before != data.len() as u64 {
        return Err(malformed(
            data_start + end_before as usize,
            "end of file",
            format!("{} bytes", data.len() as u64 - end_before),
        ));
    }
    Ok(Contents {
        tensors,
        metadata: metadata.unwrap_or_default(),
    })
}

/// The byte of the header that a JSON error's line and column name.
fn json_offset(header: &[u8], error: &serde_json::Error) -> usize {
    let line_start = header
        .split_inclusive(|&byte| byte == b'\n')
        .take(error.line().saturating_sub(1))
        .map(<[u8]>::len)
        .sum::<usize>();
    line_start + error.column().saturating_sub(1)
}

/// Writes a file: the widest dtypes first, then by name, the header padded with spaces so that the
/// data begins at a multiple of eight.
///
/// Panics when a tensor's bytes don't fit its shape.
pub fn write(contents: &Contents) -> Vec<u8> {
    let mut order: Vec<(&String, &StoredTensor)> = contents.tensors.iter().collect();
    order.sort_by_key(|(_, tensor)| std::cmp::Reverse(tensor.dtype.size_bytes()));
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut fields = Vec::new();
    if !contents.metadata.is_empty() {
        fields.push(format!(
            "\"__metadata__\":{}",
            serde_json::json!(contents.metadata)
        ));
    }
    let mut end = 0;
    for (name, tensor) in &order {
        let size = tensor.shape.iter().product::<usize>() * tensor.dtype.size_bytes();
        assert_eq!(
            size,
            tensor.bytes.len(),
            "safetensors::write: {name} {:?}",
            tensor.shape
        );
        let begin = end;
        end += size;
        fields.push(format!(
            "{}:{{\"dtype\":\"{}\",\"shape\":{},\"data_offsets\":[{begin},{end}]}}",
            quoted(name),
            tensor.dtype.name(),
            serde_json::json!(tensor.shape),
        ));
    }
    let mut header = format!("{{{}}}", fields.join(","));
    while !header.len().is_multiple_of(8) {
        header.push(' ');
    }
    let mut file = Vec::with_capacity(8 + header.len() + end);
    file.extend_from_slice(&(header.len() as u64).to_le_bytes());
    file.extend_from_slice(header.as_bytes());
    for (_, tensor) in order {
        file.extend_from_slice(&tensor.bytes);
    }
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Contents {
        let mut contents = Contents::default();
        let mut add = |name: &str, tensor| contents.tensors.insert(name.into(), tensor);
        add(
            "dense/kernel",
            StoredTensor::from_f32(&[2, 3], &[1.0, -2.0, 0.5, f32::INFINITY, 0.0, 7.25]),
        );
        add("dense/bias", StoredTensor::from_f32(&[], &[3.0]));
        add(
            "mask \"é\"",
            StoredTensor {
                dtype: Dtype::Bool,
                shape: vec![3],
                bytes: vec![1, 0, 1],
            },
        );
        add(
            "none",
            StoredTensor {
                dtype: Dtype::I64,
                shape: vec![0, 4],
                bytes: vec![],
            },
        );
        contents.metadata.insert("seed".into(), "7".into());
        contents
    }

    fn file_of(header: &str, data: &[u8]) -> Vec<u8> {
        [
            &(header.len() as u64).to_le_bytes(),
            header.as_bytes(),
            data,
        ]
        .concat()
    }

    fn check_refused(header: &str, data: &[u8], in_got: &str) {
        let error = read(&file_of(header, data)).unwrap_err();
        assert_eq!(error.code(), "malformed_file", "{header}");
        let fields = error.fields();
        let told = format!("{} {}", fields["expected"], fields["got"]);
        assert!(told.contains(in_got), "{header}: {told}");
    }

    #[test]
    fn what_is_written_reads_back() {
        let file = write(&sample());
        assert_eq!(read(&file).unwrap(), sample());
        let header_bytes = u64::from_le_bytes(file[..8].try_into().unwrap());
        assert_eq!(header_bytes % 8, 0);
        let kernel = &read(&file).unwrap().tensors["dense/kernel"];
        assert_eq!(kernel.to_f32("dense/kernel").unwrap()[1], -2.0);
        assert_eq!(
            read(&write(&Contents::default())).unwrap(),
            Contents::default()
        );
    }

    #[test]
    fn a_file_of_the_reference_writer_is_read() {
        let header = r#"{"__metadata__":{"format":"pt"},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}   "#;
        let contents = read(&file_of(header, &[0, 0, 128, 63, 9, 8])).unwrap();
        assert_eq!(contents.tensors["b"].to_f32("b").unwrap(), [1.0]);
        assert_eq!(contents.tensors["a"].bytes, [9, 8]);
        assert_eq!(
            contents.tensors["a"].to_f32("a").unwrap_err().code(),
            "dtype_mismatch"
        );
    }

    #[test]
    fn headers_that_lie_are_refused() {
        let one = |dtype: &str, shape: &str, offsets: &str| {
            format!(r#"{{"a":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}}}"#)
        };
        check_refused(&one("F32", "[1]", "[0,8]"), &[0; 8], "8 bytes");
        check_refused(&one("F32", "[1]", "[0,4]"), &[0; 3], "[0, 4]");
        check_refused(&one("F32", "[1]", "[4,0]"), &[0; 4], "[4, 0]");
        check_refused(&one("F32", "[1]", "[1,5]"), &[0; 5], "[1, 5]");
        check_refused(&one("F32", "[1]", "[0,4]"), &[0; 5], "end of file");
        check_refused(&one("F99", "[1]", "[0,4]"), &[0; 4], "F99");
        check_refused(
            &one("F32", "[4611686018427387904,4]", "[0,0]"),
            &[],
            "0 bytes",
        );
        check_refused(&one("F32", "[-1]", "[0,4]"), &[0; 4], "JSON");
        check_refused(&one("F32", "[1],\"x\":1", "[0,4]"), &[0; 4], "JSON");
    }

    #[test]
    fn names_twice_and_overlaps_are_refused() {
        let two = |first: &str, second: &str, offsets: &str| {
            format!(
                r#"{{"{first}":{{"dtype":"U8","shape":[2],"data_offsets":[0,2]}},"{second}":{{"dtype":"U8","shape":[2],"data_offsets":{offsets}}}}}"#
            )
        };
        assert!(read(&file_of(&two("a", "b", "[2,4]"), &[0; 4])).is_ok());
        check_refused(&two("a", "a", "[2,4]"), &[0; 4], "a twice");
        check_refused(&two("a", "b", "[1,3]"), &[0; 3], "[1, 3]");
        check_refused(&two("a", "b", "[0,2]"), &[0; 2], "[0, 2]");
        check_refused(&two("a", "b", "[3,5]"), &[0; 5], "[3, 5]");
        check_refused(r#"{"__metadata__":{},"__metadata__":{}}"#, &[], "JSON");
    }

    #[test]
    fn lengths_that_lie_are_refused() {
        assert_eq!(read(&[1, 2, 3]).unwrap_err().code(), "malformed_file");
        assert_eq!(
            read(&u64::MAX.to_le_bytes()).unwrap_err().code(),
            "file_too_large"
        );
        assert_eq!(
            read(&[9, 0, 0, 0, 0, 0, 0, 0, b'{']).unwrap_err().fields()["offset"],
            8
        );
        check_refused("[]", &[], "{");
        check_refused("", &[], "{");
        let error = read(&file_of("{\"a\": nul}", &[])).unwrap_err();
        assert!(error.fields()["offset"].as_u64().unwrap() >= 14, "{error}");
    }
}
