//! Plants mistakes in Rust source: `plant <source folder> <first number> <list> [<left out>]`.
//!
//! Every file under the folder is rewritten in place so that it holds all its mistakes at once, each
//! behind its number: `a + b` becomes a match on the number that the environment asks for, whose first
//! arm is the source as it was. One build thus serves for every mistake. What was planted is appended
//! to the list, a mistake a line as JSON; numbers that the file of those left out names are not planted
//! (run.mjs writes there what doesn't compile).

mod sites;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use serde_json::json;

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [folder, first, list, rest @ ..] = &arguments[..] else {
        panic!("usage: plant <source folder> <first number> <list> [<left out>]");
    };
    let left_out: BTreeSet<usize> = rest.first().map_or(BTreeSet::new(), |file| {
        let text = fs::read_to_string(file).expect("the file of those left out");
        text.split_whitespace()
            .map(|number| number.parse().expect("a number"))
            .collect()
    });
    let mut files = Vec::new();
    find(Path::new(folder), &mut files).expect("a folder of source");
    files.sort();
    let mut next = first.parse().expect("the first number");
    let mut lines = fs::read_to_string(list).unwrap_or_default();
    for file in files {
        let source = fs::read_to_string(&file).expect("UTF-8");
        let planted = sites::plant(&source, &mut next, &left_out);
        for mistake in &planted.mistakes {
            let line = json!({
                "number": mistake.number, "file": file, "line": mistake.line,
                "kind": mistake.kind, "from": mistake.from, "to": mistake.to,
            });
            lines.push_str(&format!("{line}\n"));
        }
        fs::write(&file, planted.source).expect("a file that may be written");
    }
    fs::write(list, lines).expect("a list that may be written");
    println!("{next}");
}

fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            find(&path, files)?;
        } else if path.extension().is_some_and(|ending| ending == "rs") && !only_tests(&path) {
            files.push(path);
        }
    }
    Ok(())
}

/// Whether the file holds tests and what they share.
fn only_tests(path: &Path) -> bool {
    let stem = path
        .file_stem()
        .and_then(|stem| stem.to_str())
        .unwrap_or_default();
    stem.ends_with("tests") || stem == "testing"
}
