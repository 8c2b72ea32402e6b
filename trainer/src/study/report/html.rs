//! A document as one HTML file that needs no network and no script.

use super::document::{Block, Document, Figure, Place, Table};

/// Colours, spaces and the form for print.
const STYLE: &str = include_str!("style.css");

/// The whole document.
pub fn render(document: &Document) -> String {
    let title = escape(&document.title);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <h1>{title}</h1>\n"
    );
    page.push_str(&contents(&document.blocks));
    for block in &document.blocks {
        page.push_str(&self::block(block));
        page.push('\n');
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// Links to the headings of the second and third level.
fn contents(blocks: &[Block]) -> String {
    let mut list = String::new();
    let mut deep = false;
    for block in blocks {
        let Block::Heading { level, id, text } = block else {
            continue;
        };
        let link = format!("<a href=\"#{id}\">{}</a>", escape(text));
        match (level, deep) {
            (2, false) => list.push_str(&format!("<li>{link}\n")),
            (2, true) => list.push_str(&format!("</ul>\n<li>{link}\n")),
            (3, false) => list.push_str(&format!("<ul>\n<li>{link}\n")),
            (3, true) => list.push_str(&format!("<li>{link}\n")),
            _ => continue,
        }
        deep = *level == 3;
    }
    let end = if deep { "</ul>\n" } else { "" };
    format!("<nav aria-label=\"Contents\">\n<ul>\n{list}{end}</ul>\n</nav>\n")
}

fn block(block: &Block) -> String {
    match block {
        Block::Heading { level, id, text } => {
            format!("<h{level} id=\"{id}\">{}</h{level}>", escape(text))
        }
        Block::Text(text) => format!("<p>{}</p>", escape(text)),
        Block::List(points) => {
            let points = points.iter().map(|point| format!("<li>{}", escape(point)));
            format!("<ul>\n{}\n</ul>", points.collect::<Vec<_>>().join("\n"))
        }
        Block::Code(text) => format!("<pre tabindex=\"0\"><code>{}</code></pre>", escape(text)),
        Block::Table(rows) => table(rows),
        Block::Figures(plots) => {
            let plots = plots.iter().map(figure);
            let plots = plots.collect::<Vec<_>>().join("\n");
            format!("<div class=\"figures\">\n{plots}\n</div>")
        }
    }
}

fn figure(figure: &Figure) -> String {
    let numbers = figure.numbers.as_ref().map_or_else(String::new, |numbers| {
        let table = table(&numbers.table);
        if numbers.place == Place::Open {
            return format!("\n{table}");
        }
        format!("\n<details><summary>Numbers of this plot</summary>\n{table}\n</details>")
    });
    format!(
        "<figure>\n<figcaption>{}</figcaption>\n{}{numbers}\n</figure>",
        escape(&figure.caption),
        figure.svg
    )
}

fn table(table: &Table) -> String {
    let class = |figures: bool| if figures { " class=\"n\"" } else { "" };
    let caption = escape(&table.caption);
    let head = table.columns.iter().map(|column| {
        let class = class(column.figures);
        format!("<th scope=\"col\"{class}>{}</th>", escape(&column.name))
    });
    let rows = table.rows.iter().map(|row| {
        let cells = row.iter().zip(&table.columns).enumerate();
        let cells = cells.map(|(i, (cell, column))| match i {
            0 => format!("<th scope=\"row\">{}</th>", escape(cell)),
            _ => format!("<td{}>{}</td>", class(column.figures), escape(cell)),
        });
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    });
    // Focusable, so that the keyboard can scroll it.
    format!(
        "<div class=\"table\" role=\"region\" tabindex=\"0\" aria-label=\"{caption}\">\n<table>\n\
         <caption>{caption}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n\
         </table>\n</div>",
        head.collect::<String>(),
        rows.collect::<String>()
    )
}

/// The text with every sign that means something in HTML or SVG made plain.
pub fn escape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '&' => plain.push_str("&amp;"),
            '"' => plain.push_str("&quot;"),
            '\'' => plain.push_str("&#39;"),
            sign if sign.is_control() && sign != '\n' => plain.push(' '),
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
        assert_eq!(escape("<a b='\"'>&"), "&lt;a b=&#39;&quot;&#39;&gt;&amp;");
    }
}
