//! Walks several strided operands of one shape together, in C order, a run at a time.
//!
//! Axes of size one are dropped and neighbouring axes that every operand lays out as one are
//! merged, so contiguous data is a single run whatever its number of axes.

/// Calls `run(offsets, len, steps)` for each innermost run: operand `k` of that run is at
/// `offsets[k] + i * steps[k]` for `i` in `0..len`.
pub fn walk<const K: usize>(
    shape: &[usize],
    strides: [&[isize]; K],
    offsets: [usize; K],
    mut run: impl FnMut([isize; K], usize, [isize; K]),
) {
    if shape.contains(&0) {
        return;
    }
    let mut at = offsets.map(|offset| offset as isize);
    let axes = merged(shape, strides);
    let Some((&(len, steps), outer)) = axes.split_last() else {
        run(at, 1, [0; K]);
        return;
    };
    if outer.is_empty() {
        run(at, len, steps);
        return;
    }
    let mut count = vec![0usize; outer.len()];
    loop {
        run(at, len, steps);
        let mut axis = outer.len();
        loop {
            if axis == 0 {
                return;
            }
            axis -= 1;
            let (n, step) = outer[axis];
            count[axis] += 1;
            for k in 0..K {
                at[k] += step[k];
            }
            if count[axis] < n {
                break;
            }
            count[axis] = 0;
            for k in 0..K {
                at[k] -= step[k] * n as isize;
            }
        }
    }
}

fn merged<const K: usize>(shape: &[usize], strides: [&[isize]; K]) -> Vec<(usize, [isize; K])> {
    let mut axes: Vec<(usize, [isize; K])> = Vec::with_capacity(shape.len());
    for (axis, &n) in shape.iter().enumerate() {
        if n == 1 {
            continue;
        }
        let step: [isize; K] = std::array::from_fn(|k| strides[k][axis]);
        match axes.last_mut() {
            Some((size, outer)) if (0..K).all(|k| outer[k] == step[k] * n as isize) => {
                *size *= n;
                *outer = step;
            }
            _ => axes.push((n, step)),
        }
    }
    axes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_walk(shape: &[usize], strides: &[isize], offset: usize, expected: &[isize]) {
        let mut seen = Vec::new();
        walk(shape, [strides], [offset], |[at], len, [step]| {
            seen.extend((0..len as isize).map(|i| at + i * step));
        });
        assert_eq!(seen, expected);
    }

    #[test]
    fn offsets_come_in_c_order() {
        check_walk(&[2, 3], &[3, 1], 0, &[0, 1, 2, 3, 4, 5]);
        check_walk(&[3, 2], &[1, 3], 0, &[0, 3, 1, 4, 2, 5]);
        check_walk(&[2, 1, 2], &[-2, 7, -1], 3, &[3, 2, 1, 0]);
        check_walk(&[2, 2, 2], &[0, 2, 1], 0, &[0, 1, 2, 3, 0, 1, 2, 3]);
        check_walk(&[], &[], 4, &[4]);
        check_walk(&[2, 0], &[0, 1], 0, &[]);
    }

    #[test]
    fn contiguous_data_is_one_run() {
        let mut runs = 0;
        walk(
            &[4, 5, 6],
            [&[30, 6, 1], &[30, 6, 1]],
            [0, 0],
            |_, len, _| {
                runs += 1;
                assert_eq!(len, 120);
            },
        );
        assert_eq!(runs, 1);
    }
}
