//! Tables as Markdown, whose columns stand under each other in a terminal too.

use std::fmt;

/// Cells that are longer than this many signs stand out of their column: one long cell is
/// not to fill every row with spaces.
const WIDEST: usize = 40;

/// A table; its first columns hold words, the others figures, which stand to the right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Columns of words.
    words: usize,
    /// The head, then the rows, all of one length and escaped.
    lines: Vec<Vec<String>>,
}

impl Table {
    /// A table with columns of these names, which `" | "` separates; each row has a plain
    /// text for each of them.
    pub fn new(words: &str, figures: &str, rows: impl IntoIterator<Item = Vec<String>>) -> Self {
        let names = |text: &str| -> Vec<String> {
            let names = text.split(" | ").filter(|name| !name.is_empty());
            names.map(str::to_owned).collect()
        };
        let (words, figures) = (names(words), names(figures));
        let head = [words.as_slice(), &figures].concat();
        let lines = std::iter::once(head).chain(rows);
        let escaped = |line: Vec<String>| line.iter().map(|cell| escape(cell)).collect();
        Self {
            words: words.len(),
            lines: lines.map(escaped).collect(),
        }
    }
}

impl fmt::Display for Table {
    /// The head, the rule that names the sides, and the rows, a line each.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(head) = self.lines.first() else {
            return Ok(());
        };
        let width = |column: usize| {
            let cells = self.lines.iter().filter_map(|line| line.get(column));
            let longest = cells.map(|cell| cell.chars().count()).max();
            longest.unwrap_or(0).clamp(3, WIDEST)
        };
        let widths: Vec<usize> = (0..head.len()).map(width).collect();
        for (number, line) in self.lines.iter().enumerate() {
            for (column, (cell, &width)) in line.iter().zip(&widths).enumerate() {
                if column < self.words {
                    write!(f, "| {cell:<width$} ")?;
                } else {
                    write!(f, "| {cell:>width$} ")?;
                }
            }
            f.write_str("|\n")?;
            if number == 0 {
                for (column, &width) in widths.iter().enumerate() {
                    let end = if column < self.words { '-' } else { ':' };
                    write!(f, "| {:-<rest$}{end} ", "", rest = width - 1)?;
                }
                f.write_str("|\n")?;
            }
        }
        Ok(())
    }
}

/// The text on one line, with every sign that could start markup made plain.
pub fn escape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    let mut last = ' ';
    while let Some(sign) = signs.next() {
        let next = signs.peek().copied().unwrap_or(' ');
        match sign {
            '<' => plain.push_str("&lt;"),
            '&' => plain.push_str("&amp;"),
            // Inside a word it is no markup.
            '_' if last.is_alphanumeric() && next.is_alphanumeric() => plain.push(sign),
            // Brackets are markup only where an address follows.
            ']' if next == '(' => plain.push_str("\\]"),
            '|' | '*' | '`' | '\\' | '_' => plain.extend(['\\', sign]),
            sign if sign.is_control() => plain.push(' '),
            sign => plain.push(sign),
        }
        last = sign;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other() {
        let rows = [["svm", "0.5"], ["a|b\n", "10.25"]];
        let rows = rows.map(|row| row.map(str::to_owned).to_vec());
        let table = Table::new("system", "F1", rows);
        let expected = "| system |    F1 |\n\
                        | ------ | ----: |\n\
                        | svm    |   0.5 |\n\
                        | a\\|b   | 10.25 |\n";
        assert_eq!(table.to_string(), expected);
    }

    #[test]
    fn markup_in_names_is_only_text() {
        assert_eq!(escape("a|b\n<script>*&"), "a\\|b &lt;script>\\*&amp;");
        assert_eq!(escape("[0.1, 0.2] [a](b)"), "[0.1, 0.2] [a\\](b)");
        assert_eq!(escape("two_words _a_ __"), "two_words \\_a\\_ \\_\\_");
    }
}
