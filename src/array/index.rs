//! Indexing: what `a[key]` selects, as a view where NumPy gives one, else as a list of places.

use super::dynamic::Array;
use super::error::{ArrayError, Result};
use super::shape::{broadcast_all, size_of};
use super::storage::Element;
use super::typed::NdArray;
use super::views::Slice;
use super::walk::walk;
use crate::each_dtype;

/// One entry of a key.
#[derive(Clone, Debug)]
pub enum Item {
    Int(i64),
    Slice { start: Option<i64>, stop: Option<i64>, step: i64 },
    NewAxis,
    Ellipsis,
    Ints(NdArray<i64>),
    Mask(NdArray<bool>),
}

/// What a key selects from an array of one shape and layout.
pub enum Selection {
    View { shape: Vec<usize>, strides: Vec<isize>, offset: usize },
    Places(Places),
}

/// Elements at `outer[i] + points[p] + inner[j]`, in that nesting; `shape` is theirs.
pub struct Places {
    shape: Vec<usize>,
    outer: Vec<isize>,
    points: Vec<isize>,
    inner: Vec<isize>,
    /// Whether `inner` is 0, 1, 2, … so that blocks copy whole.
    solid: bool,
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

pub fn select(shape: &[usize], strides: &[isize], offset: usize, key: &[Item]) -> Result<Selection> {
    let used: usize = key
        .iter()
        .map(|item| match item {
            Item::NewAxis | Item::Ellipsis => 0,
            Item::Mask(mask) => mask.ndim(),
            _ => 1,
        })
        .sum();
    if used > shape.len() {
        return Err(ArrayError::TooManyIndices { ndim: shape.len(), indexed: used });
    }
    if key.iter().filter(|item| matches!(item, Item::Ellipsis)).count() > 1 {
        return Err(ArrayError::Other {
            kind: super::error::Kind::Index,
            code: "array_two_ellipses",
            message: "an index can only have a single ellipsis ('...')".into(),
        });
    }
    let fancy = key.iter().any(|item| matches!(item, Item::Ints(_) | Item::Mask(_)));
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
            axes.push(Axis { size: shape[axis], stride: strides[axis] });
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
                axes.push(Axis { size: slice.len, stride: strides[at] * slice.step });
                at += 1;
                since_pick = true;
            }
            Item::Int(index) if !fancy => {
                offset += wrap(*index, shape[at], at)? as isize * strides[at];
                at += 1;
            }
            Item::Int(index) => {
                let index = NdArray::scalar(*index);
                let made = Pick { axis: at, size: shape[at], stride: strides[at], index };
                pick(&axes, &mut since_pick, made);
                at += 1;
            }
            Item::Ints(index) => {
                let index = index.clone();
                let made = Pick { axis: at, size: shape[at], stride: strides[at], index };
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
                    pick(&axes, &mut since_pick, Pick { axis: 0, size: 1, stride: 0, index });
                }
                for index in nonzero(mask) {
                    let made = Pick { axis: at, size: shape[at], stride: strides[at], index };
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
        return Err(ArrayError::Index { index: index as isize, axis, size });
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
    Ok(Places { shape, outer: offsets(front, offset), points, inner, solid })
}

impl Places {
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn each(&self, mut f: impl FnMut(usize)) {
        for &outer in &self.outer {
            for &point in &self.points {
                for &inner in &self.inner {
                    f((outer + point + inner) as usize);
                }
            }
        }
    }

    pub fn read<T: Element>(&self, x: &NdArray<T>) -> NdArray<T> {
        let cells = x.storage.slice();
        let mut out = Vec::with_capacity(size_of(&self.shape));
        if self.solid {
            for &outer in &self.outer {
                for &point in &self.points {
                    let at = (outer + point) as usize;
                    out.extend_from_slice(&cells[at..at + self.inner.len()]);
                }
            }
        } else {
            self.each(|at| out.push(cells[at]));
        }
        NdArray::from_vec(out, &self.shape)
    }

