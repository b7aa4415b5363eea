//! Images moved, turned and zoomed a little, so that a net sees each of them anew every epoch.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::rng::Rng;

/// How far an image may be changed; 0 leaves it as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Augment {
    /// Moved by up to this many pixels along each axis, both ways.
    pub shift: f64,
    /// Turned about the centre by up to this many degrees, both ways.
    pub rotate_deg: f64,
    /// Zoomed about the centre by a factor within 1 − zoom to 1 + zoom; below 1.
    pub zoom: f64,
}

/// The map from an output pixel to the place in the input that it shows:
/// x' = xx·x + xy·y + x0, y' = yx·x + yy·y + y0.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Affine {
    xx: f32,
    xy: f32,
    x0: f32,
    yx: f32,
    yy: f32,
    y0: f32,
}

impl Augment {
    /// Errs when a range is negative, not finite, or a zoom could reach 0.
    pub fn check(&self) -> Result<()> {
        let fields = [
            (
                "shift",
                self.shift,
                self.shift >= 0.0 && self.shift.is_finite(),
                ">= 0",
            ),
            (
                "rotate_deg",
                self.rotate_deg,
                (0.0..=180.0).contains(&self.rotate_deg),
                "0..180",
            ),
            (
                "zoom",
                self.zoom,
                (0.0..1.0).contains(&self.zoom),
                ">= 0, < 1",
            ),
        ];
        for (argument, got, right, expected) in fields {
            if !right {
                return Err(Error::InvalidArgument {
                    place: "augment".into(),
                    argument: argument.into(),
                    expected: expected.into(),
                    got: got.to_string(),
                });
            }
        }
        Ok(())
    }

    /// Writes a changed copy of the image `x` into `y`, drawing the change from `rng`.
    ///
    /// Shape: `[H][W][C]` → `[H][W][C]`. Values between pixels are bilinear; outside the image
    /// there is 0. Always draws four numbers. Panics when a slice has another length than `shape`.
    pub fn apply(&self, rng: &mut Rng, shape: [usize; 3], x: &[f32], y: &mut [f32]) {
        let affine = self.draw(rng, shape);
        resample(&affine, shape, x, y);
    }

    fn draw(&self, rng: &mut Rng, [h, w, _]: [usize; 3]) -> Affine {
        let [right, down, turn, zoom] = std::array::from_fn(|_| rng.uniform_in(-1.0, 1.0));
        let angle = (turn * self.rotate_deg).to_radians();
        let scale = 1.0 / (1.0 + zoom * self.zoom);
        let (cos, sin) = (libm::cos(angle) * scale, libm::sin(angle) * scale);
        let (centre_x, centre_y) = ((w as f64 - 1.0) / 2.0, (h as f64 - 1.0) / 2.0);
        // The output is the input zoomed and turned about the centre, then moved; the map undoes
        // the move first.
        let (from_x, from_y) = (centre_x + right * self.shift, centre_y + down * self.shift);
        Affine {
            xx: cos as f32,
            xy: sin as f32,
            x0: (centre_x - cos * from_x - sin * from_y) as f32,
            yx: -sin as f32,
            yy: cos as f32,
            y0: (centre_y + sin * from_x - cos * from_y) as f32,
        }
    }
}

/// y[row][col] = bilinear value of x at the mapped place, 0 outside.
fn resample(affine: &Affine, [h, w, c]: [usize; 3], x: &[f32], y: &mut [f32]) {
    assert_eq!(x.len(), h * w * c, "augment: x of {h}×{w}×{c}");
    assert_eq!(y.len(), h * w * c, "augment: y of {h}×{w}×{c}");
    if c == 1 {
        resample_channels::<1>(affine, h, w, x, y);
    } else if c == 3 {
        resample_channels::<3>(affine, h, w, x, y);
    } else {
        for channel in 0..c {
            resample_strided(affine, h, w, c, &x[channel..], &mut y[channel..]);
        }
    }
}

fn resample_channels<const C: usize>(
    affine: &Affine,
    h: usize,
    w: usize,
    x: &[f32],
    y: &mut [f32],
) {
    for channel in 0..C {
        resample_strided(affine, h, w, C, &x[channel..], &mut y[channel..]);
    }
}

