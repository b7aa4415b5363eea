//! An image with its border of zeros, and how a window lies in it.

use crate::kernels::Conv2dShape;
use crate::kernels::gemm::pack::with_scratch;

/// The runs of inputs under a window.
pub struct Runs {
    /// Runs that follow each other at one distance, then how often that repeats, and how far on.
    pub segments: usize,
    pub segment: usize,
    pub repeats: usize,
    pub repeat: usize,
    /// Inputs in a run.
    pub depth: usize,
}

impl Runs {
    /// `row` is the distance of two rows of the (padded) image.
    pub fn new(s: &Conv2dShape, row: usize) -> Runs {
        let down = s.dilation.0 * row;
        if s.dilation.1 == 1 && s.groups == 1 {
            Runs {
                segments: s.kh,
                segment: down,
                repeats: 1,
                repeat: 0,
                depth: s.kw * s.c,
            }
        } else {
            let depth = s.c / s.groups;
            Runs {
                segments: s.kw,
                segment: s.dilation.1 * s.c,
                repeats: s.kh,
                repeat: down,
                depth,
            }
        }
    }
}

/// One image with its border of zeros.
pub struct Padded {
    height: usize,
    width: usize,
}

impl Padded {
    pub fn new(s: &Conv2dShape) -> Padded {
        Padded {
            height: s.h + s.pad[0] + s.pad[1],
            width: s.w + s.pad[2] + s.pad[3],
        }
    }

    /// Elements from one row to the next.
    pub fn row(&self, s: &Conv2dShape) -> usize {
        self.width * s.c
    }

    fn len(&self, s: &Conv2dShape) -> usize {
        self.height * self.row(s)
    }

    /// The first element inside the border.
    fn inside(&self, s: &Conv2dShape) -> usize {
        s.pad[0] * self.row(s) + s.pad[2] * s.c
    }

    /// Calls `f(n, image)` for each image of the batch, padded where the shape asks for it.
    pub fn for_each_image(&self, s: &Conv2dShape, x: &[f32], mut f: impl FnMut(usize, &[f32])) {
        let image_len = s.h * s.w * s.c;
        if s.pad == [0; 4] {
            (0..s.n).for_each(|n| f(n, &x[n * image_len..][..image_len]));
            return;
        }
        with_scratch(self.len(s), |padded| {
            padded.fill(0.0);
            for n in 0..s.n {
                let image = &x[n * image_len..][..image_len];
                for (y, from) in image.chunks_exact(s.w * s.c).enumerate() {
                    let to = self.inside(s) + y * self.row(s);
                    padded[to..][..from.len()].copy_from_slice(from);
                }
                f(n, padded);
            }
        });
    }

    /// Lets `f(n, image)` add to each image of the batch, from zero, border and all.
    pub fn for_each_image_mut(
        &self,
        s: &Conv2dShape,
        dx: &mut [f32],
        mut f: impl FnMut(usize, &mut [f32]),
    ) {
        let image_len = s.h * s.w * s.c;
        if s.pad == [0; 4] {
            dx.fill(0.0);
            (0..s.n).for_each(|n| f(n, &mut dx[n * image_len..][..image_len]));
            return;
        }
        with_scratch(self.len(s), |padded| {
            for n in 0..s.n {
                padded.fill(0.0);
                f(n, padded);
                let image = &mut dx[n * image_len..][..image_len];
                for (y, to) in image.chunks_exact_mut(s.w * s.c).enumerate() {
                    let from = self.inside(s) + y * self.row(s);
                    to.copy_from_slice(&padded[from..][..to.len()]);
                }
            }
        });
    }
}
