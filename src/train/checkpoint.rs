//! A run written down so that it goes on as if it had never stopped, to the bit.
//!
//! The file is one of weights with more in it: arrays of the optimiser under [`PREFIX`], and the
//! rest as JSON in the file's metadata, real numbers as their bits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::optimizer::RunState;
use super::parameters::{Weights, tensors_of};
use super::session::Session;
use crate::error::{Error, Result};
use crate::formats::safetensors::{Contents, StoredTensor, read, write};
use crate::rng::Rng;

/// What the names of arrays begin with that are no weights.
pub(super) const PREFIX: &str = "__run__/";
/// The weights of the best evaluation, flat.
const BEST: &str = "__run__/best";
/// The metadata's name.
const RUN: &str = "danlu.run";

/// Where a run stands, beside its arrays.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Standing {
    step: u64,
    epoch: usize,
    /// Epoch and position of the order of batches, where there are training data.
    order: Option<[usize; 2]>,
    /// Of the order, of augmentation and of what stages draw.
    generators: [[u64; 4]; 3],
    /// The optimiser's numbers, as bits.
    numbers: BTreeMap<String, u64>,
    /// Early stopping: evaluations seen, waited, and the best as bits.
    watch: Option<(u64, u64, Option<u64>)>,
    frozen: Vec<String>,
}

impl Session {
    /// The run as it stands, as a safetensors file: weights, what the optimiser and early stopping
    /// remember, which layers are frozen, the generators and the place in the order of batches. The
    /// data are not in it.
    ///
    /// Errs in a team of several workers, none of whom has all of it: see
    /// [`Session::checkpoint_part`].
    pub fn checkpoint(&self) -> Result<Vec<u8>> {
        self.check_alone("checkpoint")?;
        Ok(self.checkpoint_part())
    }

    /// What [`join_checkpoints`] makes a checkpoint of: from the first worker of a team all but what
    /// the optimisers of the others remember, and from each of these that.
    pub fn checkpoint_part(&self) -> Vec<u8> {
        let RunState { numbers, arrays } = self.optimizer_state();
        let flat = |values: &[f32]| StoredTensor::from_f32(&[values.len()], values);
        let arrays = arrays
            .iter()
            .map(|(name, values)| (format!("{PREFIX}{name}"), flat(values)));
        let mut contents = Contents {
            tensors: arrays.collect(),
            ..Contents::default()
        };
        if self.team().rank() > 0 {
            return write(&contents);
        }
        let network = self.plan.network();
        contents
            .tensors
            .extend(tensors_of(network, &self.plan.params));
        if let Some(best) = &self.best {
            contents.tensors.insert(BEST.into(), flat(best));
        }
        let frozen = network.layers.iter().filter(|layer| !layer.trainable);
        let standing = Standing {
            step: self.step,
            epoch: self.epoch,
            order: self.order_place(),
            generators: self.generators().map(|generator| generator.state()),
            numbers: numbers
                .into_iter()
                .map(|(name, n)| (name, n.to_bits()))
                .collect(),
            watch: self.watch.as_ref().map(|watch| watch.standing()),
            frozen: frozen.map(|layer| layer.name.clone()).collect(),
        };
        let json = serde_json::to_string(&standing).expect("plain data");
        contents.metadata.insert(RUN.to_string(), json);
        write(&contents)
    }

