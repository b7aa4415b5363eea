//! Indexing: what `a[key]` selects, as a view where NumPy gives one, else as a list of places.

use super::error::{ArrayError, Result};
use super::shape::{broadcast_all, size_of};
use super::typed::NdArray;
use super::views::Slice;
use super::walk::walk;

/// One entry of a key.
#[derive(Clone, Debug)]
pub enum Item {
    Int(i64),
    Slice {
        start: Option<i64>,
        stop: Option<i64>,
        step: i64,
    },
    NewAxis,
    Ellipsis,
    Ints(NdArray<i64>),
    Mask(NdArray<bool>),
}

/// What a key selects from an array of one shape and layout.
pub enum Selection {
    View {
        shape: Vec<usize>,
        strides: Vec<isize>,
        offset: usize,
    },
    Places(Places),
}

/// Elements at `outer[i] + points[p] + inner[j]`, in that nesting; `shape` is theirs.
pub struct Places {
    pub(super) shape: Vec<usize>,
    pub(super) outer: Vec<isize>,
    pub(super) points: Vec<isize>,
    pub(super) inner: Vec<isize>,
    /// Whether `inner` is 0, 1, 2, … so that blocks copy whole.
    pub(super) solid: bool,
}

/// One axis of the result while a key is read.
struct Axis {
    size: usize,
    stride: isize,
}

/// Index values that select along one axis of the array.
struct Pick {
    axis: usize,
    size: usize,
    stride: isize,
    index: NdArray<i64>,
}

pub fn select(
    shape: &[usize],
    strides: &[isize],
    offset: usize,
    key: &[Item],
) -> Result<Selection> {
    let used: usize = key
        .iter()
        .map(|item| match item {
            Item::NewAxis | Item::Ellipsis => 0,
            Item::Mask(mask) => mask.ndim(),
            _ => 1,
        })
        .sum();
    if used > shape.len() {
        return Err(ArrayError::TooManyIndices {
            ndim: shape.len(),
            indexed: used,
        });
    }
    if key
        .iter()
        .filter(|item| matches!(item, Item::Ellipsis))
        .count()
        > 1
    {
        return Err(ArrayError::Other {
            kind: super::error::Kind::Index,
            code: "array_two_ellipses",
            message: "an index can only have a single ellipsis ('...')".into(),
        });
    }
    let fancy = key
        .iter()
        .any(|item| matches!(item, Item::Ints(_) | Item::Mask(_)));
    let mut offset = offset as isize;
    let mut axes: Vec<Axis> = Vec::with_capacity(shape.len() + 1);
    let mut picks: Vec<Pick> = Vec::new();
    // Where the picked axes go: at their own place when they stand together, else in front.
    let mut place = None;
    let mut together = true;
    let mut since_pick = false;
    let mut at = 0;
    let mut pick = |axes: &Vec<Axis>, since_pick: &mut bool, made: Pick| {
        match place {
            None => place = Some(axes.len()),
            Some(_) if *since_pick => together = false,
            Some(_) => {}
        }
        *since_pick = false;
        picks.push(made);
    };
    let keep = |axes: &mut Vec<Axis>, from: usize, to: usize| {
        for axis in from..to {
            axes.push(Axis {
                size: shape[axis],
                stride: strides[axis],
            });
        }
    };
    for item in key {
        match item {
            Item::Ellipsis => {
                let end = at + shape.len() - used;
                keep(&mut axes, at, end);
                at = end;
                since_pick = true;
            }
            Item::NewAxis => {
                axes.push(Axis { size: 1, stride: 0 });
                since_pick = true;
            }
            Item::Slice { start, stop, step } => {
                if *step == 0 {
                    return Err(ArrayError::value(
                        "array_slice_step",
                        "slice step cannot be zero",
                    ));
                }
                let slice = Slice::python(shape[at], *start, *stop, *step);
                offset += slice.start as isize * strides[at];
                axes.push(Axis {
                    size: slice.len,
                    stride: strides[at] * slice.step,
                });
                at += 1;
                since_pick = true;
            }
            Item::Int(index) if !fancy => {
                offset += wrap(*index, shape[at], at)? as isize * strides[at];
                at += 1;
            }
            Item::Int(index) => {
                let index = NdArray::scalar(*index);
                let made = Pick {
                    axis: at,
                    size: shape[at],
                    stride: strides[at],
                    index,
                };
                pick(&axes, &mut since_pick, made);
                at += 1;
            }
            Item::Ints(index) => {
                let index = index.clone();
                let made = Pick {
                    axis: at,
                    size: shape[at],
                    stride: strides[at],
                    index,
                };
                pick(&axes, &mut since_pick, made);
                at += 1;
            }
            Item::Mask(mask) => {
                for (i, &n) in mask.shape().iter().enumerate() {
                    if shape[at + i] != n {
                        return Err(ArrayError::BooleanIndex {
                            axis: at + i,
                            size: shape[at + i],
                            mask: n,
                        });
                    }
                }
                if mask.ndim() == 0 {
                    let count = usize::from(mask.item());
                    let index = NdArray::zeros(&[count]);
                    pick(
                        &axes,
                        &mut since_pick,
                        Pick {
                            axis: 0,
                            size: 1,
                            stride: 0,
                            index,
                        },
                    );
                }
                for index in nonzero(mask) {
                    let made = Pick {
                        axis: at,
                        size: shape[at],
                        stride: strides[at],
                        index,
                    };
                    pick(&axes, &mut since_pick, made);
                    at += 1;
                }
            }
        }
    }
    keep(&mut axes, at, shape.len());
    if !fancy {
        return Ok(Selection::View {
            shape: axes.iter().map(|axis| axis.size).collect(),
            strides: axes.iter().map(|axis| axis.stride).collect(),
            offset: offset as usize,
        });
    }
    let place = if together { place.unwrap_or(0) } else { 0 };
    places(offset, axes, picks, place).map(Selection::Places)
}

