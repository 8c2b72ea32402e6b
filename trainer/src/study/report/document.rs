//! The report as one text: Markdown, which the page is made of. Plots, and tables that are
//! long or that a plot shows as well, stand in the page alone or are folded away there.

use std::fmt::Display;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};

use crate::evaluate::table::{Table, escape};

/// Colours, spaces and the form for print.
const STYLE: &str = include_str!("style.css");

/// A text in the making. What it is given is plain text: it does the escaping.
pub struct Document {
    title: String,
    /// What `report.md` holds.
    markdown: String,
    /// The same for `report.html`, with the plots.
    page: String,
    /// Links to the headings of the second and third level, as a list.
    contents: String,
    /// Headings so far.
    headings: usize,
}

/// A plot.
pub struct Plot {
    /// What it shows.
    pub caption: String,
    /// A whole `<svg>` element.
    pub svg: String,
}

impl Document {
    /// A document that has only a title yet.
    pub fn new(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            markdown: format!("# {}\n", escape(title)),
            page: String::new(),
            contents: String::new(),
            headings: 0,
        }
    }

    /// Adds a heading of level 2 to 4; none skips a level.
    pub fn heading(&mut self, level: usize, text: &str) {
        self.headings += 1;
        let (text, id) = (escape(text), format!("part-{}", self.headings));
        let marks = "#".repeat(level);
        push(&mut self.markdown, format_args!("{marks} {text}"));
        push(&mut self.page, format_args!("{marks} {text} {{#{id}}}"));
        if level < 4 {
            let depth = "  ".repeat(level - 2);
            self.contents
                .extend([format!("{depth}- [{text}](#{id})\n")]);
        }
    }

    /// Adds a paragraph.
    pub fn text(&mut self, text: impl AsRef<str>) {
        self.both(escape(text.as_ref()));
    }

    /// Adds points.
    pub fn list(&mut self, points: impl IntoIterator<Item = String>) {
        let points = points.into_iter().map(|point| escape(&point));
        let points: Vec<String> = points.map(|point| format!("- {point}")).collect();
        self.both(points.join("\n"));
    }

    /// Adds lines to be typed, in a fence that is longer than any in them.
    pub fn code(&mut self, text: &str) {
        let runs = text.split(|sign| sign != '`').map(str::len);
        let fence = "`".repeat(3.max(runs.max().unwrap_or(0) + 1));
        self.both(format!("{fence}\n{text}\n{fence}"));
    }

    /// Adds a table.
    pub fn table(&mut self, caption: &str, table: &Table) {
        self.both(format!("{}:\n\n{table}", escape(caption)));
    }

    /// Adds the numbers of a plot, which the page folds away.
    pub fn folded(&mut self, caption: &str, table: &Table) {
        push(
            &mut self.markdown,
            format_args!("{}:\n\n{table}", escape(caption)),
        );
        self.folded_in_page(caption, table);
    }

    /// Adds a long table to the page alone, where it is folded away.
    pub fn folded_in_page(&mut self, caption: &str, table: &Table) {
        let summary = plain(caption);
        let text = format_args!("<details><summary>{summary}</summary>\n\n{table}\n</details>");
        push(&mut self.page, text);
    }

    /// Adds plots side by side to the page.
    pub fn plots(&mut self, plots: &[Plot]) {
        let figures = plots.iter().map(|Plot { caption, svg }| {
            let caption = plain(caption);
            format!("<figure>\n<figcaption>{caption}</figcaption>\n{svg}\n</figure>\n")
        });
        let figures: String = figures.collect();
        push(
            &mut self.page,
            format_args!("<div class=\"figures\">\n{figures}</div>"),
        );
    }

    fn both(&mut self, text: String) {
        push(&mut self.markdown, &text);
        push(&mut self.page, &text);
    }

    /// The text without plots, as GitHub's Markdown.
    pub fn to_markdown(&self) -> &str {
        &self.markdown
    }

    /// The whole document as one HTML file that needs no network and no script.
    pub fn to_html(&self) -> String {
        let (title, body) = (plain(&self.title), rendered(&self.page));
        let contents = rendered(&self.contents);
        format!(
            "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
             <h1>{title}</h1>\n<nav aria-label=\"Contents\">\n{contents}</nav>\n{body}</main>\n\
             </body>\n</html>\n"
        )
    }
}

/// Adds a block, with an empty line before it.
fn push(text: &mut String, block: impl Display) {
    text.extend([format!("\n{block}")]);
    if !text.ends_with('\n') {
        text.push('\n');
    }
}

fn rendered(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_HEADING_ATTRIBUTES;
    // Focusable, so that the keyboard can scroll it.
    let start = Event::Html("<div class=\"table\" tabindex=\"0\">".into());
    let events = Parser::new_ext(markdown, options).flat_map(|event| match event {
        Event::Start(Tag::Table(_)) => vec![start.clone(), event],
        Event::End(TagEnd::Table) => vec![event, Event::Html("</div>\n".into())],
        event => vec![event],
    });
    let mut text = String::new();
    html::push_html(&mut text, events);
    text
}

/// The text on one line as HTML, with every sign that means something made plain.
pub fn plain(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    let mut plain = String::new();
    html::push_html(&mut plain, std::iter::once(Event::Text(text.into())));
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_text_is_both_forms() {
        let mut document = Document::new("A & <b>");
        document.heading(2, "All {x}");
        document.list(["a *b*".to_owned(), "[c](d)".to_owned()]);
        document.code("a ``` b");
        let rows = [vec!["x|y".to_owned(), "1".to_owned()]];
        document.table("Caption", &Table::new("name", "n", rows));
        assert_eq!(
            document.to_markdown(),
            "# A &amp; &lt;b>\n\n## All {x}\n\n- a \\*b\\*\n- [c\\](d)\n\n````\na ``` b\n````\n\n\
             Caption:\n\n| name |   n |\n| ---- | --: |\n| x\\|y |   1 |\n"
        );
        let html = document.to_html();
        for part in [
            "<title>A &amp; &lt;b&gt;</title>",
            "<li><a href=\"#part-1\">All {x}</a></li>",
            "<h2 id=\"part-1\">All {x}</h2>",
            "<li>a *b*</li>\n<li>[c](d)</li>",
            "<pre><code>a ``` b\n</code></pre>",
            "<td>x|y</td><td style=\"text-align: right\">1</td>",
        ] {
            assert!(html.contains(part), "{part}: {html}");
        }
    }
}
