//! Small crates that are made up, each with one thing wrong or right.

use std::path::Path;

use super::check::Findings;
use super::look;
use super::rooms::{self, House, Knot};

const ROOMS: &[&str] = &["low", "high", "lib"];

/// What is wrong with a crate of these files (path, text); `lib.rs` has the rooms `low` and
/// `high`.
fn findings(files: &[(&str, &str)], knots: &[Knot]) -> Findings {
    let folder = tempfile::tempdir().unwrap();
    let root = ("lib.rs", "mod low; mod high;");
    for (path, text) in [root].iter().chain(files) {
        let path = folder.path().join("src").join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let house = House {
        folder: "src",
        root: "lib.rs",
        rooms: ROOMS,
        knots,
    };
    look(folder.path(), &house).unwrap()
}

/// What is wrong with a crate whose room `low` is this text, below a room of one function.
fn low(text: &str) -> Vec<String> {
    let high = ("high.rs", "pub mod deep { pub fn answer() -> u8 { 1 } }");
    findings(&[("low.rs", text), high], &[]).wrong
}

/// What is wrong with a crate whose room `low` is these files.
fn room(files: &[(&str, &str)]) -> Vec<String> {
    let high = ("high.rs", "");
    findings(&[files, &[high]].concat(), &[]).wrong
}

#[test]
fn a_room_may_import_what_stands_below_it() {
    let files = [
        ("low.rs", "pub fn one() -> u8 { 1 }"),
        (
            "high.rs",
            "use crate::low::one; pub fn two() -> u8 { one() }",
        ),
    ];
    let findings = findings(&files, &[]);
    assert!(findings.wrong.is_empty(), "{findings:?}");
    assert_eq!((findings.circles, findings.upward), (0, 0));
}

#[test]
fn an_import_of_what_stands_above_is_named_with_its_line() {
    let wrong = low("\n\nuse crate::high::deep::answer;");
    assert_eq!(
        wrong,
        ["src/low.rs:3 imports src/high.rs, but the room low stands below high"]
    );
}

#[test]
fn imports_are_found_wherever_a_path_can_stand() {
    for text in [
        "fn f() -> u8 { crate::high::deep::answer() }",
        "fn f() -> u8 { super::high::deep::answer() }",
        "use crate::high::deep as d; fn f() -> u8 { d::answer() }",
        "use crate::{high::deep::{self}}; fn f() -> u8 { deep::answer() }",
        "use crate::high::deep::*;",
        "pub use crate::high::deep::answer;",
        "fn f() { use crate::high::deep; deep::answer(); }",
        "fn f() { println!(\"{}\", crate::high::deep::answer()); }",
        "fn f() { vec![0; { assert!(crate::high::deep::answer() > 0); 1 }]; }",
        "#[error(\"{}\", crate::high::deep::answer())] struct E;",
        "struct S { #[serde(with = \"crate::high::deep::answer\")] a: u8 }",
        "macro_rules! m { () => { $crate::high::deep::answer() }; }",
        "trait T { fn f(a: crate::high::Made) where Self: Sized; }",
        "mod inner { pub fn f() -> u8 { super::super::high::deep::answer() } }",
    ] {
        let wrong = low(text);
        assert_eq!(wrong.len(), 1, "{text}: {wrong:?}");
        assert!(wrong[0].contains("stands below high"), "{text}: {wrong:?}");
    }
}

#[test]
fn what_only_looks_like_an_import_is_none() {
    for text in [
        "/// See [`crate::high::deep::answer`].\nfn f() {}",
        "fn f() { let text = \"crate::high::deep::answer and more\"; }",
        "use other::high::deep; fn f() { deep::answer(); }",
        "pub(in crate) fn f() {}",
        "#[cfg(test)] mod tests { use crate::high::deep::answer; }",
        "#[cfg(test)] use crate::high::deep::answer;",
        "#[test] fn f() { crate::high::deep::answer(); }",
    ] {
        let wrong = low(text);
        assert!(wrong.is_empty(), "{text}: {wrong:?}");
    }
}

#[test]
fn a_circle_is_shown_step_by_step() {
    let wrong = room(&[
        ("low/mod.rs", "mod a; mod b; mod c;"),
        ("low/a.rs", "use super::b::B; pub struct A(B);"),
        ("low/b.rs", "\nuse super::c::C; pub struct B(C);"),
        ("low/c.rs", "pub struct C(Box<super::a::A>);"),
    ]);
    assert_eq!(
        wrong,
        ["3 files import each other in a circle, such as\n  \
          src/low/a.rs:1 imports src/low/b.rs\n  \
          src/low/b.rs:2 imports src/low/c.rs\n  \
          src/low/c.rs:1 imports src/low/a.rs"]
    );
}

#[test]
fn a_name_that_is_handed_on_belongs_to_the_file_that_defines_it() {
    let parts = [
        ("low/a.rs", "pub struct A; pub fn b() {}"),
        ("low/b.rs", "use super::A; pub fn b(a: A) { super::c(a); }"),
        ("low/c.rs", "pub fn c(_: super::b::Other) {}"),
    ];
    // `b` and `c` import each other, by way of the parent that hands on `c`.
    let parent = (
        "low/mod.rs",
        "mod a; mod b; mod c; pub use a::A; pub use c::c;",
    );
    let wrong = room(&[&[parent], &parts[..]].concat());
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].starts_with("2 files"), "{wrong:?}");
    assert!(wrong[0].contains("src/low/b.rs:1 imports src/low/c.rs"));
    // Handing on alone is no use: `b` needs the parent's name, the parent nothing of `b`.
    let parent = (
        "low/mod.rs",
        "mod a; mod b; pub use a::A; pub use b::b; pub fn c(_: A) {}",
    );
    assert_eq!(room(&[&[parent], &parts[..2]].concat()), [""; 0]);
}

