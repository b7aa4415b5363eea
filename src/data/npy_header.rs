//! The header of an npy file: a Python dictionary of three fields.

use super::npy::malformed;
use crate::error::{Error, Result};

/// What the dictionary says.
pub struct Header {
    pub descr: String,
    pub fortran: bool,
    pub shape: Vec<usize>,
}

impl Header {
    /// Reads the dictionary; `at` is where it begins in the file.
    pub fn read(bytes: &[u8], at: usize) -> Result<Self> {
        let mut text = Text {
            bytes,
            place: 0,
            at,
        };
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        text.expect(b'{')?;
        while !text.took(b'}') {
            let key = text.string()?;
            text.expect(b':')?;
            match &key[..] {
                "descr" => descr = Some(text.string()?),
                "fortran_order" => fortran = Some(text.boolean()?),
                "shape" => shape = Some(text.sizes()?),
                _ => return Err(text.wrong("descr, fortran_order, shape")),
            }
            if !text.took(b',') {
                text.expect(b'}')?;
                break;
            }
        }
        match (descr, fortran, shape) {
            (Some(descr), Some(fortran), Some(shape)) => Ok(Self {
                descr,
                fortran,
                shape,
            }),
            _ => Err(text.wrong("descr, fortran_order, shape")),
        }
    }
}

/// The part of Python's literals that headers use.
struct Text<'a> {
    bytes: &'a [u8],
    place: usize,
    at: usize,
}

impl Text<'_> {
    fn wrong(&self, expected: &str) -> Error {
        let rest = &self.bytes[self.place.min(self.bytes.len())..];
        let got = String::from_utf8_lossy(&rest[..rest.len().min(12)]).into_owned();
        malformed(self.at + self.place, expected, got)
    }

    fn peek(&mut self) -> Option<u8> {
        while matches!(
            self.bytes.get(self.place),
            Some(b' ' | b'\n' | b'\t' | b'\r')
        ) {
            self.place += 1;
        }
        self.bytes.get(self.place).copied()
    }

    fn took(&mut self, byte: u8) -> bool {
        let there = self.peek() == Some(byte);
        self.place += usize::from(there);
        there
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.took(byte) {
            Ok(())
        } else {
            Err(self.wrong(&(byte as char).to_string()))
        }
    }

    fn word(&mut self, of: fn(u8) -> bool) -> &[u8] {
        self.peek();
        let rest = &self.bytes[self.place..];
        let length = rest
            .iter()
            .position(|&byte| !of(byte))
            .unwrap_or(rest.len());
        self.place += length;
        &rest[..length]
    }

    fn string(&mut self) -> Result<String> {
        let quote = match self.peek() {
            Some(quote @ (b'\'' | b'"')) => quote,
            // A list of fields: a structured array.
            _ => return Err(self.wrong("'…'")),
        };
        self.place += 1;
        let rest = &self.bytes[self.place..];
        let Some(length) = rest.iter().position(|&byte| byte == quote) else {
            return Err(self.wrong("'…'"));
        };
        let text = String::from_utf8_lossy(&rest[..length]).into_owned();
        self.place += length + 1;
        Ok(text)
    }

    fn boolean(&mut self) -> Result<bool> {
        match self.word(|byte| byte.is_ascii_alphabetic()) {
            b"True" => Ok(true),
            b"False" => Ok(false),
            _ => Err(self.wrong("True, False")),
        }
    }

    fn sizes(&mut self) -> Result<Vec<usize>> {
        self.expect(b'(')?;
        let mut sizes = Vec::new();
        while !self.took(b')') {
            let digits =
                String::from_utf8_lossy(self.word(|byte| byte.is_ascii_digit())).into_owned();
            let size = digits
                .parse::<u32>()
                .map_err(|_| self.wrong("0 … 4294967295"))?;
            sizes.push(size as usize);
            // Python 2 wrote long integers so.
            self.took(b'L');
            if !self.took(b',') {
                self.expect(b')')?;
                break;
            }
        }
        if sizes.len() > 32 {
            return Err(self.wrong("<= 32 dimensions"));
        }
        Ok(sizes)
    }
}
