//! The order of rooms: the one place where it stands.
//!
//! A room is a folder or a file of its own below the sources. It imports only rooms that
//! stand before it here. A folder within a room may have a place of its own (`learn/neural`).

/// A crate and its rooms.
#[derive(Debug, Clone, Copy)]
pub struct House {
    /// Folder of its sources, from the root of the workspace.
    pub folder: &'static str,
    /// Its root file.
    pub root: &'static str,
    /// Its rooms, the lowest first.
    pub rooms: &'static [&'static str],
    /// Imports that break a rule and are known.
    pub known: &'static [Known],
}

/// An import that is left for a reason.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// The importing file, below the folder of sources.
    pub from: &'static str,
    /// The imported file.
    pub to: &'static str,
}

/// The library and the page.
pub const LIBRARY: House = House {
    folder: "src",
    root: "lib.rs",
    rooms: &[
        "mood",
        "text",
        "error",
        "front_end",
        "audio",
        "decode",
        "spectrum",
        "features",
        "measurement",
        "card",
        "network",
        "tagger",
        "explain",
        "ensemble",
        "regressor",
        "judges",
        "report",
        "analysis",
        "web",
        "lib",
    ],
    known: &[],
};

/// The trainer.
pub const TRAINER: House = House {
    folder: "trainer/src",
    root: "main.rs",
    rooms: &[
        "console", "files", "sound", "songs", "corpus", "measured", "evaluate", "learn", "predict",
        "judges", "study", "check", "cli", "main",
    ],
    known: &[],
};