#[test]
fn a_parent_that_uses_a_child_which_needs_the_parent_is_a_circle() {
    let child = ("low/a.rs", "use super::Own; pub fn a(_: Own) {}");
    for parent in [
        "mod a; pub struct Own; pub fn f() { a::a(Own); }",
        "mod a; pub use a::a; pub struct Own; pub fn f() { a(Own); }",
        "mod a; use a::*; pub struct Own; pub fn f() { a(Own); }",
    ] {
        let wrong = room(&[("low/mod.rs", parent), child]);
        assert_eq!(wrong.len(), 1, "{parent}: {wrong:?}");
        assert!(wrong[0].contains("src/low/a.rs:1 imports src/low/mod.rs"));
    }
}

#[test]
fn a_method_belongs_to_the_file_of_its_impl_block() {
    let child = ("low/a.rs", "impl super::Own { pub fn deed(&self) {} }");
    for call in ["Own.deed()", "Own::deed(&Own)"] {
        let parent = format!("mod a; pub struct Own; pub fn f() {{ {call}; }}");
        let wrong = room(&[("low/mod.rs", &parent), child]);
        assert_eq!(wrong.len(), 1, "{call}: {wrong:?}");
    }
    let parent = "mod a; pub struct Own; pub fn f() { Own.other(); }";
    assert_eq!(room(&[("low/mod.rs", parent), child]), [""; 0]);
}

#[test]
fn a_module_and_a_function_may_share_a_name() {
    let wrong = room(&[
        ("low/mod.rs", "mod a; mod b; pub use a::a;"),
        ("low/a.rs", "pub fn a() { super::b::b(); }"),
        ("low/b.rs", "pub fn b() { super::a(); }"),
    ]);
    assert_eq!(wrong.len(), 1, "{wrong:?}");
}

#[test]
fn a_variable_hides_what_has_its_name() {
    let parent = "mod a; pub use a::a; pub struct Own; pub fn f(a: u8) -> u8 { a }";
    let child = ("low/a.rs", "use super::Own; pub fn a(_: Own) {}");
    assert_eq!(room(&[("low/mod.rs", parent), child]), [""; 0]);
}

