//! Plots as `<svg>` elements, written by hand: a few shapes, classes for colours (so that
//! they follow the page's theme), a title and a description for those who can't see them.

pub mod bars;
pub mod heat;
pub mod lines;

use std::fmt::Write;

use super::html::escape;

/// An element in the making. Lengths are pixels, from the upper left corner.
pub struct Svg {
    body: String,
    width: f64,
    height: f64,
    id: String,
    title: String,
    description: String,
}

impl Svg {
    /// An empty plot; `id` is unique in the page.
    pub fn new(id: &str, title: &str, description: &str, [width, height]: [f64; 2]) -> Self {
        Self {
            body: String::new(),
            width,
            height,
            id: id.to_owned(),
            title: title.to_owned(),
            description: description.to_owned(),
        }
    }

    /// A filled rectangle; `style` are further attributes.
    pub fn rect(&mut self, class: &str, [x, y]: [f64; 2], [width, height]: [f64; 2], style: &str) {
        self.push(&format!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{style}/>",
            Px(x),
            Px(y),
            Px(width),
            Px(height)
        ));
    }

    /// Straight lines from point to point.
    pub fn path(&mut self, class: &str, points: &[[f64; 2]]) {
        let mut way = String::new();
        for (i, [x, y]) in points.iter().enumerate() {
            let step = if i == 0 { 'M' } else { 'L' };
            // Writing to a string does not fail.
            let _ = write!(way, "{step}{} {}", Px(*x), Px(*y));
        }
        self.push(&format!("<path class=\"{class}\" d=\"{way}\"/>"));
    }

    /// A word whose baseline starts (or ends, or has its middle, by class) there.
    pub fn text(&mut self, class: &str, [x, y]: [f64; 2], text: &str) {
        let text = escape(text);
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{class}\"")
        };
        self.push(&format!(
            "<text{class} x=\"{}\" y=\"{}\">{text}</text>",
            Px(x),
            Px(y)
        ));
    }

    /// The whole element.
    pub fn finish(self) -> String {
        let Self { id, body, .. } = &self;
        let (width, height) = (Px(self.width), Px(self.height));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" \
             aria-labelledby=\"{id}-title {id}-desc\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\">\n\
             <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n{body}</svg>",
            escape(&self.title),
            escape(&self.description)
        )
    }

    fn push(&mut self, element: &str) {
        self.body.push_str(element);
        self.body.push('\n');
    }
}

/// A length to a tenth of a pixel, without needless zeros.
struct Px(f64);

impl std::fmt::Display for Px {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let tenths = (self.0 * 10.0).round();
        if tenths % 10.0 == 0.0 {
            write!(f, "{}", tenths as i64 / 10)
        } else {
            write!(f, "{:.1}", tenths / 10.0)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_short() {
        let texts = [0.0, -0.04, 12.0, 12.34, -0.25].map(|value| Px(value).to_string());
        assert_eq!(texts, ["0", "0", "12", "12.3", "-0.3"]);
    }

    #[test]
    fn a_plot_has_a_name_and_plain_words() {
        let mut svg = Svg::new("a", "<script>", "b & c", [10.0, 20.0]);
        svg.text("end", [1.0, 2.0], "<b>");
        let text = svg.finish();
        assert!(text.contains("<title id=\"a-title\">&lt;script&gt;</title>"));
        assert!(text.contains("<desc id=\"a-desc\">b &amp; c</desc>"));
        assert!(text.contains("<text class=\"end\" x=\"1\" y=\"2\">&lt;b&gt;</text>"));
    }
}
