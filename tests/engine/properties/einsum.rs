//! Products by equations that nobody picked, against one loop over all places of all letters.

use std::collections::BTreeMap;

use danlu::array::NdArray;
use danlu::autograd::Tensor;
use danlu::ops;
use proptest::prelude::*;

use super::inputs::{close, config, indices, made, tensor};

/// An equation, and its operands.
#[derive(Debug)]
struct Product {
    terms: Vec<String>,
    output: Option<String>,
    /// The sizes of a, b, c and d.
    sizes: [usize; 4],
    /// By operand, the letters whose axis has size 1 there.
    ones: Vec<Vec<bool>>,
}

fn product() -> impl Strategy<Value = Product> {
    let letter = prop::sample::select(vec!['a', 'b', 'c', 'd']);
    let term = prop::collection::vec(letter, 0..4);
    let operands = prop::collection::vec(
        (term, prop::collection::vec(prop::bool::weighted(0.15), 4)),
        1..4,
    );
    let size = || prop::sample::select(vec![0usize, 1, 2, 2, 3, 3, 5]);
    let sizes = [size(), size(), size(), size()];
    let output =
        prop::option::weighted(0.8, (Just(['a', 'b', 'c', 'd']).prop_shuffle(), 0usize..5));
    (operands, sizes, output).prop_map(|(operands, sizes, output)| {
        let (terms, ones): (Vec<Vec<char>>, Vec<_>) = operands.into_iter().unzip();
        let used = |letter: &char| terms.iter().any(|term| term.contains(letter));
        let output =
            output.map(|(order, most)| order.into_iter().filter(used).take(most).collect());
        let terms = terms
            .into_iter()
            .map(|term| term.into_iter().collect())
            .collect();
        Product {
            terms,
            output,
            sizes,
            ones,
        }
    })
}

impl Product {
    fn equation(&self) -> String {
        let output = self.output.as_ref().map(|output| format!("->{output}"));
        self.terms.join(",") + &output.unwrap_or_default()
    }

    fn operands(&self) -> Vec<Tensor<f64>> {
        let operand = |(which, term): (usize, &String)| {
            let size = |letter: u8| {
                let letter = usize::from(letter - b'a');
                if self.ones[which][letter] {
                    1
                } else {
                    self.sizes[letter]
                }
            };
            tensor(
                which as u64 + 1,
                &term.bytes().map(size).collect::<Vec<_>>(),
            )
        };
        self.terms.iter().enumerate().map(operand).collect()
    }

    /// The letters of the result: those named, else those that stand once.
    fn result(&self) -> Vec<u8> {
        let all: Vec<u8> = self.terms.iter().flat_map(|term| term.bytes()).collect();
        let once = |letter: &u8| all.iter().filter(|other| *other == letter).count() == 1;
        match &self.output {
            Some(output) => output.bytes().collect(),
            None => (b'a'..=b'd').filter(once).collect(),
        }
    }

    /// y at each place of the result: the sum over the places of all other letters.
    fn naive(&self, operands: &[Tensor<f64>]) -> NdArray<f64> {
        let mut sizes = BTreeMap::new();
        for (term, operand) in self.terms.iter().zip(operands) {
            for (letter, size) in term.bytes().zip(operand.shape()) {
                let known = sizes.entry(letter).or_insert(size);
                *known = if *known == 1 { size } else { *known };
            }
        }
        let result = self.result();
        let (mut outer, mut inner) = (Vec::new(), Vec::new());
        result.iter().for_each(|letter| outer.push(sizes[letter]));
        let rest: Vec<u8> = sizes
            .keys()
            .copied()
            .filter(|l| !result.contains(l))
            .collect();
        rest.iter().for_each(|letter| inner.push(sizes[letter]));
        let values: Vec<_> = operands.iter().map(Tensor::value).collect();
        made(&outer, |outer| {
            let term = |inner: &Vec<usize>| {
                let place = |letter: u8| {
                    let of = |letters: &[u8], places: &[usize]| {
                        letters
                            .iter()
                            .position(|&l| l == letter)
                            .map(|at| places[at])
                    };
                    of(&result, outer).or(of(&rest, inner)).unwrap()
                };
                let factor = |(term, x): (&String, &NdArray<f64>)| {
                    let at =
                        |(letter, &size): (u8, &usize)| if size == 1 { 0 } else { place(letter) };
                    x.get(&term.bytes().zip(x.shape()).map(at).collect::<Vec<_>>())
                };
                self.terms.iter().zip(&values).map(factor).product::<f64>()
            };
            indices(&inner).iter().map(term).sum()
        })
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_equation_gives_what_one_loop_gives(product in product()) {
        let operands = product.operands();
        let y = ops::einsum(&product.equation(), &operands).unwrap();
        close(&y.value(), &product.naive(&operands))?;
    }
}
