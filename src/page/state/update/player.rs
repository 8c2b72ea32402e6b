//! What follows from playing.

use crate::page::state::{Announcement, Effect, Phase, Player, Playing, Song, State};
use crate::worker::protocol::Job;

/// While a song plays its mood is announced when it changes, but not within so many
/// seconds of the last time: who listens wants to hear the song.
const LEAST_PAUSE_S: f64 = 10.0;
/// Playing begins anew from so many seconds before the end.
const END_S: f64 = 0.1;

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
            Playing::Ended | Playing::Next => {
                let next = self.player.listed + 1;
                if self.player.is_listing() && !self.play_listed(next, true, effects) {
                    self.player.list.clear();
                }
            }
            Playing::Previous => {
                if let Some(before) = self.player.listed.checked_sub(1) {
                    self.play_listed(before, false, effects);
                }
            }
            Playing::At(seconds) => {
                if self.player.song == self.selected {
                    self.arrive(seconds);
                    self.announce_mood();
                }
            }
            Playing::Failed(silence) => {
                self.player.playing = false;
                self.player.silence = Some(silence);
                // One that can't be heard does not stop those after it.
                let next = self.player.listed + 1;
                if self.player.is_listing() && !self.play_listed(next, true, effects) {
                    self.player.list.clear();
                }
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

    /// Plays these songs one after the other, as far as their files are at hand; whether there
    /// is one.
    pub(super) fn play_songs(&mut self, songs: Vec<String>, effects: &mut Vec<Effect>) -> bool {
        self.player.list = songs;
        let plays = self.play_listed(0, true, effects);
        if !plays {
            self.player.list.clear();
        }
        plays
    }

    /// Plays the song at that place of the list, or the nearest after it, or before it, whose
    /// file is at hand; whether there is one.
    fn play_listed(&mut self, place: usize, onward: bool, effects: &mut Vec<Effect>) -> bool {
        let list = std::mem::take(&mut self.player.list);
        let playable = |at: &usize| Some((*at, self.job_of(list.get(*at)?)?));
        let found = if onward {
            (place..list.len()).find_map(|at| playable(&at))
        } else {
            (0..=place).rev().find_map(|at| playable(&at))
        };
        if let Some((at, job)) = found {
            // The song that ends may be the next one, too.
            self.select(job, effects);
            self.arrive(0.0);
            self.player.listed = at;
            self.start(effects);
        }
        self.player.list = list;
        found.is_some()
    }

    /// The song of this visit with that hash whose file is at hand.
    fn job_of(&self, hash: &str) -> Option<Job> {
        let has_file = |song: &&Song| {
            let judged = matches!(song.phase, Phase::Done(_) | Phase::Kept(_));
            judged && song.has_file && song.hash.as_deref() == Some(hash)
        };
        self.songs.iter().find(has_file).map(|song| song.job)
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
            self.announcement = Some(Announcement::Moment { mood, at_s });
        }
    }
}