    /// Each selected element becomes `f` of itself and its value, one after another, so that a
    /// place selected twice is visited twice.
    pub fn update<T: Element>(
        &self,
        x: &NdArray<T>,
        values: &NdArray<T>,
        f: impl Fn(T, T) -> T,
    ) -> Result<()> {
        let values = fit(values, &self.shape).map_err(|_| {
            ArrayError::value(
                "array_broadcast_into",
                format!(
                    "shape mismatch: value array of shape {} could not be broadcast to indexing result of shape {}",
                    super::error::tight(values.shape()),
                    super::error::tight(&self.shape)
                ),
            )
        })?;
        let values = values.to_vec();
        let cells = x.storage.len();
        let pointer = x.storage.pointer();
        let mut next = values.into_iter();
        self.each(|at| {
            assert!(at < cells);
            if let Some(value) = next.next() {
                // SAFETY: the place is inside the storage and `values` is a copy.
                unsafe { *pointer.add(at) = f(*pointer.add(at), value) };
            }
        });
        Ok(())
    }
}

/// `values` stretched to `shape`; as in any assignment, leading axes of one too many fall away.
fn fit<T: Element>(values: &NdArray<T>, shape: &[usize]) -> Result<NdArray<T>> {
    let extra = values.ndim().saturating_sub(shape.len());
    if extra > 0 && values.shape()[..extra].iter().all(|&n| n == 1) {
        return values.reshape(&values.shape()[extra..])?.broadcast_to(shape);
    }
    values.broadcast_to(shape)
}

/// The places of the true elements, an index array an axis.
pub fn nonzero(mask: &NdArray<bool>) -> Vec<NdArray<i64>> {
    let flags = mask.to_vec();
    let found: Vec<usize> =
        flags.iter().enumerate().filter(|&(_, &on)| on).map(|(i, _)| i).collect();
    let mut inner = flags.len();
    mask.shape()
        .iter()
        .map(|&n| {
            inner /= n.max(1);
            let step = inner.max(1);
            let index = found.iter().map(|&i| (i / step % n.max(1)) as i64).collect();
            NdArray::from_vec(index, &[found.len()])
        })
        .collect()
}

impl Array {
    fn selection(&self, key: &[Item]) -> Result<Selection> {
        each_dtype!(self, x => select(x.shape(), x.strides(), x.offset(), key))
    }

    /// `self[key]`, and whether it is a view.
    pub fn get_item(&self, key: &[Item]) -> Result<(Array, bool)> {
        Ok(match self.selection(key)? {
            Selection::View { shape, strides, offset } => {
                (each_dtype!(self, x => x.with_layout(shape, strides, offset).into()), true)
            }
            Selection::Places(places) => (each_dtype!(self, x => places.read(x).into()), false),
        })
    }

    /// `self[key] = value`.
    pub fn set_item(&self, key: &[Item], value: &Array) -> Result<()> {
        if let [Item::Mask(mask)] = key
            && value.ndim() == 1
            && mask.shape() == self.shape()
        {
            let places = mask.to_vec().iter().filter(|&&on| on).count();
            if value.len() != 1 && value.len() != places {
                return Err(ArrayError::MaskAssign { values: value.len(), places });
            }
        }
        match self.selection(key)? {
            Selection::View { shape, strides, offset } => each_dtype!(self, x => {
                let place = x.with_layout(shape, strides, offset);
                let values = value.typed();
                let fitted = fit(&values, place.shape())?;
                place.assign(&fitted)
            }),
            Selection::Places(places) => {
                each_dtype!(self, x => places.update(x, &value.typed(), |_, value| value))
            }
        }
    }

