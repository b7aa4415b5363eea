//! Remembers what a package was made from, so that a second run has nothing to do.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use crate::Result;

/// A hash of the compiled module and of this very program, whose version decides what is made of
/// it.
pub fn fingerprint(compiled: &[u8]) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    compiled.hash(&mut hasher);
    fs::read(std::env::current_exe()?)?.hash(&mut hasher);
    Ok(hasher.finish())
}

pub fn holds(stamp: &Path, fingerprint: u64) -> bool {
    fs::read_to_string(stamp).is_ok_and(|text| text == fingerprint.to_string())
}

pub fn write(stamp: &Path, fingerprint: u64) -> Result<()> {
    if let Some(folder) = stamp.parent() {
        fs::create_dir_all(folder)?;
    }
    Ok(fs::write(stamp, fingerprint.to_string())?)
}
