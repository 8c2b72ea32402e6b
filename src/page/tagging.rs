//! Carries out what concerns tags in files.

use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use super::browser::tag_desk::{Done, TagDesk, Target};
use super::running::{Page, with_page};
use super::sender::send;
use super::state::{Event, Obstacle, TagEvent, TagTask, Wrote};
use crate::tagging::Change;

/// Carries out a task, or begins to.
pub fn carry_out(task: TagTask, page: &Page) {
    let desk = page.tag_desk.clone();
    match task {
        TagTask::Look(run, hash) => {
            let target = target(&hash, page);
            spawn_local(async move {
                let seen = match target {
                    Some(target) => desk.look(&target).await,
                    None => Err(Obstacle::NotFound),
                };
                send(Event::Tag(TagEvent::Seen(run, hash, seen)));
            });
        }
        TagTask::Write {
            run,
            hash,
            changes,
            copy,
        } => {
            let target = target(&hash, page);
            spawn_local(async move {
                let wrote = match target {
                    Some(target) => write(&desk, &target, changes, copy).await,
                    None => Err(Obstacle::Gone),
                };
                send(Event::Tag(TagEvent::Wrote(run, hash, wrote)));
            });
        }
        TagTask::End => desk.end(),
    }
}

/// The file of a song.
fn target(hash: &str, page: &Page) -> Option<Target> {
    let origin = page.state.library.get(hash)?.kept.origin.clone();
    let songs = page.state.songs.iter();
    let mut same = songs.filter(|song| song.hash.as_deref() == Some(hash));
    let at_hand = same.find_map(|song| page.files.get(&song.job).cloned());
    Some(Target { origin, at_hand })
}

async fn write(
    desk: &TagDesk,
    target: &Target,
    changes: Vec<Change>,
    copy: bool,
) -> Result<Option<Wrote>, Obstacle> {
    match desk.write(target, changes, copy).await? {
        Done::Copied(download) => {
            with_page(|page| page.download = Some(download));
            Ok(None)
        }
        Done::Written { hash, file } => {
            let bytes = file.size() as u64;
            with_page(|page| replace(page, &target.origin.hash, &file));
            Ok(Some(Wrote { hash, bytes }))
        }
    }
}

/// The browser reads no file that was changed since it was given: the songs of this visit get
/// the one that was written.
fn replace(page: &mut Page, hash: &str, file: &File) {
    let songs = page.state.songs.iter();
    let same = songs.filter(|song| song.hash.as_deref() == Some(hash));
    let jobs: Vec<_> = same.map(|song| song.job).collect();
    for job in jobs {
        let Some(old) = page.files.get_mut(&job) else {
            continue;
        };
        *old = file.clone();
        // The song goes on where it is, or stands still until it is played again.
        if let Err(error) = page.player.renew(job, file) {
            web_sys::console::warn_1(&error);
        }
    }
}
