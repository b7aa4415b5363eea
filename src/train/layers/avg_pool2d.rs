//! Means over windows, and over all places.

use std::iter::once;
use std::ops::Range;
use std::rc::Rc;

use super::place::Window;
use super::{Blueprint, Built, Place};
use crate::error::Result;
use crate::kernels::{Pool2dShape, Windows, window_mean};
use crate::train::spec::{Fields, Padding};
use crate::train::stage::{Backward, Forward, Plain, Stage};

/// Down, across.
struct AvgPool2d {
    size: [usize; 2],
    /// The size where it is left out.
    stride: Option<[usize; 2]>,
    padding: Padding,
}

/// Over all places of an image or a sequence.
struct GlobalAvgPool;

pub(super) fn read(_kind: &'static str, fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(AvgPool2d {
        size: fields.required("size"),
        stride: fields.or("stride", None),
        padding: fields.or("padding", Padding::Valid),
    })
}

pub(super) fn read_global(_kind: &'static str, _fields: &mut Fields) -> Rc<dyn Blueprint> {
    Rc::new(GlobalAvgPool)
}

impl Blueprint for AvgPool2d {
    /// A mean counts the pixels inside the image only, as Keras's `same` does.
    fn build(&self, place: &Place) -> Result<Built> {
        let window = Window {
            argument: "size",
            size: self.size,
            stride: self.stride.unwrap_or(self.size),
            dilation: [1, 1],
            padding: self.padding,
        };
        let shape = place.pooling(&window)?;
        let Pool2dShape { h, w, c, .. } = shape;
        // The windows of one axis, cut to the image.
        let cut = |places: usize,
                   stride: usize,
                   size: usize,
                   before: usize,
                   end: usize|
         -> Vec<Range<usize>> {
            let start = |place: usize| (place * stride).saturating_sub(before);
            let stop = |place: usize| (place * stride + size - before).min(end);
            (0..places).map(|place| start(place)..stop(place)).collect()
        };
        let windows = Windows {
            n: 1,
            h,
            w,
            c,
            rows: cut(shape.oh(), shape.stride.0, shape.size.0, shape.pad[0], h),
            cols: cut(shape.ow(), shape.stride.1, shape.size.1, shape.pad[2], w),
        };
        Ok(Built::new(
            vec![shape.oh(), shape.ow(), c],
            Means { windows },
        ))
    }
}

impl Blueprint for GlobalAvgPool {
    fn build(&self, place: &Place) -> Result<Built> {
        let (places, c) = place.places()?;
        let windows = Windows {
            n: 1,
            h: 1,
            w: places,
            c,
            rows: once(0..1).collect(),
            cols: once(0..places).collect(),
        };
        Ok(Built::new(vec![c], Means { windows }))
    }
}

struct Means {
    windows: Windows,
}

impl Stage for Means {
    fn plain(&self) -> Option<Plain> {
        Some(Plain::Mean(self.windows.clone()))
    }

    fn forward(&mut self, pass: Forward<'_>) {
        self.windows.n = pass.n;
        window_mean::forward(&self.windows, None, pass.inputs.get(0), pass.y);
    }

    fn backward(&mut self, pass: Backward<'_>) {
        let Backward { n, dy, mut dx, .. } = pass;
        self.windows.n = n;
        if let Some(dx) = &mut dx[0] {
            window_mean::backward(&self.windows, None, dy, dx);
        }
    }
}
