//! A loudspeaker that nobody hears, for machines without sound: Firefox refuses to play
//! where it finds none.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result};
use tokio::process::{Child, Command};

use crate::paths;
use crate::waiting;

/// A running `PulseAudio` with a sink for nothing; dropping it ends it.
#[derive(Debug)]
pub struct Speaker {
    socket: PathBuf,
    _process: Child,
}

impl Speaker {
    /// Starts it with all that it writes in that folder.
    ///
    /// # Errors
    /// When `PulseAudio` is not installed or does not start.
    pub async fn start(folder: &Path) -> Result<Self> {
        let socket = folder.join("sound");
        let listen = format!(
            "module-native-protocol-unix socket={} auth-anonymous=1",
            socket.display()
        );
        let process = Command::new(paths::installed(&["pulseaudio"])?)
            .args(["-n", "--daemonize=no", "--use-pid-file=no"])
            .args(["--exit-idle-time=-1", "--load=module-null-sink"])
            .arg(format!("--load={listen}"))
            .env("HOME", folder)
            .env("XDG_RUNTIME_DIR", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .context("pulseaudio does not start")?;
        waiting::until("pulseaudio listens", async || {
            Ok(socket.exists().then_some(()))
        })
        .await?;
        Ok(Self {
            socket,
            _process: process,
        })
    }

    /// Where programs find it, as `PULSE_SERVER`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("unix:{}", self.socket.display())
    }
}
