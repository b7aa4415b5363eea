//! What a page draws of a network: its layers and what they answer.

use serde::Serialize;

use super::network::{Layer, Network};
use super::parameters;
use super::restraints::Restraints;
use super::session::Session;
use super::spec::RunSpec;
use super::stage::Mode;
use crate::error::{Error, Result};

/// One layer, for a table of the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerInfo {
    pub name: String,
    pub kind: &'static str,
    /// Of one sample.
    pub output_shape: Vec<usize>,
    /// All its weights, as Keras counts them.
    pub parameters: usize,
    /// Those that gradients move; none where it is frozen.
    pub trainable_parameters: usize,
    pub trainable: bool,
    /// The inputs and layers that it takes.
    pub connected_to: Vec<String>,
}

/// What one layer answered to a batch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerActivation {
    pub name: String,
    pub kind: &'static str,
    /// The batch comes first.
    pub shape: Vec<usize>,
    pub data: Vec<f32>,
}

impl Session {
    /// What every layer answers, the last one as [`Session::predict`] gives it.
    ///
    /// Shape: x `[N][...]`, a sample's inputs one after another.
    pub fn activations(&mut self, x: &[f32]) -> Result<Vec<LayerActivation>> {
        let n = self.check_samples("activations", x, None)?;
        let outputs = self.plan.run_and_show(n, x);
        let activation = |(layer, data): (&Layer, Vec<f32>)| LayerActivation {
            name: layer.name.clone(),
            kind: layer.kind,
            shape: [&[n], &layer.output_shape[..]].concat(),
            data,
        };
        let layers = &self.plan.network().layers;
        Ok(layers.iter().zip(outputs).map(activation).collect())
    }

    /// The layers that the steps of an answer begin with: a fused one stands for those behind it too.
    pub fn steps(&self) -> Vec<String> {
        self.plan
            .step_layers()
            .map(|layer| layer.name.clone())
            .collect()
    }

    /// Computes one of these over again for the last `n` samples answered, `times` times: for who
    /// measures it.
    ///
    /// Errs where there is no such step, or no room for so many samples.
    pub fn repeat_step(&mut self, step: usize, n: usize, times: usize) -> Result<()> {
        let (steps, room) = (self.plan.step_layers().count(), self.plan.capacity());
        let wrong = |argument: &str, expected: String, got: usize| Error::InvalidArgument {
            place: "repeat_step".into(),
            argument: argument.into(),
            expected,
            got: got.to_string(),
        };
        if step >= steps {
            return Err(wrong("step", format!("< {steps}"), step));
        }
        if n == 0 || n > room {
            return Err(wrong("n", format!("1..={room}"), n));
        }
        for _ in 0..times {
            self.plan.forward_step(step, n, Mode::Inference);
        }
        Ok(())
    }

    /// The layers in the order of computation.
    pub fn layers(&self) -> Vec<LayerInfo> {
        infos(self.plan.network())
    }

    /// The gradients of the last batch that was trained, as the optimiser got them, named as the
    /// weights are; zeros before the first.
    pub fn gradients(&self) -> Vec<u8> {
        let plan = &self.plan;
        if plan.grads.is_empty() {
            return parameters::to_bytes(plan.network(), &vec![0.0; plan.params.len()]);
        }
        parameters::to_bytes(plan.network(), &plan.grads)
    }

    /// How many numbers the weights hold, those included that gradients don't move: Keras's
    /// `count_params`.
    pub fn parameter_count(&self) -> usize {
        self.plan.network().parameter_count()
    }

    /// Whether the loss takes class numbers as targets, and not numbers.
    pub fn takes_labels(&self) -> bool {
        self.plan.objective.takes_labels()
    }

    /// The model as a table of text, in Keras's spirit: `None` stands for the batch.
    pub fn summary(&self) -> String {
        let network = self.plan.network();
        let layers = self.layers();
        let mut rows =
            vec![["Layer (type)", "Output shape", "Params", "Connected to"].map(String::from)];
        for input in &network.inputs {
            let name = format!("{} (input)", input.name);
            rows.push([name, shape_text(&input.shape), "0".into(), String::new()]);
        }
        for layer in &layers {
            rows.push([
                format!("{} ({})", layer.name, layer.kind),
                shape_text(&layer.output_shape),
                grouped(layer.parameters),
                layer.connected_to.join(", "),
            ]);
        }
        let mut text = table(&rows);
        let total: usize = layers.iter().map(|layer| layer.parameters).sum();
        let trainable: usize = layers.iter().map(|layer| layer.trainable_parameters).sum();
        for (what, count) in [
            ("Total params", total),
            ("Trainable params", trainable),
            ("Non-trainable params", total - trainable),
        ] {
            text += &format!("{what}: {} ({})\n", grouped(count), bytes_text(4 * count));
        }
        text
    }
}

