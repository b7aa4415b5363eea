//! Tiles of every shape against the definition. All numbers are small and whole, so a sum is exact
//! in whatever order it is taken and whether or not products are rounded.

use super::tile::{
    COLUMNS, ROWS, Run, Start, Target, WIDE, Walk, for_each_run_of, for_each_tile_of, tile,
    tile_of_rows, tiles, wide_rows,
};
use crate::kernels::simd::LANES;
use crate::kernels::testing::Numbers;

/// The highest tile that there is in any variant; `simd` takes up to four of its rows.
const HIGHEST: usize = 6;

fn whole(numbers: &mut Numbers, len: usize) -> Vec<f32> {
    let values: Vec<f32> = numbers.vec(len);
    values.into_iter().map(|v| (v * 8.0).round()).collect()
}

/// A walk whose every distance is another, through `rows` rows of A: how long A and B must be.
fn walk(rows: usize, segments: usize, depth: usize, adjacent: bool) -> (Walk, usize, usize) {
    let (a_row, a_step) = if adjacent {
        (1, rows + 1)
    } else {
        (segments * depth + 3, 1)
    };
    let b_step = COLUMNS + 2;
    let walk = Walk {
        segments,
        depth,
        a_row,
        a_step,
        b_step,
        a_segment: depth * a_step + 2,
        b_segment: depth * b_step + 5,
    };
    let last = |row: usize, segment: usize, step: usize| {
        rows * row + segments * segment + depth * step + WIDE
    };
    let a_len = last(walk.a_row, walk.a_segment, walk.a_step);
    (walk, a_len, last(0, walk.b_segment, walk.b_step))
}

/// The sum of one place of a tile.
fn sum(walk: &Walk, start: f32, row: usize, column: usize, a: &[f32], b: &[f32]) -> f32 {
    let mut sum = start;
    for s in 0..walk.segments {
        for t in 0..walk.depth {
            let a = a[row * walk.a_row + s * walk.a_segment + t * walk.a_step];
            sum += a * b[s * walk.b_segment + t * walk.b_step + column];
        }
    }
    sum
}

const WALKS: [(usize, usize); 6] = [(1, 1), (1, 2), (1, 7), (2, 3), (3, 5), (1, 67)];

#[test]
fn tiles_of_one_to_six_rows_sum_what_the_definition_sums() {
    for rows in 1..=HIGHEST {
        for adjacent in [false, true] {
            for (segments, depth) in WALKS {
                for starts in [None, Some(0), Some(11)] {
                    let (walk, a_len, b_len) = walk(rows, segments, depth, adjacent);
                    let mut numbers = Numbers::new((rows * 100 + segments * 10 + depth) as u64);
                    let (a, b) = (whole(&mut numbers, a_len), whole(&mut numbers, b_len));
                    let from = whole(&mut numbers, rows * 11 + COLUMNS);
                    let c_row = COLUMNS + 1;
                    let mut c = vec![99.0; rows * c_row];
                    let mut expected = c.clone();
                    for r in 0..rows {
                        for j in 0..COLUMNS {
                            let start = starts.map_or(0.0, |from_row| from[r * from_row + j]);
                            expected[r * c_row + j] = sum(&walk, start, r, j, &a, &b);
                        }
                    }
                    let start = starts.map(|from_row| (from.as_ptr(), from_row));
                    let c_start = c.as_mut_ptr();
                    // Safety: A and B are as long as the walk leads, C and `from` have the rows.
                    unsafe {
                        tile_of_rows(&walk, rows, start, a.as_ptr(), b.as_ptr(), c_start, c_row)
                    };
                    assert_eq!(c, expected, "{rows} rows, {walk:?}, {starts:?}");
                }
            }
        }
    }
}