    /// Goes on from where [`Session::checkpoint`] was taken of a run of the same spec, whatever the
    /// seed and however many workers share the shards. The training data may be set before or after.
    ///
    /// Errs, leaving everything as it was, where the file holds no run, where an array is missing,
    /// unknown or of another shape, and where a layer has another name.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<()> {
        let Contents {
            mut tensors,
            metadata,
        } = read(bytes)?;
        let malformed = |got: String| Error::MalformedFile {
            format: "safetensors".into(),
            offset: 8,
            expected: RUN.into(),
            got,
        };
        let json = metadata.get(RUN).ok_or_else(|| malformed(String::new()))?;
        let standing: Standing =
            serde_json::from_str(json).map_err(|error| malformed(error.to_string()))?;
        let [order, augment, noise] = standing.generators.map(Rng::from_state);
        let (Some(order), Some(augment), Some(noise)) = (order, augment, noise) else {
            return Err(malformed("generators".into()));
        };
        let network = self.plan.network();
        let weights = Weights::take(network, &mut tensors)?;
        let frozen: Vec<usize> = standing
            .frozen
            .iter()
            .map(|name| network.find("restore", name))
            .collect::<Result<_>>()?;
        let mut arrays = BTreeMap::new();
        let mut best = None;
        let owned = self.team().owned(self.team().rank(), self.flat_len());
        for (name, tensor) in tensors {
            let Some(array) = name.strip_prefix(PREFIX) else {
                return Err(Error::UnexpectedTensor { name });
            };
            let values = tensor.to_f32(&name)?;
            if values.len() != self.flat_len() {
                return Err(Error::ShapeMismatch {
                    place: name,
                    expected: vec![self.flat_len()],
                    got: tensor.shape,
                });
            }
            if name == BEST {
                best = Some(values);
            } else {
                arrays.insert(array.to_string(), values[owned.clone()].to_vec());
            }
        }
        let numbers = standing.numbers.into_iter();
        let numbers = numbers
            .map(|(name, bits)| (name, f64::from_bits(bits)))
            .collect();
        self.set_optimizer_state(RunState { numbers, arrays })?;

        weights.write(&mut self.plan.params);
        for layer in 0..self.plan.network().layers.len() {
            self.plan.set_trainable(layer, !frozen.contains(&layer));
        }
        self.learning_changed();
        if let (Some(watch), Some(standing)) = (&mut self.watch, standing.watch) {
            watch.set_standing(standing);
        }
        self.best = best;
        self.step = standing.step;
        self.go_on([order, augment, noise], standing.order, standing.epoch);
        Ok(())
    }

    /// The place in the order of the training data.
    fn order_place(&self) -> Option<[usize; 2]> {
        let set = self.train.as_ref().map(|(_, order)| order.place());
        set.or(self.resume.map(|(place, _)| place))
    }

    /// Of the order of batches, of augmentation and of what stages draw.
    fn generators(&self) -> [&Rng; 3] {
        [&self.order_rng, &self.augment_rng, &self.noise_rng]
    }

    /// Takes other generators, and a place in the order of the training data, now or once they are
    /// set.
    fn go_on(
        &mut self,
        [order, augment, noise]: [Rng; 3],
        place: Option<[usize; 2]>,
        epoch: usize,
    ) {
        (self.order_rng, self.augment_rng, self.noise_rng) = (order, augment, noise);
        self.epoch = epoch;
        let place = place.unwrap_or([0, 0]);
        match &mut self.train {
            Some((_, order)) => {
                *order = order.reseeded(self.order_rng.clone());
                order.go_to(place);
            }
            None => self.resume = Some((place, epoch)),
        }
    }
}

/// The checkpoint of a team of the parts of its workers, in their order: the same file as that of one
/// worker who trains as many shards.
///
/// Errs where a part is none, and where one lacks an array of the first's.
pub fn join_checkpoints(parts: &[Vec<u8>]) -> Result<Vec<u8>> {
    let mut parts = parts.iter();
    let first = parts.next().ok_or_else(|| Error::InvalidArgument {
        place: "join_checkpoints".into(),
        argument: "parts".into(),
        expected: "one for each worker".into(),
        got: "0".into(),
    })?;
    let mut whole = read(first)?;
    for part in parts {
        let mut part = read(part)?;
        let arrays = whole.tensors.iter_mut();
        for (name, array) in arrays.filter(|(name, _)| name.starts_with(PREFIX) && *name != BEST) {
            let missing = || Error::MissingTensor { name: name.clone() };
            let more = part.tensors.remove(name).ok_or_else(missing)?;
            let mut values = array.to_f32(name)?;
            values.extend(more.to_f32(name)?);
            *array = StoredTensor::from_f32(&[values.len()], &values);
        }
    }
    Ok(write(&whole))
}
