//! Checks that no file imports what stands above it, and that no files import each other
//! in a circle: `walls [workspace]`.

mod check;
mod imports;
mod module;
mod rooms;
#[cfg(test)]
mod tests;
mod tree;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;

use self::check::{Findings, check};
use self::rooms::House;
use self::tree::Tree;

fn main() -> Result<ExitCode> {
    let workspace = std::env::args_os()
        .nth(1)
        .map_or_else(PathBuf::new, PathBuf::from);
    let mut wrong = 0;
    for house in [rooms::LIBRARY, rooms::COLLECTIONS, rooms::TRAINER] {
        let findings = look(&workspace, &house)?;
        for message in &findings.wrong {
            eprintln!("{message}");
        }
        let Findings {
            circles, upward, ..
        } = findings;
        println!(
            "{}: {circles} circles, {upward} imports upward",
            house.folder
        );
        for knot in house.knots {
            println!("  known, {} files: {}", knot.files.len(), knot.why);
        }
        wrong += findings.wrong.len();
    }
    if wrong == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!(
        "hint: the order of rooms stands in tools/walls/src/rooms.rs, what it means in ARCHITECTURE.md"
    );
    Ok(ExitCode::FAILURE)
}

fn look(workspace: &Path, house: &House) -> Result<Findings> {
    let root = workspace.join(house.folder).join(house.root);
    let tree = Tree::read(&root)?;
    Ok(check(house, &tree, &imports::imports(&tree)))
}
