//! Piano pieces played by other instruments, so that one listener's label is heard in
//! many sounds: what a label says of notes, rhythm and mode stays, the timbre does not.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use midly::num::{u4, u7, u15, u24, u28};
use midly::{
    Format, Header, MetaMessage, MidiMessage, Smf, Timing, Track, TrackEvent, TrackEventKind,
};
use ndarray::Array2;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};
use undertone::features::Rhythm;
use undertone::spectrum::{FRAME_RATE, N_MELS};

/// Notes that begin within so many seconds are one chord.
const CHORD_S: f64 = 0.05;
/// Below this key (D3) a chord's lowest note is bass, from [`LEAST_LEAD`] on (middle C)
/// its highest is melody.
const MOST_BASS: u8 = 50;
const LEAST_LEAD: u8 = 60;
/// Semitones up or down.
const MOST_TRANSPOSED: i8 = 4;
/// Octaves of tempo faster or slower: 8 %.
const MOST_STRETCHED: f64 = 0.11;
/// Share of arrangements with drums, alike for every mood.
const WITH_DRUMS: f64 = 0.35;
/// Ticks of a quarter note and microseconds of it: 960 ticks a second.
const TICKS: u16 = 480;
const QUARTER_US: u32 = 500_000;
/// The channel that General MIDI keeps for drums.
const DRUMS: u8 = 9;

/// Programs of General MIDI, counted from 0, that carry chords, a melody and a bass.
/// Distorted guitars and effects are left out: they are moods by themselves.
const CHORDS: [u8; 28] = [
    0, 1, 2, 4, 5, 6, 11, 12, 16, 17, 19, 21, 24, 25, 26, 27, 46, 48, 49, 50, 51, 52, 88, 89, 90,
    91, 92, 94,
];
const LEADS: [u8; 24] = [
    0, 4, 11, 22, 24, 25, 26, 27, 40, 42, 56, 60, 61, 65, 66, 68, 71, 73, 74, 75, 79, 80, 81, 105,
];
const BASSES: [u8; 9] = [32, 33, 34, 35, 36, 38, 39, 42, 43];

/// One sounding note.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Note {
    start_s: f64,
    end_s: f64,
    key: u8,
    velocity: u8,
}

/// Who plays a note; also its channel, in the order of [`CHORDS`], [`LEADS`] and [`BASSES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Chords = 0,
    Lead = 1,
    Bass = 2,
}

/// A Standard MIDI File with the notes of `midi`, played by instruments, in a key, at a
/// tempo and over drums that `seed` draws. The same seed gives the same bytes.
///
/// # Errors
/// When `midi` is no Standard MIDI File or has no notes.
pub fn arrange(midi: &[u8], seed: u64) -> Result<Vec<u8>> {
    let mut notes = notes(&Smf::parse(midi).context("the MIDI file can't be read")?)?;
    ensure!(!notes.is_empty(), "the MIDI file has no notes");
    let mut rng = StdRng::seed_from_u64(seed);
    let stretch = rng.random_range(-MOST_STRETCHED..=MOST_STRETCHED).exp2();
    let transpose = rng.random_range(-MOST_TRANSPOSED..=MOST_TRANSPOSED);
    for note in &mut notes {
        note.start_s *= stretch;
        note.end_s *= stretch;
        note.key = note.key.saturating_add_signed(transpose).min(127);
    }
    let mut score = Score::default();
    for (note, part) in notes.iter().zip(parts(&notes, &mut rng)) {
        score.note(part as u8, *note);
    }
    for (channel, programs) in (0..).zip([&CHORDS[..], &LEADS, &BASSES]) {
        score.prepare(channel, programs, &mut rng);
    }
    if rng.random_bool(WITH_DRUMS) {
        drums(&mut score, &notes, &mut rng)?;
    }
    score.write()
}

/// Who plays which note: one instrument for all in a third of the arrangements.
fn parts(notes: &[Note], rng: &mut StdRng) -> Vec<Part> {
    let alone = rng.random_bool(0.3);
    let (bass, lead) = (
        !alone && rng.random_bool(0.75),
        !alone && rng.random_bool(0.6),
    );
    let near = |note: &Note| {
        let (start, near) = (note.start_s, note.start_s + CHORD_S);
        let from = notes.partition_point(|other| other.start_s < start - CHORD_S);
        notes[from..]
            .iter()
            .take_while(move |other| other.start_s <= near)
    };
    let of = |note: &Note| {
        if bass && note.key < MOST_BASS && near(note).all(|other| other.key >= note.key) {
            Part::Bass
        } else if lead && note.key >= LEAST_LEAD && near(note).all(|other| other.key <= note.key) {
            Part::Lead
        } else {
            Part::Chords
        }
    };
    notes.iter().map(of).collect()
}

