use super::*;

/// The page as it is served.
const PAGE: &str = include_str!("../../index.html");
/// Elements of the page that have no end tag.
const VOID: [&str; 3] = ["meta", "link", "input"];

/// Every part of the table.
fn all() -> impl Iterator<Item = Text> {
    let parts = [
        song::ALL,
        features::ALL,
        reasons::ALL,
        trouble::ALL,
        trouble::details::ALL,
    ];
    STATIC.into_iter().chain(parts).flatten().copied()
}

/// What stands for values in a text, sorted.
fn names(text: &str) -> Vec<&str> {
    let parts = text.split('{').skip(1);
    let mut names: Vec<_> = parts.filter_map(|part| part.split('}').next()).collect();
    names.sort_unstable();
    names
}

#[test]
fn languages_are_found_by_their_tags() {
    assert_eq!(
        Language::preferred(["de", "zh-CN", "en"]),
        Language::Chinese
    );
    assert_eq!(Language::preferred(["en-GB", "zh"]), Language::English);
    assert_eq!(Language::preferred(["zh_TW"]), Language::Chinese);
    assert_eq!(Language::preferred(["fr", "zha"]), Language::English);
    for language in Language::ALL {
        assert_eq!(Language::of_tag(language.tag()), Some(language));
    }
}

#[test]
fn values_are_filled_in_once() {
    let text = song::SONG_SAYS;
    let filled = text.fill(
        Language::English,
        &[("name", "{text}.mp3"), ("text", "calm")],
    );
    assert_eq!(filled, "{text}.mp3: calm");
    let lacking = text.fill(Language::English, &[("name", "a")]);
    assert_eq!(lacking, "a: {text}");
}

#[test]
fn every_text_stands_in_both_languages() {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    for text in all() {
        let [english, chinese] = Language::ALL.map(|language| text.of(language));
        assert!(!english.is_empty() && !chinese.is_empty(), "{}", text.name);
        assert_eq!(names(english), names(chinese), "{}", text.name);
        assert!(!english.contains(is_han), "{}", text.name);
        // What is the same in both is made of names and units.
        let words = english
            .split('{')
            .map(|part| part.split_once('}').map_or(part, |(_, p)| p));
        let says_something = words
            .flat_map(str::split_whitespace)
            .any(|word| word.len() > 4 && word.chars().all(|c| c.is_ascii_lowercase()));
        assert!(!says_something || chinese.contains(is_han), "{}", text.name);
    }
}

#[test]
fn every_text_is_used() {
    let mut sources = String::from(PAGE);
    let mut folders = vec![std::path::PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src"
    ))];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                sources.push_str(&std::fs::read_to_string(path).unwrap());
            }
        }
    }
    for text in all() {
        let key = text.name.to_lowercase().replace('_', "-");
        let in_page = [
            format!("data-text=\"{key}\""),
            format!("data-label=\"{key}\""),
        ];
        let word = |c: char| c.is_ascii_uppercase() || c == '_' || c.is_ascii_digit();
        let uses = sources
            .split(|c| !word(c))
            .filter(|name| *name == text.name)
            .count();
        let shown = by_key(&key) == Some(text)
            && in_page.iter().any(|name| sources.contains(name.as_str()));
        // Once in the table, and once where it is said. Details are read by their English.
        assert!(
            shown || uses > 1 || trouble::details::ALL.contains(&text),
            "{}",
            text.name
        );
    }
}

#[test]
fn details_are_found_again_by_their_english() {
    let details = [
        ("it is a picture", "这是图片"),
        (
            "this MP3 file is damaged, or this browser does not decode it",
            "此 MP3 文件已损坏，或此浏览器无法解码",
        ),
        ("NotAllowedError", "NotAllowedError"),
    ];
    for (english, chinese) in details {
        assert_eq!(trouble::detail(Language::Chinese, english), chinese);
        assert_eq!(trouble::detail(Language::English, english), english);
    }
}

/// Every start tag of `index.html` with the text right behind it, and the texts behind
/// end tags with the tag that they stand in. The page is written so that a plain scan
/// reads it.
fn tags_and_texts() -> Vec<(&'static str, &'static str)> {
    let mut around = vec![""];
    let mut found = Vec::new();
    for part in PAGE.split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap();
        let name = tag.split_whitespace().next().unwrap();
        if tag.starts_with('!') || VOID.contains(&name) {
            found.push((tag, ""));
        } else if tag.starts_with('/') {
            around.pop();
        } else {
            around.push(tag);
            found.push((tag, ""));
        }
        found.push((around.last().unwrap(), text.trim()));
    }
    assert_eq!(around, [""], "an element has no end");
    found
}

/// The value of an attribute in a start tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    rest.split('"').next()
}

#[test]
fn the_page_shows_only_texts_of_the_table() {
    for (tag, text) in tags_and_texts() {
        for name in ["title", "alt", "placeholder"] {
            assert_eq!(attribute(tag, name), None, "{tag}");
        }
        let english = |name| {
            let key = attribute(tag, name)?;
            let found = by_key(key).unwrap_or_else(|| panic!("no text {key}"));
            Some(found.of(Language::English))
        };
        assert_eq!(attribute(tag, "aria-label"), english("data-label"), "{tag}");
        let has_words = text.chars().any(char::is_alphabetic);
        let is_foreign = attribute(tag, "lang").is_some() && !tag.starts_with("html");
        if has_words && text != "Undertone" && !is_foreign {
            assert_eq!(Some(text), english("data-text"), "{tag}");
        }
    }
}

#[test]
fn what_is_said_before_the_page_runs_is_of_the_table() {
    let [english, chinese] = Language::ALL;
    let chinese_only = format!(">{}<", page::NO_SCRIPT.of(chinese));
    assert!(PAGE.contains(&chinese_only));
    let (tags, _): (Vec<_>, Vec<_>) = tags_and_texts().into_iter().unzip();
    let alert = tags.iter().find(|tag| tag.contains("id=\"alert-text\""));
    for (name, text) in [("failed", page::START_FAILED), ("old", page::NO_WASM)] {
        let said = |tag| attribute(alert.unwrap(), &format!("data-{name}-{tag}"));
        assert_eq!(said("en"), Some(text.of(english)));
        assert_eq!(said("zh"), Some(text.of(chinese)));
    }
}
