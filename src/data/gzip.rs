//! Bytes that may be gzipped: how a reader gets at them without trusting their size.

use std::io::{Cursor, Read};

use flate2::read::MultiGzDecoder;

use crate::error::{Error, Result};

/// A source of bytes that counts its place, plain or decompressed on the way.
pub struct Source<'a> {
    format: &'static str,
    offset: usize,
    reader: Reader<'a>,
}

enum Reader<'a> {
    Plain(Cursor<&'a [u8]>),
    Gzip(Box<MultiGzDecoder<&'a [u8]>>),
}

impl<'a> Source<'a> {
    /// Reads `bytes` of `format`; gzip is known by its first two bytes, 1f 8b (RFC 1952).
    pub fn new(format: &'static str, bytes: &'a [u8]) -> Self {
        let reader = if bytes.starts_with(&[0x1f, 0x8b]) {
            Reader::Gzip(Box::new(MultiGzDecoder::new(bytes)))
        } else {
            Reader::Plain(Cursor::new(bytes))
        };
        Self {
            format,
            offset: 0,
            reader,
        }
    }

    /// How many bytes were taken.
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// The next `count` bytes, called `what` if they are missing.
    ///
    /// Memory grows with the bytes that really come, never with what `count` claims.
    pub fn take(&mut self, count: usize, what: &str) -> Result<Vec<u8>> {
        let mut taken = Vec::new();
        let read = match &mut self.reader {
            Reader::Plain(reader) => reader.take(count as u64).read_to_end(&mut taken),
            Reader::Gzip(reader) => reader.take(count as u64).read_to_end(&mut taken),
        };
        if let Err(error) = read {
            return Err(self.damaged(taken.len(), &error));
        }
        if taken.len() < count {
            return Err(Error::MalformedFile {
                format: self.format.into(),
                offset: self.offset + taken.len(),
                expected: format!("{count} bytes ({what})"),
                got: format!("{} bytes", taken.len()),
            });
        }
        self.offset += count;
        Ok(taken)
    }

    /// All that is left; errs where it exceeds `limit_bytes`.
    pub fn rest(&mut self, limit_bytes: u64) -> Result<Vec<u8>> {
        let mut taken = Vec::new();
        let read = match &mut self.reader {
            Reader::Plain(reader) => reader.take(limit_bytes + 1).read_to_end(&mut taken),
            Reader::Gzip(reader) => reader.take(limit_bytes + 1).read_to_end(&mut taken),
        };
        if let Err(error) = read {
            return Err(self.damaged(taken.len(), &error));
        }
        if taken.len() as u64 > limit_bytes {
            return Err(Error::FileTooLarge {
                format: self.format.into(),
                limit_bytes,
                got_bytes: taken.len() as u64,
            });
        }
        self.offset += taken.len();
        Ok(taken)
    }

    fn damaged(&self, taken: usize, error: &std::io::Error) -> Error {
        Error::MalformedFile {
            format: "gzip".into(),
            offset: self.offset + taken,
            expected: "gzip data".into(),
            got: error.to_string(),
        }
    }

    /// Errs when anything is left.
    pub fn end(mut self) -> Result<()> {
        let offset = self.offset;
        match self.take(1, "") {
            Ok(_) => Err(Error::MalformedFile {
                format: self.format.into(),
                offset,
                expected: "end of file".into(),
                got: ">= 1 byte".into(),
            }),
            Err(Error::MalformedFile { format, .. }) if format == self.format => Ok(()),
            Err(error) => Err(error),
        }
    }
}
