//! The notation of `einsum`, read into labels of axes.

use std::collections::BTreeMap;

use crate::error::{Error, Result};

/// The name of an axis: a letter's code, or beyond them all an axis that "..." stands for, counted
/// from the last.
pub type Label = usize;

const UNNAMED: Label = 256;

/// The labels of every operand's axes and of the result's.
#[derive(Debug, PartialEq)]
pub struct Equation {
    pub inputs: Vec<Vec<Label>>,
    pub output: Vec<Label>,
}

/// What is wrong with an equation, or with operands under it.
pub fn refused(argument: &str, expected: impl ToString, got: impl ToString) -> Error {
    Error::InvalidArgument {
        place: "einsum".into(),
        argument: argument.into(),
        expected: expected.to_string(),
        got: got.to_string(),
    }
}

impl Equation {
    /// Reads "ij,jk->ik" for operands with the given numbers of axes. Spaces mean nothing.
    ///
    /// Without an arrow the result has what "..." stands for and then, in the alphabet's order
    /// (capitals first), the letters that stand once.
    pub fn read(text: &str, dimensions: &[usize]) -> Result<Self> {
        let compact: String = text.chars().filter(|c| *c != ' ').collect();
        let (left, right) = match compact.split_once("->") {
            Some((left, right)) => (left, Some(right)),
            None => (&compact[..], None),
        };
        let terms: Vec<&str> = left.split(',').collect();
        if terms.len() != dimensions.len() {
            return Err(refused("tensors", terms.len(), dimensions.len()));
        }
        let mut inputs = Vec::new();
        let mut unnamed = 0;
        for (term, &dimensions) in terms.iter().zip(dimensions) {
            let (labels, more) = labels(text, term, |named| dimensions.checked_sub(named))?;
            if labels.len() != dimensions {
                let expected = format!("{dimensions} axes");
                return Err(refused("equation", expected, *term));
            }
            unnamed = unnamed.max(more);
            inputs.push(labels);
        }
        let output = match right {
            Some(right) => labels(text, right, |_| Some(unnamed))?.0,
            None => implied(&inputs, unnamed),
        };
        let known = |label: &Label| inputs.iter().any(|labels| labels.contains(label));
        let once = |label: &Label| output.iter().filter(|other| *other == label).count() == 1;
        if let Some(&label) = output.iter().find(|label| !known(label) || !once(label)) {
            return Err(refused(
                "result",
                "each axis of the tensors once",
                spelt(label),
            ));
        }
        Ok(Self { inputs, output })
    }

    /// The size of every axis: 1 stretches to any other.
    pub fn sizes(&self, shapes: &[Vec<usize>]) -> Result<BTreeMap<Label, usize>> {
        let mut sizes = BTreeMap::new();
        for (labels, shape) in self.inputs.iter().zip(shapes) {
            for (&label, &size) in labels.iter().zip(shape) {
                let known = sizes.entry(label).or_insert(size);
                if *known == 1 {
                    *known = size;
                }
                if size != *known && size != 1 {
                    let axis = format!("size of {}", spelt(label));
                    return Err(refused(&axis, *known, size));
                }
            }
        }
        Ok(sizes)
    }
}

/// How a message names an axis.
pub fn spelt(label: Label) -> String {
    match u8::try_from(label) {
        Ok(letter) => char::from(letter).to_string(),
        Err(_) => "...".into(),
    }
}

/// The labels of one term, and how many axes its "..." stands for: `unnamed` of the letters' count.
fn labels(
    equation: &str,
    term: &str,
    unnamed: impl Fn(usize) -> Option<usize>,
) -> Result<(Vec<Label>, usize)> {
    let malformed = || refused("equation", "letters, \"...\", \",\", \"->\"", equation);
    let letters = |part: &str| -> Result<Vec<Label>> {
        let label = |c: char| c.is_ascii_alphabetic().then_some(c as Label);
        part.chars()
            .map(|c| label(c).ok_or_else(malformed))
            .collect()
    };
    let Some((front, back)) = term.split_once("...") else {
        return Ok((letters(term)?, 0));
    };
    let (front, back) = (letters(front)?, letters(back)?);
    let count = unnamed(front.len() + back.len()).unwrap_or(0);
    let dots = (0..count).rev().map(|axis| UNNAMED + axis);
    Ok((front.into_iter().chain(dots).chain(back).collect(), count))
}

