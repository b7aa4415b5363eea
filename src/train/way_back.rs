//! The way back through a plan: which stages take part, and where each gradient lies.
//!
//! A gradient lives from the first stage that adds to it to the stage whose output it belongs to,
//! which reads it last. Room is handed on: a chain needs two slots, however long it is.

/// Who takes part, and where gradients lie.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct WayBack {
    /// Elements of one sample that each slot has room for.
    pub slots: Vec<usize>,
    /// The slot of the answer's gradient; None where nothing learns.
    pub start: Option<usize>,
    /// For each step of the plan; None where nothing at or below it learns.
    pub turns: Vec<Option<Turn>>,
}

/// One stage's part.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Turn {
    /// The slot of its output's gradient.
    pub dy: usize,
    /// For each input, where its gradient goes; None where nothing below it learns.
    pub dx: Vec<Option<Target>>,
}

/// Where a gradient goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub slot: usize,
    /// Whether it is added to what another stage left there.
    pub add: bool,
}

/// A step as the way back sees it.
pub(super) struct Passed<'a> {
    /// The values that it takes.
    pub inputs: &'a [usize],
    /// The value that it makes.
    pub output: usize,
    /// Whether it has weights that learn.
    pub learns: bool,
}

impl WayBack {
    /// Plans the way back over values of these widths; the last step makes the answer.
    pub fn new(steps: &[Passed], widths: &[usize]) -> WayBack {
        let mut wanted = vec![false; widths.len()];
        for step in steps {
            wanted[step.output] = step.learns || step.inputs.iter().any(|&value| wanted[value]);
        }
        let mut way = WayBack::default();
        let mut free: Vec<usize> = Vec::new();
        let mut slot_of: Vec<Option<usize>> = vec![None; widths.len()];
        way.turns.resize_with(steps.len(), || None);
        let answer = match steps.last() {
            Some(step) if wanted[step.output] => step.output,
            _ => return way,
        };
        way.start = Some(way.take(&mut free, widths[answer]));
        slot_of[answer] = way.start;
        for (turn, step) in steps.iter().enumerate().rev() {
            if !wanted[step.output] {
                continue;
            }
            let dy = slot_of[step.output].expect("every value leads to the answer");
            let mut dx = Vec::new();
            for &value in step.inputs {
                dx.push(wanted[value].then(|| {
                    let add = slot_of[value].is_some();
                    let slot = slot_of[value].unwrap_or_else(|| way.take(&mut free, widths[value]));
                    slot_of[value] = Some(slot);
                    Target { slot, add }
                }));
            }
            free.push(dy);
            way.turns[turn] = Some(Turn { dy, dx });
        }
        way
    }

    /// A slot for a value of this width: the free one that fits best.
    fn take(&mut self, free: &mut Vec<usize>, width: usize) -> usize {
        let slack = |slot: usize| self.slots[slot].abs_diff(width);
        let best = (0..free.len()).min_by_key(|&at| slack(free[at]));
        let slot = match best {
            Some(at) => free.swap_remove(at),
            None => {
                self.slots.push(0);
                self.slots.len() - 1
            }
        };
        self.slots[slot] = self.slots[slot].max(width);
        slot
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passed(inputs: &[usize], output: usize, learns: bool) -> Passed<'_> {
        Passed {
            inputs,
            output,
            learns,
        }
    }

    fn to(slot: usize, add: bool) -> Option<Target> {
        Some(Target { slot, add })
    }

    #[test]
    fn a_chain_needs_two_slots_and_no_gradient_of_the_data() {
        let steps = [
            passed(&[0], 1, true),
            passed(&[1], 2, false),
            passed(&[2], 3, true),
            passed(&[3], 4, true),
        ];
        let way = WayBack::new(&steps, &[9, 8, 2, 4, 3]);
        assert_eq!(way.slots.len(), 2);
        assert_eq!(way.turns[0].as_ref().unwrap().dx, [None]);
        for pair in way.turns.windows(2) {
            let [before, after] = [&pair[0], &pair[1]].map(|turn| turn.as_ref().unwrap());
            assert_eq!(after.dx, [to(before.dy, false)]);
            assert_ne!(after.dy, before.dy);
        }
    }

    #[test]
    fn the_gradients_of_a_value_used_twice_are_summed() {
        // 1 = f(0); 2 = g(1); 3 = 1 + 2; 4 = 3 + 3
        let steps = [
            passed(&[0], 1, true),
            passed(&[1], 2, true),
            passed(&[1, 2], 3, false),
            passed(&[3, 3], 4, false),
        ];
        let way = WayBack::new(&steps, &[5; 5]);
        let dx = |step: usize| &way.turns[step].as_ref().unwrap().dx;
        let (three, one) = (dx(3)[0].unwrap().slot, dx(2)[0].unwrap().slot);
        assert_eq!(dx(3)[..], [to(three, false), to(three, true)]);
        assert!(!dx(2)[0].unwrap().add && !dx(2)[1].unwrap().add);
        assert_eq!(dx(1)[..], [to(one, true)]);
        assert_ne!(dx(2)[1].unwrap().slot, one);
    }

    #[test]
    fn nothing_is_computed_below_the_last_that_learns() {
        let steps = [
            passed(&[0], 1, false),
            passed(&[1], 2, true),
            passed(&[2], 3, false),
        ];
        let way = WayBack::new(&steps, &[5; 4]);
        assert_eq!(way.turns[0], None);
        assert_eq!(way.turns[1].as_ref().unwrap().dx, [None]);
        assert!(way.turns[2].as_ref().unwrap().dx[0].is_some());
        let none = WayBack::new(&[passed(&[0], 1, false)], &[5; 2]);
        assert_eq!((none.start, none.slots.len()), (None, 0));
    }
}
