//! The report's plots as `<svg>` elements. Colours are names for the page's style sheet,
//! which gives each its tone in light, in the dark and on paper.

use std::ops::Range;

use anyhow::Result;
use plotters::coord::Shift;
use plotters::coord::types::RangedCoordf64;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::document::{Plot, plain};
use crate::study::run::Family;

const TEXT: RGBColor = RGBColor(0x1D, 0x20, 0x26);
const SOFT: RGBColor = RGBColor(0x56, 0x5C, 0x68);
const LINE: RGBColor = RGBColor(0xD5, 0xD7, 0xDC);
const HEAT: RGBColor = RGBColor(0x1F, 0x6F, 0xD0);
/// Lines and bars; the style sheet also gives the lines their dashes.
const SERIES: [RGBColor; 4] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xC2, 0x4E, 0x00),
    RGBColor(0x00, 0x79, 0x5A),
    RGBColor(0xA8, 0x51, 0x8A),
];

/// Height of the strip above a plot that names its colours.
const LEGEND: i32 = 24;

/// Where a word stands, seen from its place.
const RIGHT: (HPos, VPos) = (HPos::Left, VPos::Center);
const LEFT: (HPos, VPos) = (HPos::Right, VPos::Center);
const ABOVE: (HPos, VPos) = (HPos::Center, VPos::Bottom);
const BELOW: (HPos, VPos) = (HPos::Center, VPos::Top);

/// Opacity of a full cell of a matrix; the text stays readable on it.
const DEEPEST: f64 = 0.6;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Plane<'a> = ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordf64, RangedCoordf64>>;

/// A bar with its interval; all numbers are in [0, 1].
pub struct Bar {
    /// Name.
    pub name: String,
    /// Decides how it is filled.
    pub family: Family,
    /// Its length.
    pub value: f64,
    /// Its interval.
    pub interval: [f64; 2],
    /// The number as it is written beside the name.
    pub label: String,
}

/// What a direction means.
pub struct Axis<'a> {
    /// Name.
    pub name: &'a str,
    /// Least and greatest value.
    pub range: [f64; 2],
    /// Most values that are named; none has no axis at all.
    pub labels: usize,
    /// Their decimals.
    pub decimals: usize,
}

impl<'a> Axis<'a> {
    /// From 0 to 1.
    pub const fn share(name: &'a str) -> Self {
        Self {
            name,
            range: [0.0, 1.0],
            labels: 6,
            decimals: 1,
        }
    }

    /// Its range, which must not be empty.
    fn span(&self) -> Range<f64> {
        let [low, high] = self.range;
        if high > low {
            low..high
        } else {
            low - 0.5..low + 0.5
        }
    }
}

/// At most four lines by name, told apart by colour and dashes; points that are not finite
/// leave a gap.
pub type Lines<'a> = [(&'a str, Vec<[f64; 2]>)];

/// Bars under each other, in the order given.
///
/// # Errors
/// Where the plot can't be drawn.
pub fn bars(caption: &str, description: &str, bars: &[Bar]) -> Result<Plot> {
    let occurs = |family| bars.iter().any(|bar| bar.family == family);
    let families = [
        ("neural", Family::Neural),
        ("classic", Family::Classic),
        ("baseline", Family::Baseline),
    ];
    let families = families.into_iter().filter(|(_, family)| occurs(*family));
    let names = families.map(|(name, family)| {
        let (color, opacity) = tone(family);
        (name, color.mix(opacity).stroke_width(12))
    });
    let height = 42 * bars.len() as u32 + LEGEND as u32 + 30;
    draw(caption, description, (384, height), |area| {
        let interval = ("95 % interval", TEXT.stroke_width(2));
        let body = legend(area, names.chain([interval]))?;
        let rows = Axis {
            range: [-(bars.len() as f64), 0.0],
            labels: 0,
            ..Axis::share("")
        };
        let mut chart = plane(&body, &Axis::share(""), &rows)?;
        for (row, bar) in bars.iter().enumerate() {
            let y = -(row as f64);
            let [low, high, end] = [bar.interval[0], bar.interval[1], bar.value].map(in_range);
            let (color, opacity) = tone(bar.family);
            let body = [(0.0, y - 0.53), (end, y - 0.88)];
            chart.draw_series([
                Rectangle::new(body, color.mix(opacity).filled()),
                Rectangle::new(body, color.stroke_width(1)),
            ])?;
            let (above, middle, below) = (y - 0.6, y - 0.705, y - 0.81);
            let whisker = [
                [(low, middle), (high, middle)],
                [(low, above), (low, below)],
                [(high, above), (high, below)],
            ];
            chart.draw_series(whisker.map(|way| PathElement::new(way, TEXT.stroke_width(2))))?;
            chart.draw_series([
                text(&bar.name, (0.0, y - 0.33), TEXT, RIGHT),
                text(&bar.label, (1.0, y - 0.33), TEXT, LEFT),
            ])?;
        }
        Ok(())
    })
}

