//! Files that were cut or damaged on their way: readers answer with an error or with what still
//! is a file, and never panic, hang or ask for memory that the file does not have.

use super::inputs::config;
use danlu::data::gzip::Source;
use danlu::data::npy::Numbers;
use danlu::data::{cifar, idx, npy, tar};
use danlu::error::Error;
use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::test_runner::Config;
use std::io::Write;

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn an_idx() -> Vec<u8> {
    idx::write_bytes(&[7, 5, 3], &(0..105).collect::<Vec<u8>>())
}

fn an_npy(descr: &str, fortran: &str, shape: &str, values: usize) -> Vec<u8> {
    let header =
        format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
    let length = (header.len() as u16).to_le_bytes();
    [
        b"\x93NUMPY\x01\x00",
        &length[..],
        header.as_bytes(),
        &vec![3; values],
    ]
    .concat()
}

fn a_cifar() -> Vec<u8> {
    (0..2 * 3073)
        .map(|at| if at % 3073 == 0 { 4 } else { at as u8 })
        .collect()
}

fn a_tar() -> Vec<u8> {
    let mut header = vec![0u8; 512];
    header[..5].copy_from_slice(b"a.bin");
    header[124..136].copy_from_slice(b"00000000005\0");
    header[156] = b'0';
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
    header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
    let mut file = [&header[..], b"hello"].concat();
    file.resize(1024, 0);
    [&file[..], &file, &[0; 1024]].concat()
}

/// Every reader on the same bytes: what they are called is no protection.
fn read_as_all(bytes: &[u8]) -> Vec<Option<Error>> {
    vec![
        idx::parse(bytes).err(),
        npy::parse(bytes).err(),
        cifar::parse(cifar::Set::Ten, bytes).err(),
        cifar::parse(cifar::Set::Hundred, bytes).err(),
        tar::list(bytes).err(),
        Source::new("gzip", bytes).rest(1 << 24).err(),
    ]
}

fn a_file() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(an_idx()),
        Just(gzipped(&an_idx())),
        Just(an_npy("|u1", "False", "(4, 6)", 24)),
        Just(an_npy("<f8", "True", "(2, 3, 4)", 192)),
        Just(a_cifar()),
        Just(gzipped(&a_cifar())),
        Just(a_tar()),
        proptest::collection::vec(any::<u8>(), 0..2000),
    ]
}

proptest! {
    #![proptest_config(Config { cases: 1500, ..config() })]

    #[test]
    fn a_cut_and_damaged_file_is_read_or_refused(
        file in a_file(),
        keep in 0.0..=1.0f64,
        flips in proptest::collection::vec((any::<prop::sample::Index>(), 0..8u8), 0..6),
    ) {
        let mut bytes = file;
        bytes.truncate((bytes.len() as f64 * keep) as usize);
        for (at, bit) in flips {
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
        }
        for error in read_as_all(&bytes).into_iter().flatten() {
            prop_assert!(["malformed_file", "file_too_large", "object_array", "dtype_mismatch"].contains(&error.code()), "{error}");
        }
    }

    #[test]
    fn a_file_that_is_cut_anywhere_is_refused(cut in any::<prop::sample::Index>()) {
        for whole in [an_idx(), an_npy("<f4", "False", "(3, 2)", 24), gzipped(&an_idx())] {
            let cut = &whole[..cut.index(whole.len())];
            prop_assert!(idx::parse(cut).is_err() && npy::parse(cut).is_err());
        }
        let whole = a_cifar();
        let at = cut.index(whole.len());
        prop_assert_eq!(cifar::parse(cifar::Set::Ten, &whole[..at]).is_ok(), at > 0 && at % 3073 == 0);
    }

    #[test]
    fn fortran_order_is_the_transpose_of_c_order(shape in proptest::collection::vec(1..5usize, 1..4)) {
        let count: usize = shape.iter().product();
        let sizes = |shape: &[usize]| format!("({},)", shape.iter().map(usize::to_string).collect::<Vec<_>>().join(", "));
        let values: Vec<u8> = (0..count as u8).collect();
        let mut file = an_npy("|u1", "True", &sizes(&shape), 0);
        file.extend_from_slice(&values);
        let Numbers::U8(got) = npy::parse(&file).unwrap().numbers else { panic!() };
        // Where an element lies when the first index varies fastest.
        for (at, &value) in got.iter().enumerate() {
            let (mut rest, mut index) = (at, vec![0; shape.len()]);
            for axis in (0..shape.len()).rev() {
                index[axis] = rest % shape[axis];
                rest /= shape[axis];
            }
            let place = (0..shape.len()).rev().fold(0, |place, axis| place * shape[axis] + index[axis]);
            prop_assert_eq!(usize::from(value), place);
        }
    }
}

#[test]
fn the_whole_files_are_read() {
    assert!(idx::parse(&gzipped(&an_idx())).is_ok());
    assert!(npy::parse(&an_npy("<f8", "True", "(2, 3, 4)", 192)).is_ok());
    assert!(cifar::parse(cifar::Set::Ten, &a_cifar()).is_ok());
    assert_eq!(tar::list(&a_tar()).unwrap().len(), 2);
}
