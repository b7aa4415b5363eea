//! Layers one after another.

use super::{Layer, Mode};
use crate::array::NdArray;
use crate::autograd::{Scalar, Tensor};
use crate::error::{Error, Result};

/// A network in which each layer takes the result of the one before.
///
/// A layer is named after its kind; the second of a kind gets `_1`, as in Keras, so parameters are
/// `conv2d/kernel`, `dense_1/bias`.
#[derive(Default)]
pub struct Sequential<T: Scalar> {
    layers: Vec<Named<T>>,
}

/// A layer with its name.
pub(super) type Named<T> = (String, Box<dyn Layer<T>>);

/// Some of a layer's weights by name.
type Parts<T> = Vec<(&'static str, Tensor<T>)>;

/// The name of the next layer of this kind.
pub(super) fn next_name<T: Scalar>(layers: &[Named<T>], kind: &str) -> String {
    match layers
        .iter()
        .filter(|(_, layer)| layer.kind() == kind)
        .count()
    {
        0 => kind.to_string(),
        earlier => format!("{kind}_{earlier}"),
    }
}

/// What `part` gives of each layer, as `layer/part`.
pub(super) fn named_weights<T: Scalar>(
    layers: &[Named<T>],
    part: fn(&dyn Layer<T>) -> Parts<T>,
) -> Vec<(String, Tensor<T>)> {
    let named = |(name, layer): &Named<T>| {
        let parts = part(&**layer).into_iter();
        let named = parts.map(|(part, tensor)| (format!("{name}/{part}"), tensor));
        named.collect::<Vec<_>>()
    };
    layers.iter().flat_map(named).collect()
}

/// Replaces the values of one of the weights; errs on another shape or name.
pub(super) fn set_weight<T: Scalar>(
    weights: &[(String, Tensor<T>)],
    name: &str,
    values: &NdArray<T>,
) -> Result<()> {
    let Some((_, tensor)) = weights.iter().find(|(known, _)| known == name) else {
        return Err(Error::UnexpectedTensor { name: name.into() });
    };
    if tensor.shape() != values.shape() {
        return Err(Error::ShapeMismatch {
            place: name.into(),
            expected: tensor.shape(),
            got: values.shape().to_vec(),
        });
    }
    let values = values.to_vec();
    tensor.update(|old| old.copy_from_slice(&values));
    Ok(())
}

impl<T: Scalar> Sequential<T> {
    /// A network without layers.
    pub fn new() -> Self {
        Self { layers: Vec::new() }
    }

    /// The network with `layer` at its end.
    pub fn with(mut self, layer: impl Layer<T> + 'static) -> Self {
        let name = next_name(&self.layers, layer.kind());
        self.layers.push((name, Box::new(layer)));
        self
    }

    /// What the network makes of `x`; errs where shapes don't fit.
    pub fn forward(&self, x: &Tensor<T>) -> Result<Tensor<T>> {
        self.walk(x, |layer, x| layer.forward(x))
    }

    /// What the network makes of `x` in training or after it.
    pub fn run(&self, x: &Tensor<T>, mode: &Mode) -> Result<Tensor<T>> {
        self.walk(x, |layer, x| layer.call(std::slice::from_ref(x), mode))
    }

    /// One layer after another, or two in one op.
    fn walk(
        &self,
        x: &Tensor<T>,
        one: impl Fn(&dyn Layer<T>, &Tensor<T>) -> Result<Tensor<T>>,
    ) -> Result<Tensor<T>> {
        let (mut x, mut left) = (x.clone(), &self.layers[..]);
        while let [(_, layer), rest @ ..] = left {
            let next = rest.first().map(|(_, next)| &**next);
            if let Some(both) = next.and_then(|next| layer.forward_with(next, &x)) {
                (x, left) = (both?, &rest[1..]);
            } else {
                (x, left) = (one(&**layer, &x)?, rest);
            }
        }
        Ok(x)
    }

    /// All parameters as `layer/parameter`, in the order of the layers.
    pub fn parameters(&self) -> Vec<(String, Tensor<T>)> {
        named_weights(&self.layers, |layer| layer.parameters())
    }

    /// What training moves otherwise, such as moving means.
    pub fn state(&self) -> Vec<(String, Tensor<T>)> {
        named_weights(&self.layers, |layer| layer.state())
    }

    /// How many numbers the parameters hold.
    pub fn parameter_count(&self) -> usize {
        self.parameters()
            .iter()
            .map(|(_, tensor)| tensor.value().len())
            .sum()
    }

    /// Replaces the values of the parameter called `name`; errs on another shape or name.
    pub fn set_parameter(&self, name: &str, values: &NdArray<T>) -> Result<()> {
        let weights = [self.parameters(), self.state()].concat();
        set_weight(&weights, name, values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::{Activation, Conv2d, Dense, Flatten, Init, MaxPool2d};
    use crate::ops::{Conv2dOptions, MaxPool2dOptions, Padding};
    use crate::rng::Rng;

    /// The reference net: 28×28×1 → Conv 32 → pool → flatten → Dense 64 → Dense 10.
    fn reference_net() -> Sequential<f32> {
        let mut rng = Rng::new(1);
        let (relu, glorot) = (Activation::Relu, Init::GlorotUniform);
        let pool = MaxPool2dOptions {
            size: (2, 2),
            stride: None,
            padding: Padding::Valid,
        };
        Sequential::new()
            .with(
                Conv2d::new(
                    1,
                    32,
                    (3, 3),
                    Conv2dOptions::default(),
                    relu,
                    glorot,
                    &mut rng,
                )
                .unwrap(),
            )
            .with(MaxPool2d(pool))
            .with(Flatten)
            .with(Dense::new(13 * 13 * 32, 64, relu, glorot, &mut rng))
            .with(Dense::new(64, 10, Activation::Softmax, glorot, &mut rng))
    }

    #[test]
    fn the_reference_net_has_the_names_and_counts_that_keras_gives() {
        let net = reference_net();
        let names: Vec<String> = net.parameters().into_iter().map(|(name, _)| name).collect();
        let want = [
            "conv2d/kernel",
            "conv2d/bias",
            "dense/kernel",
            "dense/bias",
            "dense_1/kernel",
        ];
        assert_eq!(names[..5], want);
        // 320 + 346,176 + 650, as Keras's summary says.
        assert_eq!(net.parameter_count(), 347_146);
    }

    #[test]
    fn its_answer_is_one_distribution_a_sample() {
        let y = reference_net().forward(&Tensor::constant(NdArray::full(&[2, 28, 28, 1], 0.5)));
        let y = y.unwrap().value();
        assert_eq!(y.shape(), [2, 10]);
        for row in y.to_vec().chunks(10) {
            assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn a_wrong_input_or_parameter_is_told() {
        let net = reference_net();
        let x = Tensor::constant(NdArray::zeros(&[2, 28, 28, 3]));
        assert_eq!(net.forward(&x).unwrap_err().code(), "shape_mismatch");
        let code = |name, shape: &[usize]| {
            net.set_parameter(name, &NdArray::zeros(shape))
                .unwrap_err()
                .code()
        };
        assert_eq!(code("dense/bias", &[63]), "shape_mismatch");
        assert_eq!(code("dense_2/bias", &[10]), "unexpected_tensor");
    }
}
