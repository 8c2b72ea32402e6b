//! From the probabilities of pairs of classes to one for each class.

use super::part::Shares;

/// Joins pairwise probabilities (`r[i][j]`: i rather than j) into one per class: the
/// second method of Wu, Lin and Weng 2004, "Probability estimates for multi-class
/// classification by pairwise coupling", with libsvm 3's stopping rule.
pub(super) fn couple(r: &[Vec<f64>]) -> Shares {
    const MAX_ITERATIONS: usize = 100;
    let n = r.len();
    if n == 2 {
        return vec![r[0][1], r[1][0]];
    }
    let tolerance = 0.005 / n as f64;
    let mut q = vec![vec![0.0; n]; n];
    for t in 0..n {
        for j in (0..n).filter(|&j| j != t) {
            q[t][t] += r[j][t] * r[j][t];
            q[t][j] = -r[j][t] * r[t][j];
        }
    }
    let mut p = vec![1.0 / n as f64; n];
    for _ in 0..MAX_ITERATIONS {
        let mut qp: Vec<f64> = q.iter().map(|row| dot(row, &p)).collect();
        let mut pqp = dot(&p, &qp);
        if qp.iter().all(|value| (value - pqp).abs() < tolerance) {
            break;
        }
        for t in 0..n {
            let step = (pqp - qp[t]) / q[t][t];
            let norm = 1.0 + step;
            pqp = (pqp + step * (step * q[t][t] + 2.0 * qp[t])) / norm / norm;
            p[t] += step;
            for j in 0..n {
                qp[j] = (qp[j] + step * q[t][j]) / norm;
                p[j] /= norm;
            }
        }
    }
    p
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| x * y).sum()
}
