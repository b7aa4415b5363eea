//! tar: which files an archive holds, and where (POSIX.1-1988's ustar, GNU's long names, pax paths).

use std::ops::Range;

use crate::error::{Error, Result};

const BLOCK: usize = 512;

/// A plain file within an archive.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub struct Entry {
    pub name: String,
    pub bytes: Range<usize>,
}

/// The plain files of an archive that is not compressed, in its order.
///
/// Errs with [`Error::MalformedFile`] where a header's sum is wrong or a file is cut.
pub fn list(archive: &[u8]) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    let mut long_name: Option<String> = None;
    let mut at = 0;
    loop {
        let malformed = |offset: usize, expected: String, got: String| Error::MalformedFile {
            format: "tar".into(),
            offset,
            expected,
            got,
        };
        // Two empty blocks end an archive; some programs write none.
        if at == archive.len() && at > 0 {
            return Ok(entries);
        }
        let Some(header) = archive.get(at..at + BLOCK) else {
            let got = archive.len().saturating_sub(at);
            return Err(malformed(
                at,
                "512 bytes (header)".into(),
                format!("{got} bytes"),
            ));
        };
        if header.iter().all(|&byte| byte == 0) {
            return Ok(entries);
        }
        let expected = octal(&header[148..156]);
        let sum = header
            .iter()
            .enumerate()
            .map(|(place, &byte)| {
                if (148..156).contains(&place) {
                    32
                } else {
                    u64::from(byte)
                }
            })
            .sum::<u64>();
        if expected != Some(sum) {
            let got = expected.map_or("?".into(), |sum| sum.to_string());
            return Err(malformed(at + 148, format!("checksum {sum}"), got));
        }
        let Some(size) = octal(&header[124..136]) else {
            return Err(malformed(at + 124, "size (octal)".into(), "?".into()));
        };
        let from = at + BLOCK;
        let left = archive.len() - from;
        if size > left as u64 {
            return Err(malformed(
                archive.len(),
                format!("{size} bytes (file)"),
                format!("{left} bytes"),
            ));
        }
        let bytes = from..from + size as usize;
        match header[156] {
            b'L' => long_name = Some(text(&archive[bytes.clone()])),
            b'x' => long_name = pax_path(&archive[bytes.clone()]).or(long_name),
            kind => {
                let name = long_name.take().unwrap_or_else(|| short_name(header));
                if matches!(kind, b'0' | 0) {
                    entries.push(Entry {
                        name,
                        bytes: bytes.clone(),
                    });
                }
            }
        }
        at = bytes.end.next_multiple_of(BLOCK).min(archive.len());
    }
}

fn text(field: &[u8]) -> String {
    let end = field
        .iter()
        .position(|&byte| byte == 0)
        .unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

fn short_name(header: &[u8]) -> String {
    let name = text(&header[..100]);
    let prefix = if header[257..263] == *b"ustar\0" {
        text(&header[345..500])
    } else {
        String::new()
    };
    if prefix.is_empty() {
        name
    } else {
        format!("{prefix}/{name}")
    }
}

fn octal(field: &[u8]) -> Option<u64> {
    let text = text(field);
    u64::from_str_radix(text.trim_matches(' '), 8).ok()
}

/// The `path` among records of `length key=value\n`.
fn pax_path(records: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(records);
    text.lines()
        .find_map(|line| Some(line.split_once(" path=")?.1.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(name: &str, size: usize, kind: u8) -> Vec<u8> {
        let mut header = vec![0; BLOCK];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
        header[156] = kind;
        header[257..263].copy_from_slice(b"ustar\0");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|&byte| u32::from(byte)).sum();
        header[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        header
    }

    fn file(name: &str, bytes: &[u8], kind: u8) -> Vec<u8> {
        let mut file = [&header(name, bytes.len(), kind)[..], bytes].concat();
        file.resize(file.len().next_multiple_of(BLOCK), 0);
        file
    }

    #[test]
    fn files_are_found_by_their_names() {
        let long = "deep/".repeat(40) + "a.png";
        let archive = [
            file("set/", &[], b'5'),
            file("set/a.bin", &[1, 2, 3], b'0'),
            file("././@LongLink", format!("{long}\0").as_bytes(), b'L'),
            file("deep/", &[4], b'0'),
            file("pax", b"30 mtime=1.5\n18 path=set/c.bin\n", b'x'),
            file("c", &[5, 6], b'0'),
            vec![0; 2 * BLOCK],
        ]
        .concat();
        let entries = list(&archive).unwrap();
        let found: Vec<(&str, &[u8])> = entries
            .iter()
            .map(|entry| (&entry.name[..], &archive[entry.bytes.clone()]))
            .collect();
        assert_eq!(
            found,
            [
                ("set/a.bin", &[1, 2, 3][..]),
                (&long[..], &[4]),
                ("set/c.bin", &[5, 6])
            ]
        );
    }

    #[test]
    fn damaged_and_cut_archives_are_refused_where_they_are() {
        let whole = file("a", &[7; 600], b'0');
        let check = |archive: &[u8], at: u64| {
            let error = list(archive).unwrap_err();
            assert_eq!(
                (error.code(), &error.fields()["offset"]),
                ("malformed_file", &at.into()),
                "{error}"
            );
        };
        check(&whole[..100], 0);
        check(&[], 0);
        check(&whole[..700], 700);
        let mut damaged = whole.clone();
        damaged[1] = b'x';
        check(&damaged, 148);
        let second = [&whole[..], &whole[..100]].concat();
        check(&second, whole.len() as u64);
    }
}
