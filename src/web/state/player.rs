//! The song that sounds, and where in it.

use super::{Effect, State};
use crate::mood::Mood;
use crate::text::{mood_name, song as say};
use crate::web::protocol::Job;
use crate::web::words;

/// While a song plays its mood is announced when it changes, but not within so many
/// seconds of the last time: who listens wants to hear the song.
const LEAST_PAUSE_S: f64 = 10.0;
/// Playing begins anew from so many seconds before the end.
const END_S: f64 = 0.1;

/// What sounds, and where.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Player {
    /// The song that the browser's player holds.
    pub song: Option<Job>,
    /// Whether it sounds.
    pub playing: bool,
    /// Where in the selected song, in seconds.
    pub at_s: f64,
    /// Why the selected song can't be heard.
    pub silence: Option<Silence>,
    /// The mood that was last announced, and where.
    said: Option<(Mood, f64)>,
}

/// Why a song can't be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silence {
    /// Its file is not at hand: the result is from an earlier visit.
    NoFile,
    /// Its file was there when it was chosen, and can't be read any more.
    Unreadable,
    /// The browser decodes the file, but does not play it.
    Unplayable,
}

/// What happened around the player.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Playing {
    /// The visitor wants to hear the selected song, or no longer.
    Toggled,
    /// The visitor goes to that second of the selected song.
    Sought(f64),
    /// The visitor goes on by so many seconds, or back.
    Moved(f64),
    /// The song sounds.
    Started,
    /// The song pauses or has ended.
    Stopped,
    /// The song has come to that second.
    At(f64),
    /// The song can't be heard.
    Failed(Silence),
}

impl State {
    /// Takes in what happened around the player.
    pub(super) fn play(&mut self, event: Playing, effects: &mut Vec<Effect>) {
        match event {
            Playing::Toggled if self.player.playing => effects.push(Effect::Pause),
            Playing::Toggled => self.start(effects),
            Playing::Sought(seconds) => self.seek(seconds, effects),
            Playing::Moved(seconds) => self.seek(self.player.at_s + seconds, effects),
            Playing::Started => self.player.playing = true,
            Playing::Stopped => self.player.playing = false,
            Playing::At(seconds) => {
                if self.player.song == self.selected {
                    self.arrive(seconds);
                    self.announce_mood();
                }
            }
            Playing::Failed(silence) => {
                self.player.playing = false;
                self.player.silence = Some(silence);
            }
        }
    }

    /// Another song is looked at: what sounds falls silent.
    pub(super) fn leave(&mut self, effects: &mut Vec<Effect>) {
        if self.player.playing {
            effects.push(Effect::Pause);
        }
        self.player = Player {
            playing: self.player.playing,
            song: self.player.song,
            ..Player::default()
        };
    }

    fn start(&mut self, effects: &mut Vec<Effect>) {
        let Some(song) = self.selected_song() else {
            return;
        };
        let (job, end_s) = (song.job, song.duration_s - END_S);
        if self.player.at_s >= end_s {
            self.arrive(0.0);
        }
        self.player.song = Some(job);
        self.player.silence = None;
        self.player.said = None;
        effects.push(Effect::Play(job));
    }

    fn seek(&mut self, seconds: f64, effects: &mut Vec<Effect>) {
        self.arrive(seconds);
        if self.player.song == self.selected {
            effects.push(Effect::Seek);
        }
    }

    /// Stands at that second of the selected song.
    fn arrive(&mut self, seconds: f64) {
        if let Some(song) = self.selected_song() {
            let seconds = seconds.clamp(0.0, song.duration_s.max(0.0));
            self.moment = song.moment_at(seconds);
            self.player.at_s = seconds;
        }
    }

    /// Says the mood where it is another, but not all the time.
    fn announce_mood(&mut self) {
        let at_s = self.player.at_s;
        let moment = self
            .selected_song()
            .and_then(|song| song.moments.get(self.moment));
        let Some(mood) = moment.map(|moment| moment.moods.top().0) else {
            return;
        };
        let due = self
            .player
            .said
            .is_none_or(|(said, since)| said != mood && (at_s - since).abs() >= LEAST_PAUSE_S);
        if due {
            self.player.said = Some((mood, at_s));
            let name = mood_name(mood).of(self.language);
            let values = [("name", &*words::clock(at_s)), ("text", name)];
            self.announcement = say::SONG_SAYS.fill(self.language, &values);
        }
    }
}