/// A confusion matrix: rows are true classes, columns answers, both named by `classes`;
/// each row is coloured by its shares and labelled with its counts.
///
/// # Errors
/// Where the plot can't be drawn.
pub fn matrix(
    caption: &str,
    description: &str,
    classes: &[String],
    counts: &[Vec<usize>],
) -> Result<Plot> {
    let ([left, top], [width, height]) = ([84, 44], [66, 46]);
    let n = classes.len() as u32;
    let size = (88 + 66 * n, 48 + 46 * n);
    draw(caption, description, size, |area| {
        area.draw(&text("true ↓", (0, top - 14), SOFT, RIGHT))?;
        area.draw(&text("answered →", (left, 8), SOFT, RIGHT))?;
        for (row, (class, counts)) in (0..).zip(classes.iter().zip(counts)) {
            let (across, down) = (left + width * row, top + height * row);
            let (middle, all) = (down + height / 2, counts.iter().sum::<usize>().max(1));
            area.draw(&text(class, (left - 8, middle), TEXT, LEFT))?;
            area.draw(&text(class, (across + width / 2, top - 8), TEXT, ABOVE))?;
            for (column, count) in (0..).zip(counts) {
                let (x, share) = (left + width * column, *count as f64 / all as f64);
                let cell = [(x, down), (x + width, down + height)];
                area.draw(&Rectangle::new(cell, HEAT.mix(DEEPEST * share).filled()))?;
                area.draw(&Rectangle::new(cell, LINE.stroke_width(1)))?;
                let x = x + width / 2;
                let percent = format!("{:.0} %", 100.0 * share);
                area.draw(&text(count, (x, middle - 2), TEXT, ABOVE))?;
                area.draw(&text(percent, (x, middle + 2), TEXT, BELOW))?;
            }
        }
        Ok(())
    })
}

/// Lines over two axes; `mark` is a place on the x axis that a rule marks, and its name.
///
/// # Errors
/// Where the plot can't be drawn.
pub fn lines(
    caption: &str,
    description: &str,
    [x, y]: [Axis; 2],
    lines: &Lines,
    mark: Option<(f64, &str)>,
) -> Result<Plot> {
    let styles = SERIES.map(|color| color.stroke_width(2));
    let names = lines
        .iter()
        .zip(styles)
        .map(|((name, _), style)| (*name, style));
    draw(caption, description, (360, 270), |area| {
        let body = legend(area, names)?;
        let mut chart = plane(&body, &x, &y)?;
        for ((_, points), style) in lines.iter().zip(styles) {
            let finite = |point: &[f64; 2]| point.iter().all(|value| value.is_finite());
            let runs = points.split(|point| !finite(point));
            for run in runs.filter(|run| !run.is_empty()) {
                let way: Vec<(f64, f64)> = run.iter().map(|[x, y]| (*x, *y)).collect();
                // A line of one point would not be seen.
                let alone = if way.len() == 1 { way.first() } else { None };
                chart.draw_series(alone.map(|at| Circle::new(*at, 2, style.filled())))?;
                chart.draw_series([PathElement::new(way, style)])?;
            }
        }
        if let Some((place, name)) = mark {
            let [low, high] = y.range;
            let ends = [(place, low), (place, high)];
            chart.draw_series([PathElement::new(ends, TEXT.stroke_width(2))])?;
            let [start, end] = x.range;
            let gap = 0.02 * (end - start);
            let (side, at) = if place > f64::midpoint(start, end) {
                (LEFT, place - gap)
            } else {
                (RIGHT, place + gap)
            };
            let height = 0.06 * low + 0.94 * high;
            chart.draw_series([text(name, (at, height), TEXT, side)])?;
        }
        Ok(())
    })
}

/// The area with its axes, and a rule at every value that they name.
fn plane<'a>(area: &Area<'a>, x: &Axis, y: &Axis) -> Result<Plane<'a>> {
    let mut plane = ChartBuilder::on(area)
        .margin(4)
        .margin_right(14)
        .x_label_area_size(if x.name.is_empty() { 20 } else { 36 })
        .y_label_area_size(if y.labels == 0 { 10 } else { 50 })
        .build_cartesian_2d(x.span(), y.span())?;
    plane
        .configure_mesh()
        .x_labels(x.labels)
        .y_labels(y.labels)
        .x_label_formatter(&|value| format!("{value:.*}", x.decimals))
        .y_label_formatter(&|value| format!("{value:.*}", y.decimals))
        .x_desc(x.name)
        .y_desc(y.name)
        .light_line_style(TRANSPARENT)
        .bold_line_style(LINE)
        .axis_style(SOFT)
        .label_style(font(SOFT))
        .draw()?;
    Ok(plane)
}

