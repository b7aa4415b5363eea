//! Weight decay: parameters that shrink by themselves.

/// How much, and which.
///
/// Decoupled, p loses lr·rate·p in each step beside what the rule does: Keras's `weight_decay` of
/// every optimiser, PyTorch's of AdamW (Loshchilov and Hutter 2019). Coupled, rate·p is added to
/// the gradient, so that the rule bends it as it bends gradients: PyTorch's `weight_decay` of all
/// others, an L2 penalty of rate/2·Σp². For plain SGD both are the same.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightDecay {
    /// 0 or more; 0 is none.
    pub rate: f64,
    /// Whether it goes through the gradient.
    pub coupled: bool,
    /// Parameters with one of these in their names do not decay: `bias`, `gamma`.
    pub exclude: Vec<String>,
}

impl WeightDecay {
    /// Decoupled.
    pub fn decoupled(rate: f64) -> WeightDecay {
        WeightDecay {
            rate,
            ..WeightDecay::default()
        }
    }

    /// By the gradient.
    pub fn coupled(rate: f64) -> WeightDecay {
        WeightDecay {
            rate,
            coupled: true,
            exclude: Vec::new(),
        }
    }

    /// The rate for one parameter.
    pub fn of(&self, name: &str) -> f64 {
        let excluded = self.exclude.iter().any(|part| name.contains(&part[..]));
        if excluded { 0.0 } else { self.rate }
    }
}
