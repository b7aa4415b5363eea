//! Remembers what a file was made from, so that a second run has nothing to do.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use crate::Result;

pub struct Stamp {
    path: PathBuf,
    fingerprint: String,
}

impl Stamp {
    /// Of the compiled module and of this very program, whose version decides what is made of it.
    pub fn of(root: &Path, name: &str, compiled: &[u8]) -> Result<Stamp> {
        let mut hasher = DefaultHasher::new();
        compiled.hash(&mut hasher);
        fs::read(std::env::current_exe()?)?.hash(&mut hasher);
        Ok(Stamp {
            path: root.join(format!("target/packager/{name}.stamp")),
            fingerprint: hasher.finish().to_string(),
        })
    }

    /// Whether `outputs` were made from the same.
    pub fn holds(&self, out_dir: &Path, outputs: &[String]) -> bool {
        outputs.iter().all(|name| out_dir.join(name).exists())
            && fs::read_to_string(&self.path).is_ok_and(|text| text == self.fingerprint)
    }

    pub fn write(&self) -> Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(fs::write(&self.path, &self.fingerprint)?)
    }
}