fn wrap(index: i64, size: usize, axis: usize) -> Result<usize> {
    let n = size as i64;
    if index < -n || index >= n {
        return Err(ArrayError::Index {
            index: index as isize,
            axis,
            size,
        });
    }
    Ok(if index < 0 { index + n } else { index } as usize)
}

fn places(offset: isize, axes: Vec<Axis>, picks: Vec<Pick>, place: usize) -> Result<Places> {
    let shapes: Vec<&[usize]> = picks.iter().map(|pick| pick.index.shape()).collect();
    let picked = broadcast_all(&shapes).map_err(|_| ArrayError::IndexShapes {
        shapes: shapes.iter().map(|shape| shape.to_vec()).collect(),
    })?;
    let mut points = vec![0isize; size_of(&picked)];
    for pick in &picks {
        let index = pick.index.broadcast_to(&picked)?.to_vec();
        for (point, &i) in points.iter_mut().zip(&index) {
            *point += wrap(i, pick.size, pick.axis)? as isize * pick.stride;
        }
    }
    let (front, back) = axes.split_at(place);
    let offsets = |axes: &[Axis], start: isize| {
        let shape: Vec<usize> = axes.iter().map(|axis| axis.size).collect();
        let strides: Vec<isize> = axes.iter().map(|axis| axis.stride).collect();
        let mut out = Vec::with_capacity(size_of(&shape));
        walk(&shape, [&strides], [0], |[at], len, [step]| {
            out.extend((0..len as isize).map(|i| start + at + i * step));
        });
        out
    };
    let mut shape: Vec<usize> = front.iter().map(|axis| axis.size).collect();
    shape.extend(&picked);
    shape.extend(back.iter().map(|axis| axis.size));
    let inner = offsets(back, 0);
    let solid = inner.iter().enumerate().all(|(i, &at)| at == i as isize);
    Ok(Places {
        shape,
        outer: offsets(front, offset),
        points,
        inner,
        solid,
    })
}

/// The places of the true elements, an index array an axis.
pub fn nonzero(mask: &NdArray<bool>) -> Vec<NdArray<i64>> {
    let flags = mask.to_vec();
    let found: Vec<usize> = flags
        .iter()
        .enumerate()
        .filter(|&(_, &on)| on)
        .map(|(i, _)| i)
        .collect();
    let mut inner = flags.len();
    mask.shape()
        .iter()
        .map(|&n| {
            inner /= n.max(1);
            let step = inner.max(1);
            let index = found
                .iter()
                .map(|&i| (i / step % n.max(1)) as i64)
                .collect();
            NdArray::from_vec(index, &[found.len()])
        })
        .collect()
}
