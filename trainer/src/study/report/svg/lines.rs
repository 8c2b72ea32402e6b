//! Lines over two axes: training curves, precision against recall.

use super::Svg;

/// Size of the element.
const SIZE: [f64; 2] = [360.0, 262.0];

/// Left, right, upper and lower edge of the plane.
const PLANE: [f64; 4] = [48.0, 350.0, 62.0, 220.0];

/// Room of one name in the legend, and how many stand in a row.
const LEGEND: (f64, usize) = (150.0, 2);

/// A chart in the making.
pub struct Chart<'a> {
    /// Unique in the page.
    pub id: &'a str,
    /// What it shows.
    pub title: &'a str,
    /// The same in words.
    pub description: &'a str,
    /// Across.
    pub x: Axis<'a>,
    /// Upwards.
    pub y: Axis<'a>,
    /// At most four lines, told apart by colour and dashes.
    pub lines: Vec<Line<'a>>,
    /// A place on the x axis that a rule marks, and its name.
    pub mark: Option<(f64, &'a str)>,
}

/// What a direction means.
pub struct Axis<'a> {
    /// Name.
    pub name: &'a str,
    /// Least and greatest value.
    pub range: [f64; 2],
    /// Whether only whole numbers have a meaning.
    pub whole: bool,
}

/// A line from point to point; points that are not finite leave a gap.
pub struct Line<'a> {
    /// Name in the legend.
    pub name: &'a str,
    /// Its points.
    pub points: Vec<[f64; 2]>,
}

impl Chart<'_> {
    /// The whole element.
    pub fn draw(&self) -> String {
        let mut svg = Svg::new(self.id, self.title, self.description, SIZE);
        self.axes(&mut svg);
        for (i, line) in self.lines.iter().enumerate() {
            let class = format!("series s{}", i % 4);
            let row = (i / LEGEND.1) as f64;
            let x = PLANE[0] + (i % LEGEND.1) as f64 * LEGEND.0;
            let y = 11.0 + 18.0 * row;
            svg.path(&class, &[[x, y], [x + 26.0, y]]);
            svg.text("", [x + 32.0, y + 4.0], line.name);
            let finite = |point: &[f64; 2]| point.iter().all(|value| value.is_finite());
            for run in line.points.split(|point| !finite(point)) {
                let run: Vec<[f64; 2]> = run.iter().map(|point| self.place(*point)).collect();
                match run[..] {
                    [] => {}
                    // A line of one point would not be seen.
                    [[x, y]] => svg.path(&class, &[[x - 3.0, y], [x + 3.0, y]]),
                    _ => svg.path(&class, &run),
                }
            }
        }
        svg.finish()
    }

    fn axes(&self, svg: &mut Svg) {
        let [left, right, top, bottom] = PLANE;
        for tick in ticks(&self.y) {
            let [_, y] = self.place([self.x.range[0], tick.value]);
            svg.path("grid", &[[left, y], [right, y]]);
            svg.text("soft end", [left - 6.0, y + 4.0], &tick.label);
        }
        for tick in ticks(&self.x) {
            let [x, _] = self.place([tick.value, self.y.range[0]]);
            svg.path("axis", &[[x, bottom], [x, bottom + 4.0]]);
            svg.text("soft middle", [x, bottom + 18.0], &tick.label);
        }
        svg.path("axis", &[[left, top], [left, bottom], [right, bottom]]);
        svg.text("soft end", [right, SIZE[1] - 8.0], self.x.name);
        svg.text("soft", [0.0, top - 9.0], self.y.name);
        if let Some((place, name)) = self.mark {
            let [x, _] = self.place([place, self.y.range[0]]);
            svg.path("whisker", &[[x, top], [x, bottom]]);
            let near_end = x > f64::midpoint(left, right);
            let (class, gap) = if near_end { ("end", -5.0) } else { ("", 5.0) };
            svg.text(class, [x + gap, top + 10.0], name);
        }
    }

    fn place(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [left, right, top, bottom] = PLANE;
        [
            left + share(x, self.x.range) * (right - left),
            bottom - share(y, self.y.range) * (bottom - top),
        ]
    }
}

/// Where in the range a value is, in [0, 1].
fn share(value: f64, [low, high]: [f64; 2]) -> f64 {
    if high > low {
        ((value - low) / (high - low)).clamp(0.0, 1.0)
    } else {
        0.5
    }
}

struct Tick {
    value: f64,
    label: String,
}

/// Three to six round values within the axis.
fn ticks(axis: &Axis) -> Vec<Tick> {
    let [low, high] = axis.range;
    if high <= low {
        return vec![Tick {
            value: low,
            label: format!("{low:.0}"),
        }];
    }
    let (step, decimals) = step(high - low, axis.whole);
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last)
        .map(|i| {
            let value = i as f64 * step;
            let label = format!("{value:.decimals$}");
            Tick { value, label }
        })
        .collect()
}

/// The least of 1, 2 and 5 times a power of ten that divides the span into five parts at
/// most, and its decimals.
fn step(span: f64, whole: bool) -> (f64, usize) {
    let power = (span / 5.0).log10().floor();
    let unit = 10_f64.powf(power);
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|factor| span / (factor * unit) <= 5.0 + 1e-9);
    let step = factor.unwrap_or(10.0) * unit;
    if whole && step < 1.0 {
        return (1.0, 0);
    }
    let carried = if factor.is_none() { 1.0 } else { 0.0 };
    (step, (-power - carried).max(0.0) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        let labels = |range, whole| -> Vec<String> {
            let axis = Axis {
                name: "",
                range,
                whole,
            };
            ticks(&axis).into_iter().map(|tick| tick.label).collect()
        };
        let tenths = ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"];
        assert_eq!(labels([0.0, 1.0], false), tenths);
        assert_eq!(labels([0.0, 4.0], false), ["0", "1", "2", "3", "4"]);
        assert_eq!(labels([1.0, 3.0], true), ["1", "2", "3"]);
        assert_eq!(labels([1.0, 40.0], true), ["10", "20", "30", "40"]);
        assert_eq!(
            labels([0.0, 0.04], false),
            ["0.00", "0.01", "0.02", "0.03", "0.04"]
        );
        assert_eq!(labels([1.0, 1.0], true), ["1"]);
        for span in [0.003, 0.07, 0.9, 8.0, 61.0, 950.0] {
            let count = labels([0.0, span], false).len();
            assert!((3..=6).contains(&count), "{span}: {count}");
        }
    }
}
