//! Shapes and strides: what broadcasts with what, and which reshape is a view.

use super::error::{ArrayError, Result};

/// The shape that all of `a` and `b` stretch to: aligned at the last axis, sizes equal or one.
pub fn broadcast_shapes(a: &[usize], b: &[usize]) -> Result<Vec<usize>> {
    let mut out = Vec::with_capacity(a.len().max(b.len()));
    let (long, short) = if a.len() >= b.len() { (a, b) } else { (b, a) };
    let lead = long.len() - short.len();
    out.extend_from_slice(&long[..lead]);
    for (&x, &y) in long[lead..].iter().zip(short) {
        out.push(match (x, y) {
            (x, y) if x == y => x,
            (1, y) => y,
            (x, 1) => x,
            _ => {
                return Err(ArrayError::Broadcast {
                    shapes: vec![a.to_vec(), b.to_vec()],
                });
            }
        });
    }
    Ok(out)
}

/// `broadcast_shapes` over any number of shapes; the error names them all.
pub fn broadcast_all(shapes: &[&[usize]]) -> Result<Vec<usize>> {
    let mut out = Vec::new();
    for shape in shapes {
        out = broadcast_shapes(&out, shape).map_err(|_| ArrayError::Broadcast {
            shapes: shapes.iter().map(|shape| shape.to_vec()).collect(),
        })?;
    }
    Ok(out)
}

/// How many elements a shape holds.
pub fn size_of(shape: &[usize]) -> usize {
    shape.iter().product()
}

/// The strides, in elements, of a C-contiguous array.
pub fn c_strides(shape: &[usize]) -> Vec<isize> {
    let mut strides = vec![0; shape.len()];
    let mut step = 1isize;
    for (stride, &n) in strides.iter_mut().zip(shape).rev() {
        *stride = step;
        step *= n.max(1) as isize;
    }
    strides
}

/// Whether walking the array in C order steps through memory one by one.
pub fn is_contiguous(shape: &[usize], strides: &[isize]) -> bool {
    let mut step = 1isize;
    for (&n, &stride) in shape.iter().zip(strides).rev() {
        if n == 0 {
            return true;
        }
        if n != 1 && stride != step {
            return false;
        }
        step *= n as isize;
    }
    true
}

/// An axis counted from either end, as one counted from the front.
pub fn normalize_axis(axis: isize, ndim: usize) -> Result<usize> {
    let n = ndim as isize;
    if axis < -n || axis >= n {
        return Err(ArrayError::Axis { axis, ndim });
    }
    Ok(if axis < 0 { axis + n } else { axis } as usize)
}

/// Fills in the one `-1` of a wanted shape.
pub fn infer_shape(size: usize, wanted: &[isize]) -> Result<Vec<usize>> {
    let refused = || ArrayError::Reshape {
        size,
        shape: wanted.to_vec(),
    };
    let unknown = wanted.iter().filter(|&&n| n < 0).count();
    if unknown > 1 {
        return Err(ArrayError::value(
            "array_reshape",
            "can only specify one unknown dimension",
        ));
    }
    let known: usize = wanted
        .iter()
        .filter(|&&n| n >= 0)
        .map(|&n| n as usize)
        .product();
    let mut shape = Vec::with_capacity(wanted.len());
    for &n in wanted {
        shape.push(if n >= 0 {
            n as usize
        } else if known == 0 || !size.is_multiple_of(known) {
            return Err(refused());
        } else {
            size / known
        });
    }
    if size_of(&shape) != size {
        return Err(refused());
    }
    Ok(shape)
}

/// The strides under which `to` is a view of memory laid out as (`from`, `strides`), if there are
/// any: each group of axes that merges or splits must be contiguous within itself.
pub fn reshape_strides(from: &[usize], strides: &[isize], to: &[usize]) -> Option<Vec<isize>> {
    if size_of(to) == 0 {
        return Some(c_strides(to));
    }
    let kept: Vec<(usize, isize)> = from
        .iter()
        .copied()
        .zip(strides.iter().copied())
        .filter(|&(n, _)| n != 1)
        .collect();
    let mut out = vec![0isize; to.len()];
    let (mut old, mut new) = (0, 0);
    while old < kept.len() && new < to.len() {
        let (old_start, new_start) = (old, new);
        let (mut old_size, mut new_size) = (kept[old].0, to[new]);
        old += 1;
        new += 1;
        while old_size != new_size {
            if old_size < new_size {
                old_size *= kept[old].0;
                old += 1;
            } else {
                new_size *= to[new];
                new += 1;
            }
        }
        for pair in kept[old_start..old].windows(2) {
            if pair[0].1 != pair[1].1 * pair[1].0 as isize {
                return None;
            }
        }
        let mut step = kept[old - 1].1;
        for axis in (new_start..new).rev() {
            out[axis] = step;
            step *= to[axis] as isize;
        }
    }
    let mut step = if new > 0 { out[new - 1] } else { 1 };
    if step == 0 {
        step = 1;
    }
    for stride in &mut out[new..] {
        *stride = step;
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_broadcast_from_the_last_axis() {
        assert_eq!(broadcast_shapes(&[5, 1, 3], &[4, 1]).unwrap(), [5, 4, 3]);
        assert_eq!(broadcast_shapes(&[], &[2]).unwrap(), [2]);
        assert_eq!(broadcast_shapes(&[0], &[1]).unwrap(), [0]);
    }

    #[test]
    fn shapes_that_do_not_broadcast_are_both_named() {
        let error = broadcast_shapes(&[2, 3], &[4]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "operands could not be broadcast together with shapes (2,3) (4,) "
        );
        assert_eq!(error.code(), "array_broadcast");
    }

    #[test]
    fn one_unknown_dimension_is_inferred() {
        assert_eq!(infer_shape(12, &[3, -1]).unwrap(), [3, 4]);
        assert_eq!(
            infer_shape(12, &[5, -1]).unwrap_err().to_string(),
            "cannot reshape array of size 12 into shape (5,newaxis)"
        );
    }

    #[test]
    fn a_transposed_matrix_cannot_be_flattened_as_a_view() {
        assert_eq!(reshape_strides(&[3, 2], &[1, 3], &[6]), None);
        assert_eq!(reshape_strides(&[2, 3], &[3, 1], &[6]), Some(vec![1]));
        assert_eq!(
            reshape_strides(&[3, 2], &[1, 3], &[3, 1, 2]),
            Some(vec![1, 6, 3])
        );
        assert_eq!(reshape_strides(&[6], &[-1], &[2, 3]), Some(vec![-3, -1]));
    }
}
