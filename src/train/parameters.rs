//! Parameters as they begin, and as they stand in a weights file.

use std::collections::BTreeMap;
use std::ops::Range;

use super::checkpoint::PREFIX;
use super::layers::Start;
use super::network::{Network, Parameter};
use crate::error::{Error, Result};
use crate::formats::safetensors::{Contents, StoredTensor, read, write};
use crate::rng::Rng;

/// The flat array with every parameter as its layer says; parameter `i` draws from fork `i`.
pub fn initial(network: &Network, rng: &Rng) -> Vec<f32> {
    let mut params = vec![0.0; network.flat_len];
    for (index, parameter) in network.parameters().enumerate() {
        let values = &mut params[parameter.range()];
        match parameter.start {
            Start::Filled(value) => values.fill(value),
            Start::Drawn {
                init,
                fan_in,
                fan_out,
            } => init.fill(&mut rng.fork(index as u64), fan_in, fan_out, values),
        }
    }
    params
}

/// The weights by name.
pub fn tensors_of(network: &Network, params: &[f32]) -> BTreeMap<String, StoredTensor> {
    let tensor = |p: &Parameter| StoredTensor::from_f32(&p.shape, &params[p.range()]);
    let named = network.parameters().map(|p| (p.name.clone(), tensor(p)));
    named.collect()
}

/// The weights as a safetensors file.
pub fn to_bytes(network: &Network, params: &[f32]) -> Vec<u8> {
    let (tensors, metadata) = (tensors_of(network, params), BTreeMap::new());
    write(&Contents { tensors, metadata })
}

/// Weights out of a file, all of which fit.
pub struct Weights(Vec<(Range<usize>, Vec<f32>)>);

impl Weights {
    /// Takes a network's weights out of `tensors`. Errs where one is missing or of another shape.
    pub fn take(
        network: &Network,
        tensors: &mut BTreeMap<String, StoredTensor>,
    ) -> Result<Weights> {
        let mut values = Vec::new();
        for parameter in network.parameters() {
            let name = &parameter.name;
            let missing = || Error::MissingTensor { name: name.clone() };
            let tensor = tensors.remove(name).ok_or_else(missing)?;
            if tensor.shape != parameter.shape {
                return Err(Error::ShapeMismatch {
                    place: name.clone(),
                    expected: parameter.shape.clone(),
                    got: tensor.shape,
                });
            }
            values.push((parameter.range(), tensor.to_f32(name)?));
        }
        Ok(Weights(values))
    }

    /// Writes them into the flat array.
    pub fn write(self, params: &mut [f32]) {
        for (range, values) in self.0 {
            params[range].copy_from_slice(&values);
        }
    }
}

/// Reads a safetensors file into `params`; a checkpoint is one too.
///
/// Errs where a tensor is missing, unknown, or of another shape; `params` is then left alone.
pub fn from_bytes(network: &Network, bytes: &[u8], params: &mut [f32]) -> Result<()> {
    let mut tensors = read(bytes)?.tensors;
    let weights = Weights::take(network, &mut tensors)?;
    let mut others = tensors.into_keys();
    if let Some(name) = others.find(|name| !name.starts_with(PREFIX)) {
        return Err(Error::UnexpectedTensor { name });
    }
    weights.write(params);
    Ok(())
}