#[test]
fn a_file_of_no_room_is_named() {
    let wrong = room(&[
        ("low.rs", ""),
        ("lib.rs", "mod low; mod high; mod attic;"),
        ("attic.rs", ""),
    ]);
    assert_eq!(wrong, ["src/attic.rs belongs to no room of the order"]);
}

#[test]
fn a_folder_of_a_room_may_have_a_place_of_its_own() {
    let (files, house) = (
        [
            ("low/mod.rs", "pub mod sub;"),
            ("low/sub.rs", "use crate::high::H;"),
            ("high.rs", "pub struct H;"),
        ],
        ["low", "high", "low/sub", "lib"],
    );
    assert_eq!(room(&files[..2]).len(), 1);
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("low")).unwrap();
    for (path, text) in [("lib.rs", "mod low; mod high;")].iter().chain(&files) {
        std::fs::write(folder.path().join(path), text).unwrap();
    }
    let house = House {
        folder: ".",
        root: "lib.rs",
        rooms: &house,
        knots: &[],
    };
    assert_eq!(look(folder.path(), &house).unwrap().wrong, [""; 0]);
}

#[test]
fn a_knot_is_known_until_it_grows_or_is_untied() {
    let files = [
        ("low/mod.rs", "mod a; mod b; mod c;"),
        ("low/a.rs", "pub struct A(super::b::B);"),
        ("low/b.rs", "pub struct B(Box<super::a::A>);"),
        ("low/c.rs", "pub struct C;"),
        ("high.rs", ""),
    ];
    let knot = |files| Knot { files, why: "" };
    let known = [knot(&["low/a.rs", "low/b.rs"])];
    assert_eq!(findings(&files, &known).wrong, [""; 0]);
    let mut grown = files;
    grown[2].1 = "pub struct B(Box<super::c::C>);";
    grown[3].1 = "pub struct C(super::a::A);";
    let wrong = findings(&grown, &known).wrong;
    assert_eq!(wrong.len(), 1, "{wrong:?}");
    assert!(wrong[0].starts_with("3 files"), "{wrong:?}");
    let mut untied = files;
    untied[2].1 = "pub struct B;";
    let wrong = findings(&untied, &known).wrong;
    assert_eq!(wrong.len(), 2, "{wrong:?}");
    assert!(
        wrong[0].contains("src/low/a.rs breaks no rule"),
        "{wrong:?}"
    );
    assert_eq!(findings(&files, &[]).wrong.len(), 1);
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let house = House {
        folder: "src",
        root: "lib.rs",
        rooms: ROOMS,
        knots: &[],
    };
    let folder = tempfile::tempdir().unwrap();
    assert!(look(folder.path(), &house).is_err());
    std::fs::create_dir(folder.path().join("src")).unwrap();
    std::fs::write(folder.path().join("src/lib.rs"), "mod low;").unwrap();
    let error = look(folder.path(), &house).unwrap_err();
    assert!(format!("{error:#}").contains("mod.rs"), "{error:#}");
}

#[test]
fn the_workspace_keeps_its_own_order() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for house in [rooms::LIBRARY, rooms::COLLECTIONS, rooms::TRAINER] {
        assert_eq!(look(&workspace, &house).unwrap().wrong, [""; 0]);
    }
}

#[test]
fn the_map_names_the_rooms_in_their_order() {
    let map = include_str!("../../../ARCHITECTURE.md");
    for house in [rooms::LIBRARY, rooms::COLLECTIONS, rooms::TRAINER] {
        let folder = format!("`{}/`", house.folder);
        let mut sections = map.split("\n### ");
        let section = sections.find(|text| text.lines().next().unwrap().ends_with(&folder));
        let rows = section
            .unwrap()
            .lines()
            .filter_map(|line| line.strip_prefix("| `"));
        let named: Vec<&str> = rows
            .filter_map(|row| Some(row.split_once('`')?.0))
            .collect();
        let (root, rooms) = house.rooms.split_last().unwrap();
        assert_eq!(format!("{root}.rs"), house.root);
        assert_eq!(named, rooms);
    }
}
