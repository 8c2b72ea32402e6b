//! Max pooling of a band of a convolution's output, and its gradient.

use crate::im2col::Shape;

/// The largest value of each window of a band of `[filters, columns]`, and its place.
pub fn pool(
    shape: &Shape,
    full: &[f32],
    (first, count): (usize, usize),
    output: &mut [f32],
    places: &mut [u8],
) {
    // A width that the compiler knows is four times as fast.
    let pool_line = match shape.pool[1] {
        2 => pool_line::<2>,
        4 => pool_line::<4>,
        5 => pool_line::<5>,
        _ => pool_any_line,
    };
    let [height, width] = shape.output();
    let used = shape.used_width();
    let columns = count * shape.pool[0] * used;
    for filter in 0..shape.filters {
        let plane = &full[filter * columns..(filter + 1) * columns];
        for row in 0..count {
            let at = (filter * height + first + row) * width;
            let values = &mut output[at..at + width];
            let places = &mut places[at..at + width];
            values.fill(f32::NEG_INFINITY);
            for py in 0..shape.pool[0] {
                let line = &plane[(row * shape.pool[0] + py) * used..][..used];
                pool_line(line, shape.pool[1], py as u8, values, places);
            }
        }
    }
}

/// Puts a band of `[filters, columns]` in its place in the output.
pub fn copy(shape: &Shape, full: &[f32], (first, count): (usize, usize), output: &mut [f32]) {
    let [height, width] = shape.output();
    let columns = count * width;
    for (filter, line) in full[..shape.filters * columns]
        .chunks_exact(columns)
        .enumerate()
    {
        output[(filter * height + first) * width..][..columns].copy_from_slice(line);
    }
}

/// Takes line `py` of all windows of a row into account; windows are `W` wide. Without
/// branches, which on sound would go wrong half of the time.
fn pool_line<const W: usize>(
    line: &[f32],
    _: usize,
    py: u8,
    values: &mut [f32],
    places: &mut [u8],
) {
    let windows = line.as_chunks::<W>().0.iter().zip(values).zip(places);
    for ((window, value), place) in windows {
        let (mut best, mut at) = (*value, u32::from(*place));
        for (px, &candidate) in window.iter().enumerate() {
            let stays = u32::from(best > candidate).wrapping_neg();
            best = if best > candidate { best } else { candidate };
            at = at & stays | (u32::from(py) * W as u32 + px as u32) & !stays;
        }
        (*value, *place) = (best, at as u8);
    }
}

/// The same for windows of any width.
fn pool_any_line(line: &[f32], wide: usize, py: u8, values: &mut [f32], places: &mut [u8]) {
    let windows = line.chunks_exact(wide).zip(values).zip(places);
    for ((window, value), place) in windows {
        for (px, &candidate) in window.iter().enumerate() {
            // Of a broken network, nothing is larger than anything.
            if candidate >= *value || candidate.is_nan() {
                *value = candidate;
                *place = py * wide as u8 + px as u8;
            }
        }
    }
}

/// The gradient of a band of the convolution's output: zero but at the places.
pub fn unpool(
    shape: &Shape,
    gradient: &[f32],
    places: &[u8],
    (first, count): (usize, usize),
    full: &mut [f32],
) {
    let [height, width] = shape.output();
    let used = shape.used_width();
    let columns = count * shape.pool[0] * used;
    full[..shape.filters * columns].fill(0.0);
    // Where a place of a window lies, from the window's first value.
    let offsets: Vec<usize> = (0..shape.pool[0] * shape.pool[1])
        .map(|place| place / shape.pool[1] * used + place % shape.pool[1])
        .collect();
    for filter in 0..shape.filters {
        let plane = &mut full[filter * columns..(filter + 1) * columns];
        for row in 0..count {
            let at = (filter * height + first + row) * width;
            let line = &mut plane[row * shape.pool[0] * used..];
            let pulls = gradient[at..at + width].iter().zip(&places[at..at + width]);
            for (x, (pull, place)) in pulls.enumerate() {
                line[x * shape.pool[1] + offsets[usize::from(*place)]] = *pull;
            }
        }
    }
}
