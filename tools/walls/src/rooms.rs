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
    knots: &[
        Knot {
            files: &["web/library/mod.rs", "web/library/order.rs"],
            why: "the library sorts itself; its songs want a file of their own",
        },
        Knot {
            files: &[
                "web/state/mod.rs",
                "web/state/large.rs",
                "web/state/player.rs",
                "web/state/queue.rs",
                "web/state/renewal.rs",
                "web/state/shelf.rs",
                "web/state/song.rs",
                "web/state/staff.rs",
                "web/words/mod.rs",
                "web/words/library.rs",
            ],
            why: "the state and its parts share events and effects, which want a file below them",
        },
        Knot {
            files: &[
                "web/export.rs",
                "web/intake.rs",
                "web/keeper.rs",
                "web/library_controls.rs",
                "web/page.rs",
                "web/pages.rs",
                "web/player.rs",
                "web/received.rs",
                "web/samples.rs",
                "web/service_worker.rs",
                "web/shortcuts.rs",
                "web/store.rs",
                "web/worker_client.rs",
                "web/workers.rs",
            ],
            why: "parts of the page call the page back; they want a channel for events",
        },
    ],
};

/// The trainer.
pub const TRAINER: House = House {
    folder: "trainer/src",
    root: "main.rs",
    rooms: &[
        "console", "files", "sound", "songs", "corpus", "measured", "evaluate", "learn", "predict",
        "judges", "study", "check", "cli", "main",
    ],
    knots: &[
        Knot {
            files: &[
                "songs/spotify/client.rs",
                "songs/spotify/crawl.rs",
                "songs/spotify/features.rs",
                "songs/spotify/mod.rs",
                "songs/spotify/playlist.rs",
                "songs/spotify/previews.rs",
            ],
            why: "the reader of answers and its parts want the common types in a file below them",
        },
        Knot {
            files: &[
                "corpus/arranged.rs",
                "corpus/emopia.rs",
                "corpus/folder.rs",
                "corpus/manifest.rs",
                "corpus/mod.rs",
                "corpus/music.rs",
                "corpus/overview.rs",
                "corpus/split.rs",
                "measured/example.rs",
                "songs/import.rs",
            ],
            why: "a second table of songs, to be joined with the one in songs",
        },
        Knot {
            files: &["study/classic/grid.rs", "study/classic/system.rs"],
            why: "the grid names the systems that it is searched for",
        },
        Knot {
            files: &[
                "study/report/compose/contrast.rs",
                "study/report/compose/mod.rs",
                "study/report/compose/plots.rs",
                "study/report/compose/system.rs",
                "study/report/compose/task.rs",
                "study/report/held.rs",
                "study/report/mod.rs",
                "study/report/system.rs",
                "study/report/task.rs",
            ],
            why: "the report and what composes it share types that want a file below them",
        },
    ],
};