/// The layers of a run that is not begun: nothing is allocated for it.
///
/// Errs as [`Session::new`] does.
pub fn describe(spec: &RunSpec) -> Result<Vec<LayerInfo>> {
    let network = Network::new(spec)?;
    Restraints::new(spec, &network)?;
    Ok(infos(&network))
}

fn infos(network: &Network) -> Vec<LayerInfo> {
    let info = |layer: &Layer| {
        let (parameters, trainable_parameters) = layer.parameter_counts();
        let sources = layer.sources.iter();
        LayerInfo {
            name: layer.name.clone(),
            kind: layer.kind,
            output_shape: layer.output_shape.clone(),
            parameters,
            trainable_parameters,
            trainable: layer.trainable,
            connected_to: sources.map(|&s| network.name(s).to_string()).collect(),
        }
    };
    network.layers.iter().map(info).collect()
}

/// `(None, 26, 26, 32)`
fn shape_text(shape: &[usize]) -> String {
    let sizes: String = shape.iter().map(|size| format!(", {size}")).collect();
    format!("(None{sizes})")
}

/// `347,146`
fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// In the largest unit of 1024 that leaves a whole part: `1.32 MB`.
fn bytes_text(bytes: usize) -> String {
    let mut size = bytes as f64;
    let mut units = ["B", "KB", "MB", "GB"].iter();
    let mut unit = units.next().expect("four units");
    while size >= 1024.0 {
        let Some(larger) = units.next() else { break };
        (size, unit) = (size / 1024.0, larger);
    }
    format!("{size:.2} {unit}")
}

/// Columns as wide as their longest cell, with a rule below the first row and the last.
fn table(rows: &[[String; 4]]) -> String {
    let width = |column: usize| {
        let lengths = rows.iter().map(|row| row[column].chars().count());
        lengths.max().unwrap_or(0)
    };
    let widths = [0, 1, 2, 3].map(width);
    let rule = "─".repeat(widths.iter().sum::<usize>() + 3 * 2) + "\n";
    let mut text = String::new();
    for (number, [name, shape, count, from]) in rows.iter().enumerate() {
        let [a, b, c, _] = widths;
        let line = format!("{name:<a$}  {shape:<b$}  {count:>c$}  {from}");
        text += line.trim_end();
        text.push('\n');
        if number == 0 {
            text += &rule;
        }
    }
    text + &rule
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::RunSpec;
    use crate::train::testing::REFERENCE_NET;

    #[test]
    fn the_summary_shows_shapes_counts_and_connections() {
        let session = Session::new(RunSpec::from_json(REFERENCE_NET).unwrap(), 1).unwrap();
        let want = "\
Layer (type)             Output shape         Params  Connected to
──────────────────────────────────────────────────────────────────
input (input)            (None, 28, 28, 1)         0
conv2d (conv2d)          (None, 26, 26, 32)      320  input
max_pool2d (max_pool2d)  (None, 13, 13, 32)        0  conv2d
flatten (flatten)        (None, 5408)              0  max_pool2d
dense (dense)            (None, 64)          346,176  flatten
dense_1 (dense)          (None, 10)              650  dense
──────────────────────────────────────────────────────────────────
Total params: 347,146 (1.32 MB)
Trainable params: 347,146 (1.32 MB)
Non-trainable params: 0 (0.00 B)
";
        assert_eq!(session.summary(), want);
    }

    #[test]
    fn numbers_are_written_in_groups_of_three() {
        assert_eq!(
            [0, 999, 1000, 14_714_688].map(grouped),
            ["0", "999", "1,000", "14,714,688"]
        );
        assert_eq!(
            [0, 1023, 1024, 58_858_752].map(bytes_text),
            ["0.00 B", "1023.00 B", "1.00 KB", "56.13 MB"]
        );
    }
}
