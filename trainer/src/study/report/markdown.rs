//! A document as Markdown with tables (GitHub's flavour).

use super::document::{Block, Document, Place, Table};

/// The whole document; of plots, the numbers where they are short.
pub fn render(document: &Document) -> String {
    let mut parts = vec![format!("# {}", escape(&document.title))];
    for block in &document.blocks {
        match block {
            Block::Heading { level, text, .. } => {
                let marks = "#".repeat(usize::from(*level));
                parts.push(format!("{marks} {}", escape(text)));
            }
            Block::Text(text) => parts.push(escape(text)),
            Block::List(points) => {
                let points = points.iter().map(|point| format!("- {}", escape(point)));
                parts.push(points.collect::<Vec<_>>().join("\n"));
            }
            Block::Code(text) => parts.push(code(text)),
            Block::Table(rows) => parts.push(table(rows)),
            Block::Figures(figures) => {
                let numbers = figures.iter().filter_map(|figure| figure.numbers.as_ref());
                let short = numbers.filter(|numbers| numbers.place != Place::WithPlotOnly);
                parts.extend(short.map(|numbers| table(&numbers.table)));
            }
        }
    }
    parts.join("\n\n") + "\n"
}

fn table(table: &Table) -> String {
    let row = |cells: &mut dyn Iterator<Item = String>| -> String {
        let cells: Vec<String> = cells.collect();
        format!("| {} |", cells.join(" | "))
    };
    let columns = &table.columns;
    let mut lines = vec![
        format!("{}:", escape(&table.caption)),
        String::new(),
        row(&mut columns.iter().map(|column| escape(&column.name))),
        row(&mut columns.iter().map(|column| {
            let rule = if column.figures { "---:" } else { "---" };
            rule.to_owned()
        })),
    ];
    let rows = table.rows.iter();
    lines.extend(rows.map(|cells| row(&mut cells.iter().map(|cell| escape(cell)))));
    lines.join("\n")
}

/// A fenced block whose fence is longer than any in the text.
fn code(text: &str) -> String {
    let fence = "`".repeat(3.max(longest_run(text) + 1));
    format!("{fence}\n{text}\n{fence}")
}

fn longest_run(text: &str) -> usize {
    let runs = text.split(|sign| sign != '`');
    runs.map(str::len).max().unwrap_or(0)
}

/// The text on one line, with every sign that could start markup made plain.
fn escape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '<' => plain.push_str("&lt;"),
            '&' => plain.push_str("&amp;"),
            '|' | '*' | '`' | '\\' => plain.extend(['\\', sign]),
            sign if sign.is_control() => plain.push(' '),
            sign => plain.push(sign),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_names_is_only_text() {
        assert_eq!(escape("a|b\n<script>*&"), "a\\|b &lt;script>\\*&amp;");
        assert_eq!(code("a ``` b"), "````\na ``` b\n````");
    }
}