fn implied(inputs: &[Vec<Label>], unnamed: usize) -> Vec<Label> {
    let mut counts = BTreeMap::new();
    for &label in inputs.iter().flatten() {
        *counts.entry(label).or_insert(0) += 1;
    }
    let single = counts
        .into_iter()
        .filter(|&(label, count)| label < UNNAMED && count == 1);
    let dots = (0..unnamed).rev().map(|axis| UNNAMED + axis);
    dots.chain(single.map(|(label, _)| label)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<Label> {
        text.bytes().map(Label::from).collect()
    }

    #[test]
    fn letters_name_axes() {
        let equation = Equation::read("ij, jk -> ik", &[2, 2]).unwrap();
        assert_eq!(equation.inputs, [labels("ij"), labels("jk")]);
        assert_eq!(equation.output, labels("ik"));
    }

    #[test]
    fn what_stands_once_makes_the_result_where_none_is_named() {
        let output = |text, dimensions: &[usize]| Equation::read(text, dimensions).unwrap().output;
        assert_eq!(output("kj,ji", &[2, 2]), labels("ik"));
        assert_eq!(output("aB,Bb", &[2, 2]), labels("ab"));
        assert_eq!(output("ba", &[2]), labels("ab"));
        assert_eq!(output("bA", &[2]), labels("Ab"));
        assert_eq!(output("ii", &[2]), labels(""));
        assert_eq!(
            output("i...,...j", &[3, 2]),
            [vec![UNNAMED + 1, UNNAMED], labels("ij")].concat()
        );
    }

    #[test]
    fn dots_stand_for_the_axes_between_and_align_at_the_last() {
        let equation = Equation::read("a...b,...->...ab", &[4, 1]).unwrap();
        let (a, b) = (labels("a")[0], labels("b")[0]);
        assert_eq!(equation.inputs[0], [a, UNNAMED + 1, UNNAMED, b]);
        assert_eq!(equation.inputs[1], [UNNAMED]);
        assert_eq!(equation.output, [UNNAMED + 1, UNNAMED, a, b]);
        let none = Equation::read("...ij->...ji", &[2]).unwrap();
        assert_eq!(none.output, labels("ji"));
    }

    #[test]
    fn equations_that_make_no_sense_are_refused() {
        for (text, dimensions, argument) in [
            ("ij,jk->ik", &[2][..], "tensors"),
            ("ij", &[3], "equation"),
            ("ij...", &[1], "equation"),
            ("i.j", &[2], "equation"),
            ("i..j", &[2], "equation"),
            ("...i...", &[3], "equation"),
            ("i1", &[2], "equation"),
            ("ij->i->j", &[2], "equation"),
            ("i->ij", &[1], "result"),
            ("ij->ii", &[2], "result"),
        ] {
            let error = Equation::read(text, dimensions).unwrap_err();
            assert_eq!(error.fields()["argument"], argument, "{text}");
        }
    }

    #[test]
    fn sizes_must_agree_or_be_one() {
        let equation = Equation::read("ij,jk", &[2, 2]).unwrap();
        let sizes = equation.sizes(&[vec![2, 1], vec![3, 4]]).unwrap();
        assert_eq!(sizes.into_values().collect::<Vec<_>>(), [2, 3, 4]);
        let error = equation.sizes(&[vec![2, 3], vec![4, 5]]).unwrap_err();
        assert_eq!(error.fields()["argument"], "size of j");
        assert_eq!(error.fields()["got"], "4");
    }
}