/// A beat that fits the notes, where they have one.
fn drums(score: &mut Score, notes: &[Note], rng: &mut StdRng) -> Result<()> {
    let beats = beats(notes)?;
    let mean = notes.iter().map(|n| f64::from(n.velocity)).sum::<f64>() / notes.len() as f64;
    let level = mean * rng.random_range(0.6..1.0);
    let pattern = rng.random_range(0..3);
    let mut hit = |start_s: f64, key: u8, share: f64| {
        let note = Note {
            start_s,
            end_s: start_s + 0.1,
            key,
            velocity: (level * share).clamp(1.0, 127.0) as u8,
        };
        score.note(DRUMS, note);
    };
    // Keys of General MIDI: 36 kick, 37 side stick, 38 snare, 42 closed hat, 51 ride.
    for (index, pair) in beats.windows(2).enumerate() {
        let (beat, half) = (pair[0], f64::midpoint(pair[0], pair[1]));
        let back = index % 2 == 1;
        match pattern {
            0 => hit(beat, if back { 38 } else { 36 }, 1.0),
            1 => hit(beat, 36, 1.0),
            _ if back => hit(beat, 37, 0.7),
            _ => {}
        }
        let cymbal = if pattern == 2 { 51 } else { 42 };
        hit(beat, cymbal, 0.6);
        hit(half, cymbal, 0.5);
    }
    Ok(())
}

/// Times of the beats in seconds, as the library hears them in the notes' onsets.
fn beats(notes: &[Note]) -> Result<Vec<f64>> {
    let last = notes.iter().map(|note| note.end_s).fold(0.0, f64::max);
    let frames = (last * FRAME_RATE) as usize + 2;
    let mut onsets = Array2::<f32>::zeros((frames, N_MELS));
    for note in notes {
        let at = ((note.start_s * FRAME_RATE) as usize).min(frames - 1);
        let mut frame = onsets.row_mut(at);
        frame += f32::from(note.velocity) / 127.0;
    }
    let beats = Rhythm::of(onsets.view())?.beats;
    Ok(beats.iter().map(|&at| at as f64 / FRAME_RATE).collect())
}

/// The notes of all tracks in order of time; the pedal is not kept.
fn notes(smf: &Smf) -> Result<Vec<Note>> {
    let seconds = clock(smf)?;
    let mut notes = Vec::new();
    for track in &smf.tracks {
        let mut sounding: BTreeMap<(u4, u7), (u64, u8)> = BTreeMap::new();
        let mut now = 0_u64;
        for event in track {
            now += u64::from(event.delta.as_int());
            let TrackEventKind::Midi { channel, message } = event.kind else {
                continue;
            };
            let (key, velocity) = match message {
                MidiMessage::NoteOn { key, vel } => (key, vel.as_int()),
                MidiMessage::NoteOff { key, .. } => (key, 0),
                _ => continue,
            };
            if let Some((start, velocity)) = sounding.remove(&(channel, key)) {
                notes.push(Note {
                    start_s: seconds(start),
                    end_s: seconds(now),
                    key: key.as_int(),
                    velocity,
                });
            }
            if velocity > 0 {
                sounding.insert((channel, key), (now, velocity));
            }
        }
    }
    notes.sort_by(|a, b| a.start_s.total_cmp(&b.start_s).then(a.key.cmp(&b.key)));
    Ok(notes)
}

/// Seconds from ticks, by the tempo changes of all tracks.
fn clock(smf: &Smf) -> Result<impl Fn(u64) -> f64 + use<>> {
    let Timing::Metrical(quarter) = smf.header.timing else {
        anyhow::bail!("the MIDI file counts film frames, expected ticks of a quarter note");
    };
    let quarter = f64::from(quarter.as_int().max(1));
    let mut changes: BTreeMap<u64, f64> = BTreeMap::from([(0, 0.5)]);
    for track in &smf.tracks {
        let mut now = 0;
        for event in track {
            now += u64::from(event.delta.as_int());
            if let TrackEventKind::Meta(MetaMessage::Tempo(us)) = event.kind {
                changes.insert(now, f64::from(us.as_int()) / 1e6);
            }
        }
    }
    let mut segments: Vec<(u64, f64, f64)> = Vec::new();
    for (tick, quarter_s) in changes {
        let start_s = segments.last().map_or(0.0, |&(from, at, tempo)| {
            at + (tick - from) as f64 * tempo / quarter
        });
        segments.push((tick, start_s, quarter_s));
    }
    Ok(move |tick: u64| {
        let after = segments.partition_point(|segment| segment.0 <= tick);
        let (from, at, tempo) = segments[after.saturating_sub(1)];
        at + (tick - from) as f64 * tempo / quarter
    })
}

/// Events by tick; at one tick settings come first, then ends, then starts.
#[derive(Debug, Default)]
struct Score {
    events: BTreeMap<(u64, u8), Vec<TrackEventKind<'static>>>,
}

impl Score {
    fn note(&mut self, channel: u8, note: Note) {
        let ticks =
            |seconds: f64| (seconds * 1e6 / f64::from(QUARTER_US) * f64::from(TICKS)) as u64;
        let start = ticks(note.start_s);
        let end = ticks(note.end_s).max(start + 1);
        let (key, vel) = (u7::new(note.key), u7::new(note.velocity));
        self.midi(start, 2, channel, MidiMessage::NoteOn { key, vel });
        let vel = u7::new(0);
        self.midi(end, 1, channel, MidiMessage::NoteOff { key, vel });
    }