/// Colour and opacity of a bar.
const fn tone(family: Family) -> (RGBColor, f64) {
    match family {
        Family::Baseline => (SOFT, 0.1),
        Family::Classic => (SERIES[0], 0.3),
        Family::Neural => (SERIES[1], 0.8),
    }
}

const fn in_range(share: f64) -> f64 {
    share.clamp(0.0, 1.0)
}

fn font(color: RGBColor) -> TextStyle<'static> {
    // That is 12.5 pixels: plotters divides by 1.24.
    let mut style = TextStyle::from(("sans-serif", 15.5).into_font());
    style.color = color.to_backend_color();
    style
}

/// A word whose left or right end, or middle, is there.
fn text<At>(
    text: impl ToString,
    at: At,
    color: RGBColor,
    (side, height): (HPos, VPos),
) -> Text<'static, At, String> {
    Text::new(
        text.to_string(),
        at,
        font(color).pos(Pos::new(side, height)),
    )
}

/// Names colours side by side, and gives the area below.
fn legend<'a, 'n>(
    area: &Area<'a>,
    names: impl Iterator<Item = (&'n str, ShapeStyle)>,
) -> Result<Area<'a>> {
    let (head, body) = area.split_vertically(LEGEND);
    for (i, (name, style)) in (0..).zip(names) {
        let x = 4 + 88 * i;
        head.draw(&PathElement::new(
            [(x, LEGEND / 2), (x + 22, LEGEND / 2)],
            style,
        ))?;
        head.draw(&text(name, (x + 28, LEGEND / 2), TEXT, RIGHT))?;
    }
    Ok(body)
}

/// Draws into an element that says in words what it shows.
fn draw(
    caption: &str,
    description: &str,
    size: (u32, u32),
    shapes: impl FnOnce(&Area) -> Result<()>,
) -> Result<Plot> {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        shapes(&area)?;
        area.present()?;
    }
    let (title, words) = (plain(caption), plain(description));
    let words = format!(">\n<title>{title}</title>\n<desc>{words}</desc>\n");
    let svg = svg.replacen("<svg ", "<svg role=\"img\" ", 1);
    Ok(Plot {
        caption: caption.to_owned(),
        svg: svg.replacen(">\n", &words, 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plot_has_a_name_and_plain_words() -> Result<()> {
        let bar = Bar {
            name: "<b>".to_owned(),
            family: Family::Neural,
            value: 0.5,
            interval: [0.25, 0.75],
            label: "a half".to_owned(),
        };
        let Plot { svg, .. } = bars("<script>", "b & c", &[bar])?;
        for part in [
            "<title>&lt;script&gt;</title>\n<desc>b &amp; c</desc>",
            "role=\"img\"",
            "&lt;b&gt;",
            "a half",
            "95 % interval",
        ] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        assert!(!svg.contains("classic"), "only what occurs is named");
        Ok(())
    }

    #[test]
    fn a_line_breaks_where_there_is_no_number() -> Result<()> {
        let tone = "stroke=\"#0072B2\"";
        let drawn = |values: [f64; 5]| -> Result<[usize; 2]> {
            let points = values.iter().enumerate();
            let points = points.map(|(i, y)| [i as f64 / 4.0, *y]).collect();
            let axes = ["x", "y"].map(Axis::share);
            let svg = lines("a", "b", axes, &[("one", points)], None)?.svg;
            let lines = svg.lines().filter(|line| line.contains(tone));
            Ok([lines.count(), svg.matches("<circle ").count()])
        };
        let gap = f64::NAN;
        // One line more is that of the legend.
        assert_eq!(drawn([0.1, 0.2, 0.3, 0.4, 0.5])?, [2, 0]);
        assert_eq!(drawn([0.1, 0.2, gap, 0.4, 0.5])?, [3, 0]);
        assert_eq!(drawn([0.1, 0.2, 0.3, gap, 0.5])?[1], 1, "a point alone");
        assert_eq!(drawn([gap; 5])?, [1, 0]);
        Ok(())
    }

    #[test]
    fn a_matrix_holds_counts_and_shares() -> Result<()> {
        let classes = ["sad", "calm"].map(str::to_owned);
        let svg = matrix("a", "b", &classes, &[vec![3, 1], vec![0, 0]])?.svg;
        for part in ["sad", "calm", "\n3\n", "75 %", "25 %", "opacity=\"0.4"] {
            assert!(svg.contains(part), "{part}: {svg}");
        }
        Ok(())
    }
}
