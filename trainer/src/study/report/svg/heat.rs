//! A confusion matrix, each row coloured by its shares and labelled with its counts.

use super::Svg;

/// Side of a cell.
const CELL: [f64; 2] = [66.0, 46.0];

/// Where the first cell is: room for the names on the left and above.
const CORNER: [f64; 2] = [84.0, 44.0];

/// Opacity of a full cell; the text stays readable on it.
const DEEPEST: f64 = 0.6;

/// Rows are true classes, columns answers, both named by `classes`.
pub fn draw(
    id: &str,
    title: &str,
    description: &str,
    classes: &[String],
    counts: &[Vec<usize>],
) -> String {
    let side = |i: usize| classes.len() as f64 * CELL[i] + CORNER[i] + 4.0;
    let mut svg = Svg::new(id, title, description, [side(0), side(1)]);
    svg.text("soft", [0.0, CORNER[1] - 8.0], "true ↓");
    svg.text("soft", [CORNER[0], 14.0], "answered →");
    for (i, class) in classes.iter().enumerate() {
        let [x, y] = corner(i, i);
        svg.text("middle", [x + CELL[0] / 2.0, CORNER[1] - 8.0], class);
        svg.text("end", [CORNER[0] - 8.0, y + CELL[1] / 2.0 + 4.0], class);
    }
    for (i, row) in counts.iter().enumerate() {
        let all: usize = row.iter().sum();
        for (j, &count) in row.iter().enumerate() {
            let share = count as f64 / all.max(1) as f64;
            cell(&mut svg, corner(i, j), count, share);
        }
    }
    svg.finish()
}

fn cell(svg: &mut Svg, [x, y]: [f64; 2], count: usize, share: f64) {
    let deep = format!(" fill-opacity=\"{:.2}\"", DEEPEST * share);
    svg.rect("heat", [x, y], CELL, &deep);
    svg.rect("grid", [x, y], CELL, "");
    let centre = x + CELL[0] / 2.0;
    svg.text("strong middle", [centre, y + 20.0], &count.to_string());
    let percent = format!("{:.0} %", 100.0 * share);
    svg.text("middle", [centre, y + 37.0], &percent);
}

fn corner(row: usize, column: usize) -> [f64; 2] {
    [
        CORNER[0] + column as f64 * CELL[0],
        CORNER[1] + row as f64 * CELL[1],
    ]
}
