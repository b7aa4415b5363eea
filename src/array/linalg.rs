//! Linear algebra of one float64 matrix: LU, Cholesky, QR, symmetric eigenvalues, singular values.

use super::error::{ArrayError, Kind, Result};
use super::order::ascending;
use super::typed::NdArray;

type Matrix = NdArray<f64>;

fn failed(code: &'static str, message: &str) -> ArrayError {
    ArrayError::Other {
        kind: Kind::LinAlg,
        code,
        message: message.into(),
    }
}

fn square(a: &Matrix) -> Result<usize> {
    match a.shape() {
        &[n, m] if n == m => Ok(n),
        _ => Err(failed(
            "linalg_not_square",
            "Last 2 dimensions of the array must be square",
        )),
    }
}

/// L and U in one array (L's unit diagonal left out), the rows' order, and whether it is odd;
/// `None` in place of a pivot that is zero.
struct Factors {
    n: usize,
    lu: Vec<f64>,
    rows: Vec<usize>,
    odd: bool,
    singular: bool,
}

fn factor(a: &Matrix) -> Result<Factors> {
    let n = square(a)?;
    let mut lu = a.to_vec();
    let mut rows: Vec<usize> = (0..n).collect();
    let (mut odd, mut singular) = (false, false);
    for k in 0..n {
        let pivot = (k..n)
            .max_by(|&i, &j| {
                lu[i * n + k]
                    .abs()
                    .total_cmp(&lu[j * n + k].abs())
                    .then(j.cmp(&i))
            })
            .unwrap_or(k);
        if lu[pivot * n + k] == 0.0 {
            singular = true;
            continue;
        }
        if pivot != k {
            for j in 0..n {
                lu.swap(k * n + j, pivot * n + j);
            }
            rows.swap(k, pivot);
            odd = !odd;
        }
        for i in k + 1..n {
            lu[i * n + k] /= lu[k * n + k];
            let times = lu[i * n + k];
            for j in k + 1..n {
                lu[i * n + j] -= times * lu[k * n + j];
            }
        }
    }
    Ok(Factors {
        n,
        lu,
        rows,
        odd,
        singular,
    })
}

/// `x` with `a x = b`. Shape: `(N, N), (N, K) → (N, K)`.
pub fn solve(a: &Matrix, b: &Matrix) -> Result<Matrix> {
    let Factors {
        n,
        lu,
        rows,
        singular,
        ..
    } = factor(a)?;
    if singular {
        return Err(failed("linalg_singular", "Singular matrix"));
    }
    if b.ndim() != 2 || b.shape()[0] != n {
        return Err(ArrayError::value(
            "array_matmul",
            format!(
                "solve: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (m,m),(m,n)->(m,n) (size {} is different from {n})",
                b.shape().first().unwrap_or(&0)
            ),
        ));
    }
    let k = b.shape()[1];
    let source = b.to_vec();
    let mut x: Vec<f64> = rows
        .iter()
        .flat_map(|&row| source[row * k..(row + 1) * k].iter().copied())
        .collect();
    for i in 0..n {
        for p in 0..i {
            for j in 0..k {
                x[i * k + j] -= lu[i * n + p] * x[p * k + j];
            }
        }
    }
    for i in (0..n).rev() {
        for p in i + 1..n {
            for j in 0..k {
                x[i * k + j] -= lu[i * n + p] * x[p * k + j];
            }
        }
        for j in 0..k {
            x[i * k + j] /= lu[i * n + i];
        }
    }
    Ok(NdArray::from_vec(x, &[n, k]))
}

pub fn determinant(a: &Matrix) -> Result<f64> {
    let Factors {
        n,
        lu,
        odd,
        singular,
        ..
    } = factor(a)?;
    if singular {
        return Ok(0.0);
    }
    let product: f64 = (0..n).map(|i| lu[i * n + i]).product();
    Ok(if odd { -product } else { product })
}

/// The lower L with `L Lᵀ = a`.
pub fn cholesky(a: &Matrix) -> Result<Matrix> {
    let n = square(a)?;
    let a = a.to_vec();
    let mut l = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|p| l[i * n + p] * l[j * n + p]).sum();
            let rest = a[i * n + j] - dot;
            if i == j {
                if rest.is_nan() || rest <= 0.0 {
                    return Err(failed(
                        "linalg_not_positive",
                        "Matrix is not positive definite",
                    ));
                }
                l[i * n + i] = libm::sqrt(rest);
            } else {
                l[i * n + j] = rest / l[j * n + j];
            }
        }
    }
    Ok(NdArray::from_vec(l, &[n, n]))
}