#[inline(always)]
fn resample_strided(affine: &Affine, h: usize, w: usize, c: usize, x: &[f32], y: &mut [f32]) {
    for row in 0..h {
        let base_x = affine.xy * row as f32 + affine.x0;
        let base_y = affine.yy * row as f32 + affine.y0;
        for col in 0..w {
            let at_x = affine.xx * col as f32 + base_x;
            let at_y = affine.yx * col as f32 + base_y;
            y[(row * w + col) * c] = bilinear(h, w, c, x, at_x, at_y);
        }
    }
}

/// (1−v)·((1−u)·x[r][q] + u·x[r][q+1]) + v·((1−u)·x[r+1][q] + u·x[r+1][q+1]), u and v the
/// fractions of the place.
#[inline(always)]
fn bilinear(h: usize, w: usize, c: usize, x: &[f32], at_x: f32, at_y: f32) -> f32 {
    // Outside by a pixel or more there is nothing but the border's 0; a NaN cannot come here.
    if at_x <= -1.0 || at_y <= -1.0 || at_x >= w as f32 || at_y >= h as f32 {
        return 0.0;
    }
    // Places are above −1, so adding 1 makes truncation the floor.
    let (q, r) = ((at_x + 1.0) as usize, (at_y + 1.0) as usize);
    let (u, v) = (at_x + 1.0 - q as f32, at_y + 1.0 - r as f32);
    let pixel = |r: usize, q: usize| {
        // r and q count from one row and one column before the image; the wrap puts those outside.
        let (r, q) = (r.wrapping_sub(1), q.wrapping_sub(1));
        if r < h && q < w {
            x[(r * w + q) * c]
        } else {
            0.0
        }
    };
    let upper = pixel(r, q) + u * (pixel(r, q + 1) - pixel(r, q));
    let lower = pixel(r + 1, q) + u * (pixel(r + 1, q + 1) - pixel(r + 1, q));
    upper + v * (lower - upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: [usize; 3] = [5, 7, 2];

    fn image() -> Vec<f32> {
        let mut rng = Rng::new(9);
        (0..70).map(|_| rng.uniform_f32()).collect()
    }

    #[test]
    fn no_range_leaves_the_image_as_it_is() {
        let x = image();
        let mut y = vec![f32::NAN; x.len()];
        Augment::default().apply(&mut Rng::new(1), SHAPE, &x, &mut y);
        assert_eq!(y, x);
    }

    #[test]
    fn a_whole_shift_moves_the_pixels_and_brings_in_zeros() {
        let moved = Affine {
            xx: 1.0,
            xy: 0.0,
            x0: -2.0,
            yx: 0.0,
            yy: 1.0,
            y0: 1.0,
        };
        let x = image();
        let mut y = vec![f32::NAN; x.len()];
        resample(&moved, SHAPE, &x, &mut y);
        let [h, w, c] = SHAPE;
        for row in 0..h {
            for col in 0..w {
                for channel in 0..c {
                    let inside = col >= 2 && row + 1 < h;
                    let want = if inside {
                        x[((row + 1) * w + col - 2) * c + channel]
                    } else {
                        0.0
                    };
                    assert_eq!(
                        y[(row * w + col) * c + channel],
                        want,
                        "{row} {col} {channel}"
                    );
                }
            }
        }
    }

    #[test]
    fn half_a_pixel_gives_the_mean_of_neighbours() {
        let moved = Affine {
            xx: 1.0,
            xy: 0.0,
            x0: 0.5,
            yx: 0.0,
            yy: 1.0,
            y0: 0.0,
        };
        let mut y = [0.0; 3];
        resample(&moved, [1, 3, 1], &[2.0, 4.0, 8.0], &mut y);
        assert_eq!(y, [3.0, 6.0, 4.0]);
    }

    #[test]
    fn a_turn_moves_a_bright_pixel_to_where_geometry_says() {
        // Straight right of the centre, turned by 90° (clockwise, for y points down), is below it.
        let augment = Augment {
            rotate_deg: 90.0,
            ..Augment::default()
        };
        let mut x = vec![0.0; 49];
        x[3 * 7 + 5] = 1.0;
        let mut seen = [false; 2];
        for seed in 0..200 {
            let turn = {
                let mut rng = Rng::new(seed);
                rng.uniform_in(-1.0, 1.0);
                rng.uniform_in(-1.0, 1.0);
                rng.uniform_in(-1.0, 1.0)
            };
            let mut y = vec![0.0; 49];
            augment.apply(&mut Rng::new(seed), [7, 7, 1], &x, &mut y);
            let weight: f32 = y.iter().sum();
            let centre = |of: fn(usize) -> f32| {
                y.iter().enumerate().map(|(i, v)| v * of(i)).sum::<f32>() / weight - 3.0
            };
            let (got_x, got_y) = (centre(|i| (i % 7) as f32), centre(|i| (i / 7) as f32));
            let angle = (turn * 90.0).to_radians();
            assert!(
                (f64::from(got_x) - 2.0 * angle.cos()).abs() < 0.2,
                "{got_x} at {angle}"
            );
            assert!(
                (f64::from(got_y) - 2.0 * angle.sin()).abs() < 0.2,
                "{got_y} at {angle}"
            );
            seen[usize::from(turn > 0.0)] = true;
        }
        assert_eq!(seen, [true, true]);
    }

    #[test]
    fn a_zoom_keeps_the_centre_and_scales_about_it() {
        let x: Vec<f32> = (0..9 * 9).map(|i| (i % 9) as f32).collect();
        let zoomed = Augment {
            zoom: 0.5,
            ..Augment::default()
        };
        for seed in 0..50 {
            let mut rng = Rng::new(seed);
            let factor = 1.0 + 0.5 * (0..4).map(|_| rng.uniform_in(-1.0, 1.0)).last().unwrap();
            let mut y = vec![0.0; 81];
            zoomed.apply(&mut Rng::new(seed), [9, 9, 1], &x, &mut y);
            assert!((y[4 * 9 + 4] - 4.0).abs() < 1e-5);
            let want = 4.0 + 1.0 / factor;
            assert!(
                (f64::from(y[4 * 9 + 5]) - want).abs() < 1e-4,
                "{} {want}",
                y[4 * 9 + 5]
            );
        }
    }

    #[test]
    fn shifts_fill_their_range() {
        let augment = Augment {
            shift: 2.0,
            ..Augment::default()
        };
        let mut rng = Rng::new(1);
        let moves: Vec<f32> = (0..1000)
            .map(|_| augment.draw(&mut rng, [28, 28, 1]).x0)
            .collect();
        assert!(moves.iter().all(|m| m.abs() <= 2.0));
        assert!(moves.iter().any(|&m| m > 1.9) && moves.iter().any(|&m| m < -1.9));
    }

    #[test]
    fn every_number_of_channels_is_treated_alike() {
        let augment = Augment {
            shift: 1.0,
            rotate_deg: 30.0,
            zoom: 0.2,
        };
        let (h, w) = (6, 5);
        for c in [2, 3, 4] {
            let mut rng = Rng::new(c as u64);
            let x: Vec<f32> = (0..h * w * c).map(|_| rng.uniform_f32()).collect();
            let mut y = vec![0.0; x.len()];
            augment.apply(&mut Rng::new(3), [h, w, c], &x, &mut y);
            for channel in 0..c {
                let plane: Vec<f32> = x.iter().skip(channel).step_by(c).copied().collect();
                let mut want = vec![0.0; h * w];
                augment.apply(&mut Rng::new(3), [h, w, 1], &plane, &mut want);
                let got: Vec<f32> = y.iter().skip(channel).step_by(c).copied().collect();
                assert_eq!(got, want);
            }
        }
    }

    #[test]
    fn ranges_without_meaning_are_refused() {
        for wrong in [
            Augment {
                shift: -1.0,
                ..Augment::default()
            },
            Augment {
                rotate_deg: f64::NAN,
                ..Augment::default()
            },
            Augment {
                zoom: 1.0,
                ..Augment::default()
            },
        ] {
            assert_eq!(wrong.check().unwrap_err().code(), "invalid_argument");
        }
        Augment {
            shift: 2.0,
            rotate_deg: 10.0,
            zoom: 0.1,
        }
        .check()
        .unwrap();
    }
}