/// Tiles of this variant's heights side by side, narrow or whole, C upright or turned.
fn check_run(rows: usize, columns: usize, turned: bool, walked: (usize, usize), count: usize) {
    for (adjacent, kind) in [(false, 0), (true, 1), (false, 2)] {
        let (walk, a_len, b_len) = walk(rows, walked.0, walked.1, adjacent);
        let run = Run {
            tiles: count,
            a: 3,
            b: 4,
            c: if turned {
                COLUMNS * (rows + 1)
            } else {
                COLUMNS
            },
            row: 5,
        };
        let mut numbers = Numbers::new((rows * 1000 + columns * 10 + count) as u64);
        let a = whole(&mut numbers, a_len + count * run.a);
        let b = whole(&mut numbers, b_len + count * run.b);
        let row = whole(&mut numbers, count * run.row + COLUMNS);
        let wide = count * COLUMNS;
        let (c_row, c_column) = if turned { (1, rows + 1) } else { (wide, 1) };
        let mut c = whole(&mut numbers, wide * (rows + 1));
        let mut expected = c.clone();
        for i in 0..count {
            for r in 0..rows {
                for j in 0..columns {
                    let at = i * run.c + r * c_row + j * c_column;
                    let start = [0.0, c[at], row[i * run.row + j]][kind];
                    expected[at] = sum(&walk, start, r, j, &a[i * run.a..], &b[i * run.b..]);
                }
            }
        }
        let target = Target {
            rows,
            columns,
            c_row,
            c_column,
            start: [Start::Zero, Start::Held, Start::Row(row.as_ptr())][kind],
        };
        let c_start = c.as_mut_ptr();
        // Safety: all arrays are as long as the walk and the run lead.
        unsafe {
            match count {
                1 => tile(&walk, target, a.as_ptr(), b.as_ptr(), c_start),
                _ => tiles(&walk, target, run, a.as_ptr(), b.as_ptr(), c_start),
            }
        }
        let what = format!(
            "{rows}x{columns}, {count} tiles, turned {turned}, {:?}",
            target.start
        );
        assert_eq!(c, expected, "{what}");
    }
}

#[test]
fn narrow_and_turned_tiles_sum_what_the_definition_sums() {
    for rows in 1..=ROWS {
        for columns in 1..=COLUMNS {
            for (walked, count) in [((1, 1), 1), ((2, 3), 1), ((1, 5), 3), ((1, 64), 2)] {
                check_run(rows, columns, false, walked, count);
                if rows <= LANES {
                    check_run(rows, columns, true, walked, count);
                }
            }
        }
    }
}

#[test]
fn wide_rows_sum_what_the_definition_sums() {
    for (rows, depth) in [(1, 1), (1, 9), (3, 2), (5, 15)] {
        for kind in 0..3 {
            let (mut walk, a_len, _) = walk(rows, 1, depth, false);
            walk.b_step = WIDE + 1;
            let mut numbers = Numbers::new((rows * 10 + depth) as u64);
            let a = whole(&mut numbers, a_len);
            let b = whole(&mut numbers, depth * walk.b_step);
            let row = whole(&mut numbers, WIDE);
            let c_row = WIDE + 3;
            let mut c = whole(&mut numbers, rows * c_row);
            let mut expected = c.clone();
            for r in 0..rows {
                for j in 0..WIDE {
                    let start = [0.0, c[r * c_row + j], row[j]][kind];
                    expected[r * c_row + j] = sum(&walk, start, r, j, &a, &b);
                }
            }
            let start = [Start::Zero, Start::Held, Start::Row(row.as_ptr())][kind];
            let c_start = c.as_mut_ptr();
            // Safety: all arrays are as long as the walk leads.
            unsafe { wide_rows(&walk, rows, start, a.as_ptr(), b.as_ptr(), c_start, c_row) };
            assert_eq!(c, expected, "{rows} rows, {depth} terms, {start:?}");
        }
    }
}

#[test]
fn tiles_cover_every_row_once_and_evenly() {
    for highest in [1, 4, 6] {
        for rows in 0..40 {
            let mut single = Vec::new();
            for_each_tile_of(rows, highest, |first, height| single.push((first, height)));
            let mut runs = Vec::new();
            for_each_run_of(rows, highest, |first, height, tiles| {
                runs.extend((0..tiles).map(|i| (first + i * height, height)));
            });
            assert_eq!(single, runs, "{rows} rows in tiles of {highest}");
            let mut next = 0;
            for &(first, height) in &single {
                assert_eq!(first, next, "{rows} rows in tiles of {highest}");
                assert!((1..=highest).contains(&height));
                next += height;
            }
            assert_eq!(next, rows);
            let heights = single.iter().map(|&(_, height)| height);
            let (low, high) = (heights.clone().min(), heights.max());
            assert!(high.unwrap_or(0) - low.unwrap_or(0) <= 1, "{single:?}");
        }
    }
}
