//! The modules of a crate, and the files that they stand in.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use syn::Item;

use crate::module::{Module, for_tests};

/// The modules of a crate, without its tests.
#[derive(Debug, Default)]
pub struct Tree {
    /// Paths below the folder of sources, with `/`.
    pub files: Vec<String>,
    /// The first is the root.
    pub modules: Vec<Module>,
}

impl Tree {
    /// Reads the crate whose root is `root` (`src/lib.rs`).
    pub fn read(root: &Path) -> Result<Self> {
        let folder = root.parent().unwrap_or(Path::new("")).to_owned();
        let mut tree = Self::default();
        tree.read_file(&folder, root, &folder, None)?;
        Ok(tree)
    }

    /// Reads a file as a module; its modules without a body lie in `below`.
    fn read_file(
        &mut self,
        sources: &Path,
        path: &Path,
        below: &Path,
        parent: Option<usize>,
    ) -> Result<usize> {
        let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
        let parsed = syn::parse_file(&text).with_context(|| path.display().to_string())?;
        let name = path.strip_prefix(sources).unwrap_or(path);
        self.files.push(name.to_string_lossy().replace('\\', "/"));
        let file = self.files.len() - 1;
        self.read_items(sources, &parsed.items, below, file, parent)
    }

    fn read_items(
        &mut self,
        sources: &Path,
        items: &[Item],
        below: &Path,
        file: usize,
        parent: Option<usize>,
    ) -> Result<usize> {
        self.modules.push(Module::read(items, file, parent));
        let here = self.modules.len() - 1;
        for item in items {
            let Item::Mod(child) = item else { continue };
            if for_tests(&child.attrs) {
                continue;
            }
            let name = child.ident.to_string();
            let folder = below.join(&name);
            let index = if let Some((_, items)) = &child.content {
                self.read_items(sources, items, &folder, file, Some(here))?
            } else {
                if child.attrs.iter().any(|one| one.path().is_ident("path")) {
                    bail!("{}: {name} has a path of its own", self.files[file]);
                }
                let path = file_of(below, &name);
                self.read_file(sources, &path, &folder, Some(here))?
            };
            self.modules[here].children.insert(name, index);
        }
        Ok(here)
    }
}

fn file_of(below: &Path, name: &str) -> PathBuf {
    let flat = below.join(format!("{name}.rs"));
    if flat.is_file() {
        flat
    } else {
        below.join(name).join("mod.rs")
    }
}
