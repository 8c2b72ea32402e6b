//! The unfolding of maps into columns (im2col), a band of rows at a time, and back.

/// Values of the unfolded columns that are held at once; half of a core's cache.
const PANEL: usize = 1 << 17;

/// Sizes of a convolution with pooling. Pairs are height, then width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Items of the batch.
    pub batch: usize,
    /// Channels of the input.
    pub channels: usize,
    /// Size of the input.
    pub input: [usize; 2],
    /// Channels of the output.
    pub filters: usize,
    /// Size of the kernel.
    pub kernel: [usize; 2],
    /// Zeros on both ends of each axis.
    pub padding: [usize; 2],
    /// Pooling window, which is also its stride. What does not fill one is left out.
    pub pool: [usize; 2],
}

impl Shape {
    /// Size of the pooled output.
    #[must_use]
    pub fn output(&self) -> [usize; 2] {
        [0, 1].map(|axis| {
            let padded = self.input[axis] + 2 * self.padding[axis];
            (padded + 1).saturating_sub(self.kernel[axis]) / self.pool[axis]
        })
    }

    /// Rows of the unfolded input: one for each weight of a filter.
    #[must_use]
    pub fn taps(&self) -> usize {
        self.channels * self.kernel[0] * self.kernel[1]
    }

    /// Values of one item of the input.
    #[must_use]
    pub fn item(&self) -> usize {
        self.channels * self.input[0] * self.input[1]
    }

    /// Values of one item of the output.
    #[must_use]
    pub fn output_item(&self) -> usize {
        let [height, width] = self.output();
        self.filters * height * width
    }

    /// Columns of the convolution's output that pooling uses.
    #[must_use]
    pub fn used_width(&self) -> usize {
        self.output()[1] * self.pool[1]
    }

    /// Whether there is anything to pool.
    #[must_use]
    pub fn pools(&self) -> bool {
        self.pool != [1, 1]
    }

    /// Pooled rows that are worked on at once.
    #[must_use]
    pub fn band(&self) -> usize {
        let row = self.taps() * self.pool[0] * self.used_width();
        (PANEL / row.max(1)).clamp(1, self.output()[0].max(1))
    }

    /// The bands: first pooled row and number of pooled rows.
    pub fn bands(&self) -> impl Iterator<Item = (usize, usize)> {
        let (height, band) = (self.output()[0], self.band());
        (0..height)
            .step_by(band)
            .map(move |first| (first, band.min(height - first)))
    }
}

/// Visits the rows of the unfolded columns of a band: row in the panel, then where its
/// values come from in the item, and how many zeros stand before and after them.
fn rows(
    shape: &Shape,
    (first, count): (usize, usize),
    mut visit: impl FnMut(std::ops::Range<usize>, Option<(usize, usize, usize)>),
) {
    let [height, width] = shape.input;
    let used = shape.used_width();
    let lines = count * shape.pool[0];
    let mut at = 0;
    for channel in 0..shape.channels {
        for ky in 0..shape.kernel[0] {
            for kx in 0..shape.kernel[1] {
                // Columns whose source lies inside the row.
                let low = shape.padding[1].saturating_sub(kx).min(used);
                let high = (width + shape.padding[1])
                    .saturating_sub(kx)
                    .clamp(low, used);
                for line in 0..lines {
                    let y = (first * shape.pool[0] + line + ky).checked_sub(shape.padding[0]);
                    let source = y.filter(|&y| y < height && high > low).map(|y| {
                        let x = low + kx - shape.padding[1];
                        ((channel * height + y) * width + x, low, high)
                    });
                    visit(at..at + used, source);
                    at += used;
                }
            }
        }
    }
}

/// Unfolds a band of an item into `[taps, columns]`.
pub fn unfold(shape: &Shape, item: &[f32], band: (usize, usize), panel: &mut [f32]) {
    rows(shape, band, |at, source| {
        let row = &mut panel[at];
        match source {
            None => row.fill(0.0),
            Some((from, low, high)) => {
                row[..low].fill(0.0);
                row[low..high].copy_from_slice(&item[from..from + high - low]);
                row[high..].fill(0.0);
            }
        }
    });
}

/// Adds the gradient of unfolded columns to that of the item.
pub fn fold(shape: &Shape, panel: &[f32], band: (usize, usize), item: &mut [f32]) {
    rows(shape, band, |at, source| {
        if let Some((from, low, high)) = source {
            let row = &panel[at][low..high];
            for (sum, value) in item[from..from + high - low].iter_mut().zip(row) {
                *sum += value;
            }
        }
    });
}
