//! Which file imports which: names are followed through re-exports to the file that
//! defines them.

use std::collections::{BTreeMap, HashMap};

use crate::module::Names;
use crate::tree::Tree;

/// The imports of a crate: importing file, imported file, line of the first mention.
pub type Imports = BTreeMap<(usize, usize), usize>;

/// Re-exports of re-exports, at most; more is a name that leads to itself.
const DEPTH: usize = 32;

/// What a name stands for.
#[derive(Debug, Clone)]
enum Meaning {
    Module(usize),
    /// An item of that file, and the names behind it (`["new"]`).
    Item(usize, Names),
}

/// All imports between the files of a crate.
pub fn imports(tree: &Tree) -> Imports {
    let scope = Scope { tree };
    let methods = scope.methods_elsewhere();
    let mut found = Imports::new();
    for (index, module) in tree.modules.iter().enumerate() {
        let mut add = |to: usize, line: usize| {
            if to != module.file {
                let first = found.entry((module.file, to)).or_insert(line);
                *first = line.min(*first);
            }
        };
        for import in &module.imports {
            match scope.resolve(index, &import.names, DEPTH) {
                // What a module hands on from its own parts it does not use itself.
                Some(meaning) if import.passed_on && scope.is_within(&meaning, index) => {}
                Some(Meaning::Item(file, _)) => add(file, import.line),
                Some(Meaning::Module(to)) if import.name.is_none() || import.passed_on => {
                    add(tree.modules[to].file, import.line);
                }
                _ => {}
            }
        }
        for mention in &module.mentions {
            if let Some(Meaning::Item(file, rest)) = scope.resolve(index, &mention.names, DEPTH) {
                add(file, mention.line);
                let method = rest
                    .first()
                    .and_then(|name| methods.get(&(file, name.as_str())));
                if let Some(&elsewhere) = method {
                    add(elsewhere, mention.line);
                }
            }
        }
        for (name, line) in &module.calls {
            if let Some(&elsewhere) = methods.get(&(module.file, name.as_str())) {
                add(elsewhere, *line);
            }
        }
    }
    found
}

struct Scope<'a> {
    tree: &'a Tree,
}

impl<'a> Scope<'a> {
    /// Methods that a type has from another file than its own: file of the type and name,
    /// file of the method.
    fn methods_elsewhere(&self) -> HashMap<(usize, &'a str), usize> {
        let mut found = HashMap::new();
        for (index, module) in self.tree.modules.iter().enumerate() {
            for method in &module.methods {
                if let Some(Meaning::Item(file, _)) = self.resolve(index, &method.of, DEPTH)
                    && file != module.file
                {
                    found.insert((file, method.name.as_str()), module.file);
                }
            }
        }
        found
    }

    /// Whether the meaning lies in a module or below it.
    fn is_within(&self, meaning: &Meaning, module: usize) -> bool {
        let modules = &self.tree.modules;
        let mut at = match meaning {
            Meaning::Module(at) => Some(*at),
            Meaning::Item(file, _) => modules.iter().position(|one| one.file == *file),
        };
        while let Some(index) = at {
            if index == module {
                return true;
            }
            at = modules[index].parent;
        }
        false
    }

    /// What a path means in a module; `None` for what other crates define.
    fn resolve(&self, module: usize, names: &[String], depth: usize) -> Option<Meaning> {
        let (first, rest) = names.split_first()?;
        let start = match first.as_str() {
            "crate" => Meaning::Module(0),
            "self" => Meaning::Module(module),
            "super" => Meaning::Module(self.tree.modules[module].parent?),
            name => self.lookup(module, name, rest.is_empty(), depth)?,
        };
        self.follow(start, rest, depth)
    }

    fn follow(&self, start: Meaning, names: &[String], depth: usize) -> Option<Meaning> {
        let mut at = start;
        for (index, name) in names.iter().enumerate() {
            let last = index + 1 == names.len();
            at = match at {
                Meaning::Item(file, mut behind) => {
                    behind.extend_from_slice(&names[index..]);
                    return Some(Meaning::Item(file, behind));
                }
                Meaning::Module(module) if name == "super" => {
                    Meaning::Module(self.tree.modules[module].parent?)
                }
                // A name that no source shows is made by a macro of the module.
                Meaning::Module(module) => self
                    .lookup(module, name, last, depth)
                    .unwrap_or(Meaning::Item(self.tree.modules[module].file, Vec::new())),
            };
        }
        Some(at)
    }

    /// What a name means in a module. A module and an item may share one: the last name of a
    /// path is the item, one before it the module.
    fn lookup(&self, module: usize, name: &str, last: bool, depth: usize) -> Option<Meaning> {
        let depth = depth.checked_sub(1)?;
        let here = &self.tree.modules[module];
        let child = here.children.get(name).copied().map(Meaning::Module);
        let own = || {
            let item = here.items.contains(name);
            item.then(|| Meaning::Item(here.file, Vec::new()))
        };
        let named = || {
            let all = here.imports.iter();
            let of_name = all.filter(|import| import.name.as_deref() == Some(name));
            let mut meanings = of_name.filter_map(|one| self.resolve(module, &one.names, depth));
            let first = meanings.next()?;
            // The same for imports: one may bring a module, another an item of its name.
            let fits = |one: &Meaning| matches!(one, Meaning::Item(..)) == last;
            let better = (!fits(&first)).then(|| meanings.find(fits)).flatten();
            Some(better.unwrap_or(first))
        };
        let globs = || {
            let all = here.imports.iter().filter(|import| import.name.is_none());
            let mut modules =
                all.filter_map(|one| match self.resolve(module, &one.names, depth)? {
                    Meaning::Module(to) if to != module => Some(to),
                    _ => None,
                });
            modules.find_map(|to| self.lookup(to, name, last, depth))
        };
        let outside = || named().or_else(globs);
        if last {
            own().or_else(outside).or(child)
        } else {
            child.or_else(own).or_else(outside)
        }
    }
}
