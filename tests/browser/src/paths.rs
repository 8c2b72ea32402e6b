//! Where things are; what is missing is an error that says how to get it.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

/// The built page: `UNDERTONE_DIST`, or `dist` in the project.
///
/// # Errors
/// When the page is not built.
pub fn dist() -> Result<PathBuf> {
    let folder = from_env("UNDERTONE_DIST").unwrap_or_else(|| project().join("dist"));
    there(folder.join("index.html"), "make test")?;
    Ok(folder)
}

/// The script of axe-core, as npm has put it into `target`.
///
/// # Errors
/// When it was not fetched.
pub fn axe() -> Result<PathBuf> {
    let script = project().join("target/axe/node_modules/axe-core/axe.min.js");
    there(script, "make test-axe")
}

/// The packages that the page is compared with, as npm has put them into `target`.
///
/// # Errors
/// When they were not fetched.
pub fn peers() -> Result<PathBuf> {
    let packages = project().join("target/peers/node_modules");
    there(packages, "make bench-peers")
}

/// The native program: `UNDERTONE_TRAINER`, or the release build in the project.
///
/// # Errors
/// When it is not built.
pub fn trainer() -> Result<PathBuf> {
    let program =
        from_env("UNDERTONE_TRAINER").unwrap_or_else(|| project().join("target/release/trainer"));
    there(program, "make test")
}

/// A program of the system, found on the `PATH` under one of these names.
///
/// # Errors
/// When it is not installed.
pub fn installed(names: &[&str]) -> Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let found = env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|program| program.is_file());
    match found {
        Some(program) => Ok(program),
        None => bail!("{} is not installed: `make test` installs it", names[0]),
    }
}

/// A committed file of `tests/data`.
///
/// # Errors
/// When there is no such file.
pub fn data(name: &str) -> Result<PathBuf> {
    let file = there(project().join("tests/data").join(name), "git checkout")?;
    Ok(file.canonicalize()?)
}

/// A page of `docs`.
///
/// # Errors
/// When there is no such page.
pub fn docs(name: &str) -> Result<PathBuf> {
    there(project().join("docs").join(name), "git checkout")
}

/// That path, if something is there.
fn there(path: PathBuf, made_by: &str) -> Result<PathBuf> {
    if !path.exists() {
        bail!("{} is missing: `{made_by}` gets it", path.display());
    }
    Ok(path)
}

/// The project's root.
fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn from_env(name: &str) -> Option<PathBuf> {
    env::var_os(name).map(PathBuf::from)
}
