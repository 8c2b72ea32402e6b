//! What follows from playing.

use crate::page::state::{Announcement, Effect, Player, Playing, State};

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
            self.announcement = Some(Announcement::Moment { mood, at_s });
        }
    }
}
