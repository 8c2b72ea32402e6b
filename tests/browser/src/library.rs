//! What a visitor does with many songs, and with what is kept of them.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use fantoccini::Locator;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::page::{Job, Page, Row};
use crate::waiting;

/// One row of the library.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct LibraryRow {
    /// SHA-256 of the song.
    pub hash: String,
    /// Name of the file.
    pub name: String,
    /// The mood: the verdict's, or what the visitor said; empty where it is no music.
    #[serde(default)]
    pub mood: String,
    /// `true` where the judges were not sure and the visitor said nothing.
    pub unsure: String,
    /// `true` where other models judged.
    pub outdated: String,
}

const LIBRARY: &str = r##"
    return Array.from(document.querySelectorAll("#library-rows > [data-hash]"), ({ dataset }) => ({ ...dataset }));
"##;

/// Counts what is decoded from now on, by the browser or by the worker.
const COUNT_DECODED: &str = r"
    const decode = BaseAudioContext.prototype.decodeAudioData;
    window.decoded = 0;
    BaseAudioContext.prototype.decodeAudioData = function (...all) {
        window.decoded += 1;
        return decode.apply(this, all);
    };
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...rest) {
        window.decoded += message[1] instanceof File ? 1 : 0;
        return post.call(this, message, ...rest);
    };
";

/// Opens the page's storage as `database`.
const OPEN_STORAGE: &str = r#"
    const database = await new Promise((resolve, reject) => {
        const open = indexedDB.open("undertone:/");
        open.onsuccess = () => resolve(open.result);
        open.onerror = () => reject(open.error);
    });
"#;

/// Waits until the transaction `writing` has ended.
const END_WRITING: &str = "
    await new Promise((resolve) => { writing.oncomplete = resolve; });
    database.close();
    return true;
";

/// A transaction over all stores begins after all others have ended.
const WRITTEN: &str =
    r#"const writing = database.transaction(database.objectStoreNames, "readwrite");"#;

