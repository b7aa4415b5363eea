//! A quantised network as a file: safetensors whose kernels are I8, with the run in the metadata.

use std::collections::BTreeMap;

use super::super::spec::RunSpec;
use super::outline::{Kind, Outline};
use super::weights::Weights;
use super::{Grid, Parts, QuantisedModel};
use crate::error::{Error, Result};
use crate::formats::safetensors::{Contents, Dtype, StoredTensor, read, write};

/// Keys of the metadata.
const RUN: &str = "danlu.run";
/// `per_channel` or `per_tensor`, then how the ranges were seen.
const SPEC: &str = "danlu.int8";
const SCALES_BY: [&str; 2] = ["per_tensor", "per_channel"];
/// Scales and zeros of the values, the input first.
const SCALES: &str = "values/scale";
const ZEROS: &str = "values/zero";

impl QuantisedModel {
    /// The network with its run, whole.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut tensors = BTreeMap::new();
        let scales: Vec<f32> = self.parts.grids.iter().map(|grid| grid.scale).collect();
        let zeros: Vec<i8> = self.parts.grids.iter().map(|grid| grid.zero).collect();
        tensors.insert(
            SCALES.into(),
            StoredTensor::from_f32(&[scales.len()], &scales),
        );
        tensors.insert(ZEROS.into(), int8(&[zeros.len()], &zeros));
        for (at, step) in self.outline.steps.iter().enumerate() {
            let layer = &self.network.layers[step.layer];
            if let Some(weights) = &self.parts.weights[at] {
                let shape = &layer.parameters[0].shape;
                let (name, bias) = (&layer.name, &weights.bias);
                tensors.insert(format!("{name}/kernel"), int8(shape, &weights.kernel));
                tensors.insert(
                    format!("{name}/scale"),
                    StoredTensor::from_f32(&[weights.scales.len()], &weights.scales),
                );
                let bias = StoredTensor {
                    dtype: Dtype::I32,
                    shape: vec![bias.len()],
                    bytes: bias.iter().flat_map(|b| b.to_le_bytes()).collect(),
                };
                tensors.insert(format!("{name}/bias"), bias);
            }
            if let Some(table) = &self.parts.tables[at] {
                tensors.insert(format!("{}/table", layer.name), int8(&[256], &table[..]));
            }
        }
        let scales = SCALES_BY[usize::from(self.parts.per_channel)];
        let spec = format!("{scales} {}", self.parts.calibration);
        let run = serde_json::json!(self.run).to_string();
        let metadata = [(RUN.into(), run), (SPEC.into(), spec)];
        write(&Contents {
            tensors,
            metadata: metadata.into(),
        })
    }

    /// Reads what [`QuantisedModel::to_bytes`] wrote.
    ///
    /// Errs where the file is none, and where a tensor is missing, unknown, of another type or shape.
    pub fn from_bytes(file: &[u8]) -> Result<QuantisedModel> {
        let Contents {
            mut tensors,
            metadata,
        } = read(file)?;
        let text = |key: &str| {
            metadata.get(key).ok_or_else(|| Error::MalformedFile {
                format: "safetensors".into(),
                offset: 8,
                expected: format!("__metadata__.{key}"),
                got: metadata.keys().cloned().collect::<Vec<_>>().join(", "),
            })
        };
        let run = RunSpec::from_json(text(RUN)?)?;
        let spec = text(SPEC)?;
        let (scales, calibration) = spec.split_once(' ').unwrap_or((spec, ""));
        let by = SCALES_BY.iter().position(|name| *name == scales);
        let per_channel = by.ok_or_else(|| Error::UnknownName {
            place: SPEC.into(),
            expected: SCALES_BY.join(", "),
            got: scales.into(),
        })? == 1;
        let (network, outline) = Outline::new(&run)?;
        let mut take = Take(&mut tensors);
        let count = outline.widths.len() - usize::from(outline.answers_in_sums());
        let scales = take.f32s(SCALES, &[count])?;
        let zeros = take.int8s(ZEROS, &[count])?;
        let grid = |(&scale, &zero): (&f32, &i8)| Grid { scale, zero };
        let grids: Vec<Grid> = scales.iter().zip(&zeros).map(grid).collect();
        positive(SCALES, &scales)?;
        let (mut weights, mut tables) = (Vec::new(), Vec::new());
        for step in &outline.steps {
            let layer = &network.layers[step.layer];
            weights.push(match step.kernel() {
                None => None,
                Some((_, channels)) => {
                    let place = format!("{}/scale", layer.name);
                    let scales = if per_channel { channels } else { 1 };
                    let own = Weights {
                        kernel: take.int8s(
                            &format!("{}/kernel", layer.name),
                            &layer.parameters[0].shape,
                        )?,
                        bias: take.int32s(&format!("{}/bias", layer.name), &[channels])?,
                        scales: take.f32s(&place, &[scales])?,
                        error: None,
                    };
                    positive(&place, &own.scales)?;
                    Some(own)
                }
            });
            tables.push(match &step.kind {
                Kind::Curve(_) => {
                    let table = take.int8s(&format!("{}/table", layer.name), &[256])?;
                    Some(Box::new(
                        table.try_into().expect("256 numbers were checked"),
                    ))
                }
                _ => None,
            });
        }
        if let Some(name) = tensors.into_keys().next() {
            return Err(Error::UnexpectedTensor { name });
        }
        let parts = Parts {
            per_channel,
            calibration: calibration.into(),
            grids,
            weights,
            tables,
        };
        QuantisedModel::assemble(run, network, outline, parts)
    }
}

