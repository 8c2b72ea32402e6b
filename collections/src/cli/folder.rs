//! Where the models lie when nobody says so.

use std::path::{Path, PathBuf};

/// The models of the project's folder.
pub const IN_PROJECT: &str = "static/models";

/// Where an installed program has them, from its own folder.
const INSTALLED: [&str; 2] = ["models", "../share/undertone/models"];

/// [`IN_PROJECT`] where it is here, or the folder of the installed program.
#[must_use]
pub fn folder() -> PathBuf {
    let here = PathBuf::from(IN_PROJECT);
    if here.is_dir() {
        return here;
    }
    let program = std::env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent);
    let installed = beside
        .into_iter()
        .flat_map(|at| INSTALLED.map(|name| at.join(name)));
    installed.into_iter().find(|at| at.is_dir()).unwrap_or(here)
}