/// Q with orthonormal columns and upper R with `Q R = a`, by Householder reflections; R's diagonal
/// takes the signs that LAPACK gives it. `complete` makes Q square.
pub fn qr(a: &Matrix, complete: bool) -> (Matrix, Matrix) {
    let (m, n) = (a.shape()[0], a.shape()[1]);
    let steps = m.min(n);
    let mut r = a.to_vec();
    let mut reflections: Vec<(Vec<f64>, f64)> = Vec::with_capacity(steps);
    for k in 0..steps {
        let size = libm::sqrt((k..m).map(|i| r[i * n + k] * r[i * n + k]).sum());
        let below: f64 = (k + 1..m).map(|i| r[i * n + k].abs()).sum();
        if below == 0.0 {
            reflections.push((vec![0.0; m], 0.0));
            continue;
        }
        let head = if r[k * n + k] > 0.0 { -size } else { size };
        let mut v = vec![0.0; m];
        v[k] = r[k * n + k] - head;
        for i in k + 1..m {
            v[i] = r[i * n + k];
        }
        let scale = 2.0 / v.iter().map(|x| x * x).sum::<f64>();
        reflect(&mut r, n, k, &v, scale);
        reflections.push((v, scale));
    }
    let width = if complete { m } else { steps };
    let mut q = vec![0.0; m * width];
    for i in 0..width {
        q[i * width + i] = 1.0;
    }
    for (k, (v, scale)) in reflections.iter().enumerate().rev() {
        reflect(&mut q, width, 0, v, *scale);
        debug_assert!(k < steps);
    }
    let rows = width;
    let mut upper = vec![0.0; rows * n];
    for i in 0..rows.min(m) {
        for j in i..n {
            upper[i * n + j] = r[i * n + j];
        }
    }
    (
        NdArray::from_vec(q, &[m, width]),
        NdArray::from_vec(upper, &[rows, n]),
    )
}

/// `(I − scale v vᵀ) x` on the columns of `x` from `first`.
fn reflect(x: &mut [f64], columns: usize, first: usize, v: &[f64], scale: f64) {
    for j in first..columns {
        let dot: f64 = v
            .iter()
            .enumerate()
            .map(|(i, v)| v * x[i * columns + j])
            .sum();
        for (i, v) in v.iter().enumerate() {
            x[i * columns + j] -= scale * dot * v;
        }
    }
}

/// Eigenvalues of a symmetric matrix, ascending, and its eigenvectors as columns, by Jacobi's
/// rotations. Only the lower triangle is read.
pub fn eigh(a: &Matrix) -> Result<(Matrix, Matrix)> {
    let n = square(a)?;
    let given = a.to_vec();
    let mut s = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            s[i * n + j] = given[i * n + j];
            s[j * n + i] = given[i * n + j];
        }
    }
    let mut v = vec![0.0; n * n];
    for i in 0..n {
        v[i * n + i] = 1.0;
    }
    for _ in 0..100 {
        let off: f64 = (0..n)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| s[i * n + j] * s[i * n + j])
            .sum();
        let all: f64 = s.iter().map(|x| x * x).sum();
        if off <= 1e-32 * all || off == 0.0 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                if s[p * n + q] == 0.0 {
                    continue;
                }
                let theta = (s[q * n + q] - s[p * n + p]) / (2.0 * s[p * n + q]);
                let sign = if theta < 0.0 { -1.0 } else { 1.0 };
                let t = sign / (theta.abs() + libm::sqrt(theta * theta + 1.0));
                let c = 1.0 / libm::sqrt(t * t + 1.0);
                let d = t * c;
                for i in 0..n {
                    let (x, y) = (s[i * n + p], s[i * n + q]);
                    s[i * n + p] = c * x - d * y;
                    s[i * n + q] = d * x + c * y;
                }
                for i in 0..n {
                    let (x, y) = (s[p * n + i], s[q * n + i]);
                    s[p * n + i] = c * x - d * y;
                    s[q * n + i] = d * x + c * y;
                    let (x, y) = (v[i * n + p], v[i * n + q]);
                    v[i * n + p] = c * x - d * y;
                    v[i * n + q] = d * x + c * y;
                }
            }
        }
    }
    let order = ascending((0..n).map(|i| s[i * n + i]));
    let values = order.iter().map(|&i| s[i * n + i]).collect();
    let vectors = (0..n)
        .flat_map(|i| order.iter().map(move |&j| (i, j)))
        .map(|(i, j)| v[i * n + j]);
    Ok((
        NdArray::from_vec(values, &[n]),
        NdArray::from_vec(vectors.collect(), &[n, n]),
    ))
}

