//! The package's sizes, held to a budget so that growth is seen.

use std::{fs, path::Path};

use crate::Result;

pub struct Size {
    file: String,
    raw_bytes: usize,
    brotli_bytes: usize,
}

pub fn measure(out_dir: &Path, file: String) -> Result<Size> {
    let bytes = fs::read(out_dir.join(&file))?;
    Ok(Size {
        file,
        raw_bytes: bytes.len(),
        brotli_bytes: brotli_len(&bytes)?,
    })
}

/// Prints a line per file; an error when one is over `budget_bytes`.
pub fn print_and_judge(sizes: &[Size], budget_bytes: usize) -> Result<()> {
    for size in sizes {
        println!(
            "{:<20} {:>9} bytes, {:>7} with brotli (budget {})",
            size.file, size.raw_bytes, size.brotli_bytes, budget_bytes
        );
    }
    match sizes.iter().find(|size| size.brotli_bytes > budget_bytes) {
        Some(over) => Err(format!(
            "{} takes {} bytes with brotli, over its budget of {}",
            over.file, over.brotli_bytes, budget_bytes
        )
        .into()),
        None => Ok(()),
    }
}

/// The length at quality 11 and a window of 2²² bytes, what a static host keeps beside the file.
fn brotli_len(bytes: &[u8]) -> Result<usize> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed.len())
}
