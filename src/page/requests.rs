//! Carries out what is asked of the page beside the state.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::browser::download::Download;
use super::browser::{backup, export, folders, player, share};
use super::request::{ExportForm, ExportOptions, Request, ShareForm};
use super::running::{Page, with_page};
use super::sender::send;
use super::state::{Event, Playing, Shared, Silence, TagEvent};
use super::tagging;
use super::words::{self, picture};
use crate::dom;
use crate::worker::protocol::Job;

/// Carries out a request, or begins to.
pub fn carry_out(request: Request) {
    match request {
        Request::Add(haul) => spawn_local(async move {
            let songs = folders::look_up(haul.songs).await;
            with_page(|page| page.add(songs, haul.skipped));
        }),
        Request::KeepFolders(folders) => {
            with_page(|page| {
                page.tag_desk.lend(&folders);
                page.keeper.keep_folders(folders);
            });
        }
        Request::KeepCover(job, cover) => keep_cover(job, cover),
        Request::ReadCovers(hashes) => {
            let given = with_page(|page| Some((page.covers.clone(), page.keeper.store()?)));
            if let Some((covers, store)) = given.flatten() {
                spawn_local(async move { covers.read(hashes, store).await });
            }
        }
        Request::Tag(task) => {
            with_page(|page| tagging::carry_out(task, page));
        }
        Request::LendFolder => spawn_local(async {
            // Whoever changes her mind has said enough.
            if let Ok(folder) = folders::pick().await {
                with_page(|page| page.tag_desk.lend(&[folder]));
                send(Event::Tag(TagEvent::FolderLent));
            }
        }),
        Request::Tell(hash) => {
            with_page(|page| page.keeper.tell(hash.as_deref()));
        }
        Request::GoOn => spawn_local(go_on()),
        Request::Export(form, options) => spawn_local(save_songs(form, options)),
        Request::SaveBackup => spawn_local(save_backup()),
        Request::Restore(file) => spawn_local(async move {
            let store = with_page(|page| page.keeper.store()).flatten();
            backup::restore(&file, store.as_ref()).await;
        }),
        Request::Scrolled => {
            with_page(Page::scrolled);
        }
        Request::Redraw => {
            with_page(|page| {
                page.view.invalidate();
                page.render();
            });
        }
        Request::Download { all } => spawn_local(save_results(all)),
        Request::Share(form) => spawn_local(share_result(form)),
        Request::Hear {
            sample_rate,
            channels,
        } => {
            with_page(|page| page.hear(sample_rate, &channels));
        }
        Request::FellSilent => spawn_local(explain_silence()),
    }
}

fn keep_cover(job: Job, cover: Uint8Array) {
    let given = with_page(|page| {
        let hash = page.state.song(job)?.hash.clone()?;
        Some((hash, page.covers.clone(), page.keeper.store()))
    });
    if let Some((hash, covers, store)) = given.flatten() {
        spawn_local(async move { covers.keep(hash, cover, store).await });
    }
}

async fn go_on() {
    let folders = with_page(|page| page.keeper.folders()).unwrap_or_default();
    let mut found = Vec::new();
    for folder in folders {
        if folders::ask_again(&folder).await {
            found.extend(folders::read(&folder).await);
        }
    }
    let found = folders::look_up(found).await;
    with_page(|page| page.add_missing(found));
}

async fn save_songs(form: ExportForm, options: ExportOptions) {
    let given = with_page(|page| {
        let songs = export::songs(&page.state);
        (!songs.is_empty()).then(|| (songs, page.keeper.store()))
    });
    if let Some((songs, store)) = given.flatten() {
        let file = export::file(form, options, songs, store).await;
        with_page(|page| page.offer(file));
    }
}

async fn save_backup() {
    let all = |page: &mut Page| {
        let lists = page.state.library.lists().clone();
        (lists, export::all(&page.state), page.keeper.store())
    };
    if let Some((lists, songs, store)) = with_page(all) {
        let file = backup::file(&lists, songs, store).await.map(Some);
        with_page(|page| page.offer(file));
    }
}

async fn save_results(all: bool) {
    let given = with_page(|page| {
        let songs = export::of_visit(&page.state, all);
        (songs, page.keeper.store())
    });
    if let Some((songs, store)) = given {
        let file = export::json(songs, store).await;
        with_page(|page| page.offer(file));
    }
}

async fn share_result(form: ShareForm) {
    let given = with_page(|page| {
        let language = page.state.language;
        let song = page.state.selected_song()?;
        let report = song.report()?;
        let text = words::share::text(language, &song.name, report);
        let svg = picture::svg(language, &song.name, report);
        Some((song.name.clone(), text, svg))
    });
    let Some((name, text, svg)) = given.flatten() else {
        return;
    };
    let shared = match form {
        ShareForm::Svg | ShareForm::Png => save_picture(&name, &svg, form == ShareForm::Png).await,
        ShareForm::Copy => share::copy(&text).await.map(|()| {
            send(Event::Shared(Shared::Copied));
        }),
        ShareForm::Dialog => share::share(&name, &text).await,
    };
    if let Err(error) = shared {
        send(Event::Shared(Shared::Failed(dom::message_of(&error))));
    }
}

async fn save_picture(name: &str, svg: &str, as_pixels: bool) -> Result<(), JsValue> {
    let mut blob = share::svg_blob(svg)?;
    let mut extension = "svg";
    if as_pixels {
        blob = share::png_blob(&blob).await?;
        extension = "png";
    }
    let download = Download::blob(&format!("{name}.undertone.{extension}"), &blob)?;
    with_page(|page| page.download = Some(download));
    Ok(())
}

/// Finds out why the player can't go on with what it holds.
async fn explain_silence() {
    let file = with_page(|page| page.player.let_go()).flatten();
    let silence = match file {
        Some(file) => player::why_silent(&file).await,
        None => Silence::NoFile,
    };
    send(Event::Player(Playing::Failed(silence)));
}
