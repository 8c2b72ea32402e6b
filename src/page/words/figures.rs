//! Figures as people read them.

use crate::text::{Language, song as say};

/// A number of bytes as `"582 kB"` or `"1.4 MB"`, rounded up.
#[must_use]
pub fn size(bytes: u64) -> String {
    match bytes {
        bytes if bytes < 1_000_000 => format!("{}\u{a0}kB", bytes.div_ceil(1_000)),
        bytes => format!("{:.1}\u{a0}MB", bytes as f64 / 1e6),
    }
}

/// A share as `"72 %"` that no line break parts; small but not nothing is `"<1 %"`.
#[must_use]
pub fn percent(language: Language, share: f32) -> String {
    let figure = if share > 0.0 && share < 0.005 {
        "<1".to_owned()
    } else {
        format!("{:.0}", share * 100.0)
    };
    say::PERCENT.fill(language, &[("share", &figure)])
}

/// A time or duration as `"3:25"` or `"1:02:03"`.
#[must_use]
pub fn clock(seconds: f64) -> String {
    let whole = seconds.max(0.0) as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A signed number with two decimals and a real minus sign.
#[must_use]
pub fn signed(value: f32) -> String {
    format!("{value:+.2}").replace('-', "−")
}

/// A number with that many decimals and a real minus sign.
#[must_use]
pub fn number(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    // What rounds to nothing has no sign.
    let text = match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| matches!(c, '0' | '.')) => digits.to_owned(),
        _ => text,
    };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_read_well() {
        let (english, chinese) = (Language::English, Language::Chinese);
        assert_eq!(percent(english, 0.004), "<1\u{a0}%");
        assert_eq!(percent(english, 0.0), "0\u{a0}%");
        assert_eq!(percent(english, 0.725), "72\u{a0}%");
        assert_eq!(percent(chinese, 0.725), "72%");
        assert_eq!(clock(59.9), "0:59");
        assert_eq!(clock(3723.0), "1:02:03");
        assert_eq!(signed(-0.4), "−0.40");
    }
}
