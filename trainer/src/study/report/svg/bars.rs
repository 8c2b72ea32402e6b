//! A bar for every system, with its interval.

use super::Svg;
use crate::study::run::Family;

/// Room of one bar and of the name above it.
const ROW: f64 = 42.0;

/// Left and right edge of the scale from 0 to 1.
const EDGES: [f64; 2] = [4.0, 376.0];

/// Room above the first bar.
const TOP: f64 = 40.0;

/// One bar; all numbers are in [0, 1].
pub struct Bar<'a> {
    /// Name.
    pub name: &'a str,
    /// Decides how it is filled.
    pub family: Family,
    /// Its length.
    pub value: f64,
    /// Its interval.
    pub interval: [f64; 2],
    /// The number as it is written beside the name.
    pub label: String,
}

/// Bars under each other, in the order given.
pub fn draw(id: &str, title: &str, description: &str, bars: &[Bar]) -> String {
    let bottom = TOP + ROW * bars.len() as f64;
    let mut svg = Svg::new(id, title, description, [384.0, bottom + 20.0]);
    legend(&mut svg, bars);
    for step in 0..=5 {
        let x = place(f64::from(step) / 5.0);
        svg.path("grid", &[[x, TOP - 8.0], [x, bottom]]);
        svg.text("soft middle", [x, bottom + 15.0], &tick(step));
    }
    for (row, bar) in bars.iter().enumerate() {
        one(&mut svg, bar, TOP + ROW * row as f64);
    }
    svg.finish()
}

fn one(svg: &mut Svg, bar: &Bar, top: f64) {
    let (start, y) = (place(0.0), top + 18.0);
    svg.text("strong", [start, top + 12.0], bar.name);
    svg.text("end", [EDGES[1], top + 12.0], &bar.label);
    let size = [place(bar.value) - start, 14.0];
    svg.rect(class(bar.family), [start, y], size, "");
    let [low, high] = bar.interval.map(place);
    let middle = y + 7.0;
    svg.path("whisker", &[[low, middle], [high, middle]]);
    for x in [low, high] {
        svg.path("whisker", &[[x, middle - 4.0], [x, middle + 4.0]]);
    }
}

/// Names the kinds that occur.
fn legend(svg: &mut Svg, bars: &[Bar]) {
    let mut x = EDGES[0];
    for (family, name) in [
        (Family::Neural, "neural"),
        (Family::Classic, "classic"),
        (Family::Baseline, "baseline"),
    ] {
        if bars.iter().any(|bar| bar.family == family) {
            svg.rect(class(family), [x, 5.0], [18.0, 12.0], "");
            svg.text("", [x + 24.0, 15.0], name);
            x += 86.0;
        }
    }
    svg.path("whisker", &[[x, 11.0], [x + 18.0, 11.0]]);
    svg.text("", [x + 24.0, 15.0], "95 % interval");
}

const fn class(family: Family) -> &'static str {
    match family {
        Family::Baseline => "baseline",
        Family::Classic => "classic",
        Family::Neural => "neural",
    }
}

fn tick(step: i32) -> String {
    match step {
        0 => "0".to_owned(),
        5 => "1".to_owned(),
        _ => format!("0.{}", 2 * step),
    }
}

fn place(value: f64) -> f64 {
    EDGES[0] + value.clamp(0.0, 1.0) * (EDGES[1] - EDGES[0])
}
