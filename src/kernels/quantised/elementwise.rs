//! What goes number by number: into int8, through a table, and two values added.

/// `q = clamp(round(x / scale) + zero, −128, 127)`, halves to the even one; NaN becomes `zero`.
pub fn quantise(x: &[f32], scale: f32, zero: i8, y: &mut [i8]) {
    assert_eq!(
        x.len(),
        y.len(),
        "quantised::quantise: x of {}, y of {}",
        x.len(),
        y.len()
    );
    let (per_unit, zero) = (1.0 / scale, i32::from(zero));
    for (y, &x) in y.iter_mut().zip(x) {
        // A cast cuts to i32's range, far beyond int8's.
        let whole = (x * per_unit).round_ties_even() as i32;
        *y = whole.saturating_add(zero).clamp(-128, 127) as i8;
    }
}

/// `y = table[x + 128]`: any curve, since int8 has 256 numbers.
pub fn look_up(table: &[i8; 256], x: &[i8], y: &mut [i8]) {
    assert_eq!(
        x.len(),
        y.len(),
        "quantised::look_up: x of {}, y of {}",
        x.len(),
        y.len()
    );
    for (y, &x) in y.iter_mut().zip(x) {
        *y = table[(i32::from(x) + 128) as usize];
    }
}

/// How two values of different scales are added.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition {
    /// Of each input.
    pub zeros: [i8; 2],
    /// `scale of the input / scale of the output` in 2^−shift; each below 2^21.
    pub multipliers: [i32; 2],
    /// In 1..=30.
    pub shift: u32,
    /// Of the output.
    pub zero: i8,
    /// Where the output is cut: −128, or `zero` for a relu.
    pub low: i8,
}

/// `y = clamp(zero + (Σᵢ (xᵢ − zeroᵢ) · multiplierᵢ + 2^(shift − 1)) >> shift, low, 127)`
pub fn add(how: &Addition, a: &[i8], b: &[i8], y: &mut [i8]) {
    assert!(
        a.len() == y.len() && b.len() == y.len(),
        "quantised::add: {} + {} → {}",
        a.len(),
        b.len(),
        y.len()
    );
    let ([za, zb], [ma, mb]) = (how.zeros.map(i32::from), how.multipliers);
    assert!(
        ma < 1 << 21 && mb < 1 << 21 && (1..=30).contains(&how.shift),
        "quantised::add: {how:?}"
    );
    let (half, zero, low) = (
        1 << (how.shift - 1),
        i32::from(how.zero),
        i32::from(how.low),
    );
    for ((y, &a), &b) in y.iter_mut().zip(a).zip(b) {
        // At most 2 · 255 · 2^21 + 2^29 < 2^31.
        let sum = (i32::from(a) - za) * ma + (i32::from(b) - zb) * mb;
        *y = (((sum + half) >> how.shift) + zero).clamp(low, 127) as i8;
    }
}