fn int8(shape: &[usize], values: &[i8]) -> StoredTensor {
    StoredTensor {
        dtype: Dtype::I8,
        shape: shape.to_vec(),
        bytes: values.iter().map(|&value| value as u8).collect(),
    }
}

/// Errs where a scale is not above 0.
fn positive(place: &str, scales: &[f32]) -> Result<()> {
    match scales
        .iter()
        .find(|&&scale| !(scale > 0.0 && scale.is_finite()))
    {
        None => Ok(()),
        Some(got) => Err(Error::InvalidArgument {
            place: place.into(),
            argument: "scale".into(),
            expected: "> 0".into(),
            got: got.to_string(),
        }),
    }
}

/// Takes tensors out of a file.
struct Take<'a>(&'a mut BTreeMap<String, StoredTensor>);

impl Take<'_> {
    fn bytes(&mut self, name: &str, dtype: Dtype, shape: &[usize]) -> Result<Vec<u8>> {
        let missing = || Error::MissingTensor { name: name.into() };
        let tensor = self.0.remove(name).ok_or_else(missing)?;
        if tensor.dtype != dtype {
            return Err(Error::DtypeMismatch {
                place: name.into(),
                expected: dtype.name().into(),
                got: tensor.dtype.name().into(),
            });
        }
        if tensor.shape != shape {
            return Err(Error::ShapeMismatch {
                place: name.into(),
                expected: shape.to_vec(),
                got: tensor.shape,
            });
        }
        Ok(tensor.bytes)
    }

    fn int8s(&mut self, name: &str, shape: &[usize]) -> Result<Vec<i8>> {
        let bytes = self.bytes(name, Dtype::I8, shape)?;
        Ok(bytes.into_iter().map(|byte| byte as i8).collect())
    }

    fn int32s(&mut self, name: &str, shape: &[usize]) -> Result<Vec<i32>> {
        let bytes = self.bytes(name, Dtype::I32, shape)?;
        let (fours, _) = bytes.as_chunks();
        Ok(fours.iter().map(|four| i32::from_le_bytes(*four)).collect())
    }

    fn f32s(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        let bytes = self.bytes(name, Dtype::F32, shape)?;
        let (fours, _) = bytes.as_chunks();
        Ok(fours.iter().map(|four| f32::from_le_bytes(*four)).collect())
    }
}
