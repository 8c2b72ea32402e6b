//! The order of rooms: the one place where it stands.
//!
//! A room is a folder or a file right below the sources. It imports only rooms that stand
//! before it here. A folder within a room may have a place of its own (`learn/neural`).

/// A crate and its rooms.
#[derive(Debug, Clone, Copy)]
pub struct House<'a> {
    /// Folder of its sources, from the root of the workspace.
    pub folder: &'a str,
    /// Its root file.
    pub root: &'a str,
    /// Its rooms, the lowest first; the root file is one.
    pub rooms: &'a [&'a str],
    /// Where the rules are broken, and known to be.
    pub knots: &'a [Knot<'a>],
}

/// Files that may import each other against the rules, until somebody unties them.
#[derive(Debug, Clone, Copy)]
pub struct Knot<'a> {
    /// Paths below the sources.
    pub files: &'a [&'a str],
    /// Why they are left, and what would untie them.
    pub why: &'a str,
}

/// The library and the page.
pub const LIBRARY: House = House {
    folder: "src",
    root: "lib.rs",
    rooms: &[
        "mood",
        "kind",
        "tags",
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
        "explain",
        "ensemble",
        "regressor",
        "judges",
        "report",
        "rule",
        "tagging",
        "analysis",
        "dom",
        "worker",
        "tagger",
        "page/files",
        "page/plot",
        "page/library",
        "page/state",
        "page/words",
        "page/request",
        "page/sender",
        "page/view",
        "page/browser",
        "page/input",
        "page",
        "lib",
    ],
    knots: &[],
};

/// The trainer.
pub const TRAINER: House = House {
    folder: "trainer/src",
    root: "lib.rs",
    rooms: &[
        "npy", "sound", "songs", "measured", "evaluate", "learn", "judges", "study", "check",
        "cli", "lib",
    ],
    knots: &[],
};

/// The programs for collections.
pub const COLLECTIONS: House = House {
    folder: "collections/src",
    root: "lib.rs",
    rooms: &[
        "console",
        "files",
        "panics",
        "decode",
        "models",
        "results",
        "predict",
        "playlists",
        "tags",
        "watch",
        "cli",
        "lib",
    ],
    knots: &[],
};