/// U, the singular values in descending order, and Vᵀ, with `U diag(s) Vᵀ = a`, by one-sided
/// Jacobi rotations. Shape: `(M, N) → (M, K), (K,), (K, N)` with K the smaller size.
pub fn svd(a: &Matrix) -> (Matrix, Matrix, Matrix) {
    let (m, n) = (a.shape()[0], a.shape()[1]);
    if m < n {
        let (u, s, vt) = svd(&a.transpose().contiguous());
        return (vt.transpose().contiguous(), s, u.transpose().contiguous());
    }
    let mut u = a.to_vec();
    let mut v = vec![0.0; n * n];
    for i in 0..n {
        v[i * n + i] = 1.0;
    }
    for _ in 0..100 {
        let mut rotated = false;
        for p in 0..n {
            for q in p + 1..n {
                let (mut alpha, mut beta, mut gamma) = (0.0, 0.0, 0.0);
                for i in 0..m {
                    let (x, y) = (u[i * n + p], u[i * n + q]);
                    alpha += x * x;
                    beta += y * y;
                    gamma += x * y;
                }
                if gamma == 0.0 || gamma.abs() <= 1e-16 * libm::sqrt(alpha * beta) {
                    continue;
                }
                rotated = true;
                let zeta = (beta - alpha) / (2.0 * gamma);
                let sign = if zeta < 0.0 { -1.0 } else { 1.0 };
                let t = sign / (zeta.abs() + libm::sqrt(zeta * zeta + 1.0));
                let c = 1.0 / libm::sqrt(t * t + 1.0);
                let d = t * c;
                for (cells, rows) in [(&mut u, m), (&mut v, n)] {
                    for i in 0..rows {
                        let (x, y) = (cells[i * n + p], cells[i * n + q]);
                        cells[i * n + p] = c * x - d * y;
                        cells[i * n + q] = d * x + c * y;
                    }
                }
            }
        }
        if !rotated {
            break;
        }
    }
    let sizes: Vec<f64> = (0..n)
        .map(|j| libm::sqrt((0..m).map(|i| u[i * n + j] * u[i * n + j]).sum()))
        .collect();
    let order = ascending(sizes.iter().map(|size| -size));
    let mut left = vec![0.0; m * n];
    let mut right = vec![0.0; n * n];
    for (to, &from) in order.iter().enumerate() {
        for i in 0..m {
            left[i * n + to] = if sizes[from] > 0.0 {
                u[i * n + from] / sizes[from]
            } else {
                0.0
            };
        }
        for i in 0..n {
            right[to * n + i] = v[i * n + from];
        }
    }
    let values = order.iter().map(|&j| sizes[j]).collect();
    (
        NdArray::from_vec(left, &[m, n]),
        NdArray::from_vec(values, &[n]),
        NdArray::from_vec(right, &[n, n]),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::array::{Array, matmul::matmul};

    fn matrix(values: &[f64], shape: &[usize]) -> Matrix {
        NdArray::from_vec(values.to_vec(), shape)
    }

    fn check_product(factors: &[&Matrix], expected: &Matrix) {
        let product = factors[1..]
            .iter()
            .fold(Array::from(factors[0].clone()), |acc, &next| {
                matmul(&acc, &next.clone().into()).unwrap()
            });
        assert_eq!(product.shape(), expected.shape());
        for (x, y) in product
            .typed::<f64>()
            .to_vec()
            .iter()
            .zip(expected.to_vec())
        {
            assert!((x - y).abs() < 1e-12, "{product:?} {expected:?}");
        }
    }

    fn diagonal(values: &Matrix) -> Matrix {
        let n = values.len();
        let out = NdArray::zeros(&[n, n]);
        for (i, v) in values.to_vec().into_iter().enumerate() {
            out.set(&[i, i], v);
        }
        out
    }

    #[test]
    fn factors_multiply_back() {
        let tall = matrix(&[1.0, 2.0, -3.0, 4.0, 0.5, 6.0], &[3, 2]);
        for a in [tall.clone(), tall.transpose().contiguous()] {
            let (q, r) = qr(&a, false);
            check_product(&[&q, &r], &a);
            let (q, r) = qr(&a, true);
            check_product(&[&q, &r], &a);
            let (u, s, vt) = svd(&a);
            check_product(&[&u, &diagonal(&s), &vt], &a);
        }
        let symmetric = matrix(&[4.0, 1.0, 2.0, 1.0, 3.0, 0.0, 2.0, 0.0, 5.0], &[3, 3]);
        let l = cholesky(&symmetric).unwrap();
        check_product(&[&l, &l.transpose()], &symmetric);
        let (w, v) = eigh(&symmetric).unwrap();
        check_product(&[&v, &diagonal(&w), &v.transpose()], &symmetric);
        let x = solve(&symmetric, &tall).unwrap();
        check_product(&[&symmetric, &x], &tall);
    }

    #[test]
    fn what_cannot_be_solved_says_so() {
        let singular = matrix(&[1.0, 2.0, 2.0, 4.0], &[2, 2]);
        assert_eq!(
            solve(&singular, &singular).unwrap_err().code(),
            "linalg_singular"
        );
        assert_eq!(determinant(&singular).unwrap(), 0.0);
        assert_eq!(
            determinant(&matrix(&[0.0, 1.0, 1.0, 0.0], &[2, 2])).unwrap(),
            -1.0
        );
        let negative = matrix(&[-1.0], &[1, 1]);
        assert_eq!(
            cholesky(&negative).unwrap_err().code(),
            "linalg_not_positive"
        );
    }
}