    /// Draws a channel's program, level, place and room.
    fn prepare(&mut self, channel: u8, programs: &[u8], rng: &mut StdRng) {
        let program = u7::new(programs.choose(rng).copied().unwrap_or_default());
        self.midi(0, 0, channel, MidiMessage::ProgramChange { program });
        // Controllers of General MIDI: 7 volume, 10 pan, 91 reverb, 93 chorus.
        for (controller, range) in [(7, 75..=115), (10, 34..=94), (91, 0..=110), (93, 0..=60)] {
            let message = MidiMessage::Controller {
                controller: u7::new(controller),
                value: u7::new(rng.random_range(range)),
            };
            self.midi(0, 0, channel, message);
        }
    }

    fn midi(&mut self, tick: u64, order: u8, channel: u8, message: MidiMessage) {
        let channel = u4::new(channel);
        let kind = TrackEventKind::Midi { channel, message };
        self.events.entry((tick, order)).or_default().push(kind);
    }

    fn write(self) -> Result<Vec<u8>> {
        let event = |delta: u64, kind| TrackEvent {
            delta: u28::new(delta as u32),
            kind,
        };
        let tempo = TrackEventKind::Meta(MetaMessage::Tempo(u24::new(QUARTER_US)));
        let mut track: Track = vec![event(0, tempo)];
        let mut now = 0;
        for ((tick, _), kinds) in self.events {
            for kind in kinds {
                track.push(event(tick - now, kind));
                now = tick;
            }
        }
        track.push(event(0, TrackEventKind::Meta(MetaMessage::EndOfTrack)));
        let header = Header::new(Format::SingleTrack, Timing::Metrical(u15::new(TICKS)));
        let mut bytes = Vec::new();
        midly::write_std(&header, [&track], &mut bytes)
            .context("the arrangement can't be written")?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Chords of three on every beat, half a second apart, as a file.
    fn chords() -> Vec<u8> {
        let mut score = Score::default();
        for beat in 0..40_u8 {
            for key in [40, 55, 72] {
                let start_s = f64::from(beat) / 2.0;
                let end_s = start_s + 0.4;
                let velocity = 80;
                score.note(
                    0,
                    Note {
                        start_s,
                        end_s,
                        key,
                        velocity,
                    },
                );
            }
        }
        score.write().unwrap()
    }

    fn read(bytes: &[u8]) -> Vec<Note> {
        notes(&Smf::parse(bytes).unwrap()).unwrap()
    }

    #[test]
    fn notes_keep_their_order_and_distances() {
        let plain = read(&chords());
        assert_eq!(plain.len(), 120);
        for seed in 0..20 {
            let mut notes = read(&arrange(&chords(), seed).unwrap());
            // Drums have keys of their own below every note of the chords.
            notes.retain(|note| note.end_s - note.start_s > 0.2);
            assert_eq!(notes.len(), plain.len(), "{seed}");
            let transposed = i16::from(notes[0].key) - i16::from(plain[0].key);
            let stretched = notes[119].start_s / plain[119].start_s;
            assert!(transposed.unsigned_abs() <= 4, "{seed}: {transposed}");
            assert!((0.92..1.09).contains(&stretched), "{seed}: {stretched}");
            for (a, b) in plain.iter().zip(&notes) {
                assert_eq!(i16::from(b.key) - i16::from(a.key), transposed);
                assert!((b.start_s - a.start_s * stretched).abs() < 0.01);
            }
        }
    }

    #[test]
    fn the_seed_decides() {
        let midi = chords();
        assert_eq!(arrange(&midi, 1).unwrap(), arrange(&midi, 1).unwrap());
        assert_ne!(arrange(&midi, 1).unwrap(), arrange(&midi, 2).unwrap());
    }

    #[test]
    fn a_chord_is_shared_among_the_parts() {
        let notes = read(&chords());
        let mut seen = Vec::new();
        for seed in 0..20 {
            let parts = parts(&notes, &mut StdRng::seed_from_u64(seed));
            assert!(parts.chunks(3).all(|chord| chord == &parts[..3]), "{seed}");
            assert_eq!(parts[1], Part::Chords);
            seen.push([parts[0], parts[2]]);
        }
        assert!(seen.contains(&[Part::Bass, Part::Lead]));
        assert!(seen.contains(&[Part::Chords, Part::Chords]));
    }

    #[test]
    fn drums_lie_on_the_beats() {
        let times = beats(&read(&chords())).unwrap();
        assert!(times.len() > 30, "{times:?}");
        for time in times {
            let off = (time * 2.0).fract().min(1.0 - (time * 2.0).fract());
            assert!(off < 0.1, "{time}");
        }
    }

    #[test]
    fn what_is_no_midi_or_silent_is_refused() {
        assert!(arrange(b"RIFF....", 1).is_err());
        let silent = Score::default().write().unwrap();
        let error = arrange(&silent, 1).map_err(|e| e.to_string());
        assert!(error.is_err_and(|text| text.contains("no notes")));
    }
}