impl Page<'_> {
    /// Loads the page again after the browser has written what the page had it keep: on a
    /// busy machine that comes later than what the page shows.
    ///
    /// # Errors
    /// When nothing can be kept, or the page does not load.
    pub async fn reload_once_written(&self) -> Result<()> {
        self.write_storage(WRITTEN, &[]).await?;
        self.reload().await
    }

    /// Runs a script that begins the transaction `writing` on the page's storage, which it
    /// finds as `database`, and waits until all of it is written.
    ///
    /// # Errors
    /// What the script threw.
    pub async fn write_storage(&self, script: &str, arguments: &[Value]) -> Result<()> {
        let script = format!("{OPEN_STORAGE}{script}{END_WRITING}");
        let written = self.wait_for_script(&script, arguments).await?;
        ensure!(written == json!(true), "the storage: {written}");
        Ok(())
    }

    /// Chooses a whole folder.
    ///
    /// # Errors
    /// When the page has no such input.
    pub async fn choose_folder(&self, folder: &Path) -> Result<()> {
        let input = self.browser.client.find(Locator::Id("folder-input"));
        let folder = folder.to_str().context("a path that is not UTF-8")?;
        Ok(input.await?.send_keys(folder).await?)
    }

    /// Drops files and folders onto the page.
    ///
    /// # Errors
    /// When Chromium refuses.
    pub fn drop(&self, files: &[&Path]) -> Result<()> {
        for kind in ["dragEnter", "dragOver", "drop"] {
            let data = json!({ "items": [], "files": files, "dragOperationsMask": 1 });
            let event = json!({ "type": kind, "x": 200, "y": 300, "data": data });
            self.browser.devtools("Input.dispatchDragEvent", &event)?;
        }
        Ok(())
    }

    /// Waits until so many rows are listed, and returns them.
    ///
    /// # Errors
    /// When they are not in time.
    pub async fn wait_for_rows(&self, count: usize) -> Result<Vec<Row>> {
        waiting::until(&format!("{count} songs are listed"), async || {
            Ok(Some(self.rows().await?).filter(|rows| rows.len() == count))
        })
        .await
    }

    /// Waits until all songs have ended, and returns their rows.
    ///
    /// # Errors
    /// When they do not in time.
    pub async fn wait_for_all(&self) -> Result<Vec<Row>> {
        waiting::until_within(4 * waiting::PATIENCE, "all songs end", async || {
            let rows = self.rows().await?;
            let ended = !rows.is_empty() && rows.iter().all(Row::has_ended);
            Ok(ended.then_some(rows))
        })
        .await
    }

    /// Looks at the library.
    ///
    /// # Errors
    /// When the page offers none.
    pub async fn show_library(&self) -> Result<()> {
        self.wait_for("#show-library").await?;
        self.click("#show-library").await?;
        self.wait_for("#library").await
    }

    /// The rows of the library that are in sight, from top to bottom.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn library(&self) -> Result<Vec<LibraryRow>> {
        let rows = self.browser.run(LIBRARY, &[]).await?;
        Ok(serde_json::from_value(rows)?)
    }

    /// Number of lines of the list, in sight or not.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn listed(&self) -> Result<usize> {
        let count = "return Number(document.getElementById('library-rows').dataset.count ?? 0)";
        let count = self.browser.run(count, &[]).await?;
        Ok(count.as_u64().context("nothing is listed")? as usize)
    }

    /// Presses the row of a song, with these keys held as in a `MouseEvent`.
    ///
    /// # Errors
    /// When it is not in sight.
    pub async fn press_row(&self, name: &str, keys: &Value) -> Result<()> {
        let press = "const [name, keys] = arguments; \
            const row = [...document.querySelectorAll('#library-rows > *')].find((row) => row.dataset.name === name); \
            row.lastElementChild.dispatchEvent(new MouseEvent('click', { bubbles: true, ...keys }))";
        self.browser
            .run(press, &[json!(name), keys.clone()])
            .await?;
        Ok(())
    }

    /// Waits until so many songs are selected.
    ///
    /// # Errors
    /// When they are not in time.
    pub async fn wait_for_selected(&self, count: usize) -> Result<()> {
        waiting::until(&format!("{count} songs are selected"), async || {
            let text = match count {
                0 => self.texts("#picked-count").await?.is_empty(),
                1 => self.text_of("picked-count").await? == "1 song selected",
                _ => self.text_of("picked-count").await? == format!("{count} songs selected"),
            };
            Ok(text.then_some(()))
        })
        .await
    }

    /// Forgets one song of the list.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn forget(&self, name: &str) -> Result<()> {
        self.press_row(name, &json!({})).await?;
        self.wait_for_selected(1).await?;
        self.click("[data-picked=forget]").await?;
        self.click("#forget-picked-confirm").await
    }

    /// Waits until the list has so many lines, and returns the rows in sight.
    ///
    /// # Errors
    /// When it has not in time.
    pub async fn wait_for_library(&self, count: usize) -> Result<Vec<LibraryRow>> {
        let what = format!("the library shows {count} songs");
        let mut rows = Vec::new();
        let shows = waiting::until(&what, async || {
            rows = self.library().await?;
            let all = self.listed().await?;
            // What begins near the window's bottom is not all in sight.
            Ok((all == count && rows.len() >= count.min(5)).then_some(()))
        });
        let shows = shows.await;
        shows.with_context(|| format!("it shows {rows:?}"))?;
        Ok(rows)
    }

    /// Opens a song of the library, and returns its number.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn open_from_library(&self, name: &str) -> Result<Job> {
        self.click(&format!("[data-name='{name}'] [data-action=open]"))
            .await?;
        waiting::until(&format!("{name} is opened"), async || {
            let current = "return document.querySelector('#queue > li:has([aria-current])')?.dataset.name === arguments[0] \
                ? document.getElementById('result').dataset.phase : ''";
            let phase = self.browser.run(current, &[json!(name)]).await?;
            let rows = self.rows().await?;
            let row = rows.iter().rfind(|row| row.name == name);
            Ok(row.map(|row| row.job).filter(|_| phase == json!("done")))
        })
        .await
    }

    /// Forgets all results, wherever the page is.
    ///
    /// # Errors
    /// When it does not.
    pub async fn forget_all(&self) -> Result<()> {
        let confirm = "document.getElementById('forget-confirm').click()";
        self.browser.run(confirm, &[]).await?;
        self.wait_for_rows(0).await?;
        Ok(())
    }

    /// Counts from now on how many files are decoded.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn count_decoded(&self) -> Result<()> {
        self.browser.run(COUNT_DECODED, &[]).await?;
        Ok(())
    }

    /// How many files were decoded since.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn decoded(&self) -> Result<u64> {
        let count = self.browser.run("return window.decoded", &[]).await?;
        count.as_u64().context("nothing is counted")
    }

    /// The text of an element, seen or not.
    ///
    /// # Errors
    /// When there is none.
    pub async fn text_of(&self, id: &str) -> Result<String> {
        let script = "return document.getElementById(arguments[0]).textContent";
        let text = self.browser.run(script, &[json!(id)]).await?;
        text.as_str().map(str::to_owned).context("no text")
    }

    /// Presses a button of the exports, and waits for the file in that folder.
    ///
    /// # Errors
    /// When none comes in time.
    pub async fn export(&self, form: &str, name: &str, folder: &Path) -> Result<PathBuf> {
        let behaviour = json!({ "behavior": "allow", "downloadPath": folder });
        self.browser
            .devtools("Browser.setDownloadBehavior", &behaviour)?;
        let open = "document.querySelectorAll('#library details').forEach((details) => { details.open = true; })";
        self.browser.run(open, &[]).await?;
        self.click(&format!("[data-export='{form}']")).await?;
        let file = folder.join(name);
        waiting::until(&format!("{name} is saved"), async || {
            Ok(file.is_file().then_some(()))
        })
        .await?;
        Ok(file)
    }

    /// Runs a script with a promise, and returns what it comes to.
    ///
    /// # Errors
    /// What it threw.
    pub async fn wait_for_script(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async (...arguments) => {{ {script} }})(...arguments).then(done, (error) => done(String(error)));"
        );
        let answer = self
            .browser
            .client
            .execute_async(&script, arguments.to_vec());
        Ok(answer.await?)
    }
}
