//! Reading, writing and updating what a key selects.

use super::binary::{BinaryOp, binary};
use super::dynamic::Array;
use super::error::{ArrayError, Kind, Result, tight};
use super::index::{Item, Places, Selection, select};
use super::shape::size_of;
use super::storage::{Element, room};
use super::typed::NdArray;
use crate::each_dtype;

impl Places {
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// One loop for all element types: each visit is a call.
    #[inline(never)]
    fn each(&self, f: &mut dyn FnMut(usize)) {
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
            self.each(&mut |at| out.push(cells[at]));
        }
        NdArray::from_vec(out, &self.shape)
    }

    /// Each selected element becomes `f` of itself and its value, one after another, so that a
    /// place selected twice is visited twice.
    pub fn update<T: Element>(
        &self,
        x: &NdArray<T>,
        values: &NdArray<T>,
        f: fn(T, T) -> T,
    ) -> Result<()> {
        let values =
            fit(values, &self.shape).map_err(|_| cannot_fill(values.shape(), &self.shape))?;
        let values = values.to_vec();
        let cells = x.storage.len();
        let pointer = x.storage.pointer();
        let mut next = values.into_iter();
        self.each(&mut |at| {
            assert!(at < cells);
            if let Some(value) = next.next() {
                // SAFETY: the place is inside the storage and `values` is a copy.
                unsafe { *pointer.add(at) = f(*pointer.add(at), value) };
            }
        });
        Ok(())
    }
}

fn cannot_fill(values: &[usize], places: &[usize]) -> ArrayError {
    ArrayError::value(
        "array_broadcast_into",
        format!(
            "shape mismatch: value array of shape {} could not be broadcast to indexing result of shape {}",
            tight(values),
            tight(places)
        ),
    )
}

/// `values` stretched to `shape`; as in any assignment, leading axes of one too many fall away.
fn fit<T: Element>(values: &NdArray<T>, shape: &[usize]) -> Result<NdArray<T>> {
    let extra = values.ndim().saturating_sub(shape.len());
    if extra > 0 && values.shape()[..extra].iter().all(|&n| n == 1) {
        return values
            .reshape(&values.shape()[extra..])?
            .broadcast_to(shape);
    }
    values.broadcast_to(shape)
}

fn no_update(op: BinaryOp) -> ArrayError {
    ArrayError::Other {
        kind: Kind::NotImplemented,
        code: "array_at",
        message: format!(
            "np.{}.at is not here; add, subtract, multiply, maximum and minimum have .at",
            op.name()
        ),
    }
}

impl Array {
    fn selection(&self, key: &[Item]) -> Result<Selection> {
        each_dtype!(self, x => select(x.shape(), x.strides(), x.offset(), key))
    }

    /// `self[key]`, and whether it is a view.
    pub fn get_item(&self, key: &[Item]) -> Result<(Array, bool)> {
        Ok(match self.selection(key)? {
            Selection::View {
                shape,
                strides,
                offset,
            } => (
                each_dtype!(self, x => x.with_layout(shape, strides, offset).into()),
                true,
            ),
            Selection::Places(places) => {
                room(places.shape(), self.dtype().item_bytes(), 1)?;
                (each_dtype!(self, x => places.read(x).into()), false)
            }
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
                return Err(ArrayError::MaskAssign {
                    values: value.len(),
                    places,
                });
            }
        }
        match self.selection(key)? {
            Selection::View {
                shape,
                strides,
                offset,
            } => each_dtype!(self, x => {
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
    pub fn update_at(&self, op: BinaryOp, key: &[Item], value: &Array) -> Result<()> {
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
                    _ => Err(no_update(op)),
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

    const ALL: Item = Item::Slice {
        start: None,
        stop: None,
        step: 1,
    };

    fn check_get(x: &Array, key: &[Item], shape: &[usize], expected: &[i64]) {
        let (got, _) = x.get_item(key).unwrap();
        assert_eq!(got, NdArray::from_vec(expected.to_vec(), shape).into());
    }

    #[test]
    fn ints_slices_and_new_axes_give_views() {
        let x = counting(&[3, 4]);
        check_get(&x, &[Item::Int(-1)], &[4], &[8, 9, 10, 11]);
        let backwards = Item::Slice {
            start: None,
            stop: None,
            step: -2,
        };
        check_get(&x, &[ALL, backwards], &[3, 2], &[3, 1, 7, 5, 11, 9]);
        check_get(
            &x,
            &[Item::Ellipsis, Item::Int(1), Item::NewAxis],
            &[3, 1],
            &[1, 5, 9],
        );
        assert!(x.get_item(&[Item::Int(0)]).unwrap().1);
    }

    #[test]
    fn index_arrays_stand_where_they_were_or_in_front() {
        let x = counting(&[2, 3, 4]);
        check_get(
            &x,
            &[ALL, ints(&[2, 0]), Item::Int(1)],
            &[2, 2],
            &[9, 1, 21, 13],
        );
        check_get(
            &x,
            &[ints(&[0, 1]), ALL, ints(&[3, 0])],
            &[2, 3],
            &[3, 7, 11, 12, 16, 20],
        );
        check_get(
            &x,
            &[ints(&[-1])],
            &[1, 3, 4],
            &(12..24).collect::<Vec<_>>(),
        );
    }

    #[test]
    fn masks_select_and_assign() {
        let x = counting(&[2, 3]);
        let mask = NdArray::from_vec(vec![true, false, true, false, true, false], &[2, 3]);
        check_get(&x, &[Item::Mask(mask.clone())], &[3], &[0, 2, 4]);
        x.set_item(&[Item::Mask(mask.clone())], &NdArray::scalar(-1i64).into())
            .unwrap();
        check_get(&x, &[], &[2, 3], &[-1, 1, -1, 3, -1, 5]);
        let error = x
            .set_item(&[Item::Mask(mask)], &counting(&[2]))
            .unwrap_err();
        assert_eq!(
            error,
            ArrayError::MaskAssign {
                values: 2,
                places: 3
            }
        );
    }

    #[test]
    fn repeated_places_count_each_time_only_in_update_at() {
        let x = counting(&[3]);
        let one = Array::from(NdArray::scalar(1i64));
        x.update_at(BinaryOp::Add, &[ints(&[0, 0, 2])], &one)
            .unwrap();
        check_get(&x, &[], &[3], &[2, 1, 3]);
    }

    #[test]
    fn an_index_out_of_bounds_names_its_axis() {
        let error = counting(&[2, 3])
            .get_item(&[ALL, Item::Int(3)])
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "index 3 is out of bounds for axis 1 with size 3"
        );
        let error = counting(&[2])
            .get_item(&[Item::Int(0), Item::Int(0)])
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "too many indices for array: array is 1-dimensional, but 2 were indexed"
        );
    }
}