    /// `self[key] += value` (or another `op`), repeated places counting each time.
    pub fn update_at(&self, op: super::binary::BinaryOp, key: &[Item], value: &Array) -> Result<()> {
        use super::binary::{BinaryOp, binary};
        let places = match self.selection(key)? {
            Selection::Places(places) => places,
            Selection::View { .. } => {
                let (view, _) = self.get_item(key)?;
                return view.assign(&binary(op, &view, value, [None, None])?);
            }
        };
        macro_rules! update {
            ($x:expr, $add:expr, $subtract:expr, $multiply:expr) => {{
                let values = value.typed();
                match op {
                    BinaryOp::Add => places.update($x, &values, $add),
                    BinaryOp::Subtract => places.update($x, &values, $subtract),
                    BinaryOp::Multiply => places.update($x, &values, $multiply),
                    BinaryOp::Maximum => {
                        places.update($x, &values, |a, b| if b > a || b != b { b } else { a })
                    }
                    BinaryOp::Minimum => {
                        places.update($x, &values, |a, b| if b < a || b != b { b } else { a })
                    }
                    _ => Err(ArrayError::Other {
                        kind: super::error::Kind::NotImplemented,
                        code: "array_at",
                        message: format!(
                            "np.{}.at is not here; add, subtract, multiply, maximum and minimum have .at",
                            op.name()
                        ),
                    }),
                }
            }};
        }
        #[allow(clippy::eq_op)]
        match self {
            Array::F32(x) => update!(x, |a, b| a + b, |a, b| a - b, |a, b| a * b),
            Array::F64(x) => update!(x, |a, b| a + b, |a, b| a - b, |a, b| a * b),
            Array::I64(x) => {
                update!(x, i64::wrapping_add, i64::wrapping_sub, i64::wrapping_mul)
            }
            Array::Bool(x) => update!(x, |a, b| a | b, |a, b| a ^ b, |a, b| a & b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counting(shape: &[usize]) -> Array {
        NdArray::from_vec((0..size_of(shape) as i64).collect(), shape).into()
    }

    fn ints(values: &[i64]) -> Item {
        Item::Ints(NdArray::from_vec(values.to_vec(), &[values.len()]))
    }

    const ALL: Item = Item::Slice { start: None, stop: None, step: 1 };

    fn check_get(x: &Array, key: &[Item], shape: &[usize], expected: &[i64]) {
        let (got, _) = x.get_item(key).unwrap();
        assert_eq!(got, NdArray::from_vec(expected.to_vec(), shape).into());
    }

    #[test]
    fn ints_slices_and_new_axes_give_views() {
        let x = counting(&[3, 4]);
        check_get(&x, &[Item::Int(-1)], &[4], &[8, 9, 10, 11]);
        let backwards = Item::Slice { start: None, stop: None, step: -2 };
        check_get(&x, &[ALL, backwards], &[3, 2], &[3, 1, 7, 5, 11, 9]);
        check_get(&x, &[Item::Ellipsis, Item::Int(1), Item::NewAxis], &[3, 1], &[1, 5, 9]);
        assert!(x.get_item(&[Item::Int(0)]).unwrap().1);
    }

    #[test]
    fn index_arrays_stand_where_they_were_or_in_front() {
        let x = counting(&[2, 3, 4]);
        check_get(&x, &[ALL, ints(&[2, 0]), Item::Int(1)], &[2, 2], &[9, 1, 21, 13]);
        check_get(&x, &[ints(&[0, 1]), ALL, ints(&[3, 0])], &[2, 3], &[3, 7, 11, 12, 16, 20]);
        check_get(&x, &[ints(&[-1])], &[1, 3, 4], &(12..24).collect::<Vec<_>>());
    }

    #[test]
    fn masks_select_and_assign() {
        let x = counting(&[2, 3]);
        let mask = NdArray::from_vec(vec![true, false, true, false, true, false], &[2, 3]);
        check_get(&x, &[Item::Mask(mask.clone())], &[3], &[0, 2, 4]);
        x.set_item(&[Item::Mask(mask.clone())], &NdArray::scalar(-1i64).into()).unwrap();
        check_get(&x, &[], &[2, 3], &[-1, 1, -1, 3, -1, 5]);
        let error = x.set_item(&[Item::Mask(mask)], &counting(&[2])).unwrap_err();
        assert_eq!(error, ArrayError::MaskAssign { values: 2, places: 3 });
    }

    #[test]
    fn repeated_places_count_each_time_only_in_update_at() {
        let x = counting(&[3]);
        let one = Array::from(NdArray::scalar(1i64));
        x.update_at(super::super::binary::BinaryOp::Add, &[ints(&[0, 0, 2])], &one).unwrap();
        check_get(&x, &[], &[3], &[2, 1, 3]);
    }

    #[test]
    fn an_index_out_of_bounds_names_its_axis() {
        let error = counting(&[2, 3]).get_item(&[ALL, Item::Int(3)]).unwrap_err();
        assert_eq!(error.to_string(), "index 3 is out of bounds for axis 1 with size 3");
        let error = counting(&[2]).get_item(&[Item::Int(0), Item::Int(0)]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "too many indices for array: array is 1-dimensional, but 2 were indexed"
        );
    }
}
