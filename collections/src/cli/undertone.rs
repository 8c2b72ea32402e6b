//! The program of those who listen: `undertone`.

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;

use super::EXIT_CODES;
use super::collection::{self, CollectionCommand};
use super::predict::{self, PredictArgs};
use crate::console::{self, Outcome};
use crate::files;

/// Tells the mood of songs, and why.
#[derive(Debug, Parser)]
#[command(name = "undertone", version, after_help = EXIT_CODES)]
pub struct Undertone {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do with songs.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Tell the mood of songs, as the page would
    Judge(PredictArgs),
    #[command(flatten)]
    Collection(CollectionCommand),
    /// Print the completions of a shell
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Write the manual pages
    Man {
        /// Folder of the pages
        #[arg(value_name = "DIR")]
        out: PathBuf,
    },
}

/// Runs a command.
///
/// # Errors
/// Those of the command.
pub fn dispatch(cli: &Undertone) -> Result<Outcome> {
    match &cli.command {
        Command::Judge(args) => predict::predict(args),
        Command::Collection(command) => collection::dispatch(command),
        Command::Completions { shell } => {
            let mut command = Undertone::command();
            let name = command.get_name().to_owned();
            // Not onto stdout itself: it would fall over a reader that leaves.
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut command, name, &mut text);
            console::data(&String::from_utf8_lossy(&text))?;
            Ok(Outcome::All)
        }
        Command::Man { out } => {
            files::make_folder(out)?;
            clap_mangen::generate_to(Undertone::command(), out)
                .with_context(|| format!("the pages can't be written to {}", out.display()))?;
            Ok(Outcome::All)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Undertone::command().debug_assert();
    }
}
