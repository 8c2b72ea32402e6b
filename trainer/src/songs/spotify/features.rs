//! Track features of many tracks, as far as Spotify still gives them.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use undertone::features::TrackFeatures;

use super::answers::FeaturesAnswer;
use super::client::Client;
use super::http::Refusal;
use collections::console::Hint;
use collections::files;

/// Most tracks of one request (Web API reference, "Get Several Tracks' Audio Features").
const BATCH: usize = 100;

/// Features by track id; `None` where Spotify has none.
type ById = BTreeMap<String, Option<TrackFeatures>>;

/// What is known of the tracks' features.
pub struct Known {
    /// Features by track id.
    pub by_id: ById,
    /// Why no more were asked for.
    pub refusal: Option<Refusal>,
}

/// The features of these tracks. Those that are already in `folder` are not asked
/// for, and after a refusal nothing more is.
///
/// # Errors
/// When there is no answer or the folder can't be used.
pub fn fetch(client: &mut Client, ids: &[&str], folder: &Path) -> Result<Known> {
    let folder = folder.join("features");
    let mut by_id = kept(&folder)?;
    let mut missing = ids.to_vec();
    missing.retain(|id| !by_id.contains_key(*id));
    for batch in missing.chunks(BATCH) {
        match fetch_batch(client, batch) {
            Ok(answer) => {
                // The first id stands in no other file.
                files::write_json(&folder.join(format!("{}.json", batch[0])), &answer)?;
                by_id.extend(answer);
            }
            Err(error) => {
                let refusal = Some(error.downcast()?);
                return Ok(Known { by_id, refusal });
            }
        }
    }
    let refusal = None;
    Ok(Known { by_id, refusal })
}

fn fetch_batch(client: &mut Client, ids: &[&str]) -> Result<ById> {
    let url = client.address(&format!("/audio-features?ids={}", ids.join(",")));
    let reply = client.get(&url)?;
    let answer: FeaturesAnswer = reply.json()?;
    let got = answer.audio_features.len();
    if got != ids.len() {
        let words = format!("{got} features came for {} tracks", ids.len());
        return Err(reply.refused(words).into());
    }
    let ids = ids.iter().map(|id| (*id).to_owned());
    Ok(ids.zip(answer.audio_features).collect())
}

/// What stands in the folder.
fn kept(folder: &Path) -> Result<ById> {
    let mut by_id = ById::new();
    for path in files::list(folder)? {
        if path.extension().is_some_and(|ending| ending == "json") {
            let batch: ById = files::read_json(&path)
                .hint("delete the folder features, and it is fetched again")?;
            by_id.extend(batch);
        }
    }
    Ok(by_id)
}
