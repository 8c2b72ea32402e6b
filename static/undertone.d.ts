// The mood of a song, for other pages. See example.html for a page that uses it.

/** Sad, calm, happy and energetic are the quarters of the plane of arousal and valence. */
export type Mood = "sad" | "calm" | "happy" | "energetic";
/** Probabilities that add up to 1. */
export type MoodProbabilities = Record<Mood, number>;
/** What a song, or a moment of it, is; only music has a mood. */
export type Kind = "music" | "speech" | "noise" | "tone" | "silence";
/** A group of musical features that a listener hears as one thing. */
export type Factor = "tempo" | "rhythm" | "mode" | "harmony" | "timbre" | "dynamics";
/** A part of the work, in order. */
export type Stage = "intake" | "spectrum" | "network" | "features" | "reasons";

/** Why a song got no report: the same names as in the page's JSON. */
export type ErrorKind =
  | "empty" | "undecodable" | "damaged" | "no-audio" | "too-short" | "too-long" | "silent"
  | "not-finite" | "unsupported-rate" | "unsupported-channels" | "unequal-channels"
  | "cancelled" | "internal" | "model";

export class UndertoneError extends Error {
  /** Stable name. */
  readonly kind: ErrorKind;
}

/** The mood of one moment; moments are 1 s apart. */
export interface Moment {
  /** Start in seconds from the start of the song. */
  t_s: number;
  kind: Kind;
  /** All alike where it is silent. */
  moods: MoodProbabilities;
  /** Drowsy to excited, -1 to 1. */
  arousal: number;
  /** Unpleasant to pleasant, -1 to 1. */
  valence: number;
}

/** Units and ranges as in Spotify's table; null where not measured. */
export interface TrackFeatures {
  danceability: number | null;
  energy: number | null;
  /** Pitch class, 0 (C) to 11 (B), or -1. */
  key: number | null;
  /** LUFS. */
  loudness: number | null;
  /** 1 major, 0 minor. */
  mode: number | null;
  speechiness: number | null;
  acousticness: number | null;
  instrumentalness: number | null;
  liveness: number | null;
  /** Musical positiveness, 0 to 1, as Spotify's: not the report's valence. */
  valence: number | null;
  /** Beats a minute. */
  tempo: number | null;
  duration_ms: number | null;
  /** Beats a bar. */
  time_signature: number | null;
}

/** What else was measured of the sound. */
export interface Sound {
  loudness_range_lu: number;
  true_peak_dbtp: number;
  dynamic_range_db: number;
  spectral_centroid_hz: number;
  spectral_flux: number;
  onset_rate_hz: number;
  /** 0 to 1. */
  pulse_clarity: number;
  /** 0 to 1. */
  tempo_confidence: number;
  /** 0 to 1. */
  key_confidence: number;
  /** Whether a major and a minor key fit about equally well. */
  mode_open: boolean;
  /** Against A4 = 440 Hz. */
  tuning_cents: number;
  /** Times of the beats in seconds. */
  beats_s: number[];
}

/** What a factor did to the ensemble's probability of the verdict's mood. */
export interface Contribution {
  factor: Factor;
  /** In English: "slow (72 BPM)". */
  heard: string;
  /** The same as a stable name, with the figure as it is shown. */
  word: string;
  figure?: string;
  /** Probability that it added, or took where negative. */
  shapley: number;
  /** How far it pulled from the second likeliest mood to the verdict's. */
  pull: number;
}

/** What a band of frequencies adds to the network's evidence, in logits. */
export interface BandEvidence {
  low_hz: number;
  high_hz: number;
  drop: number;
}

/** Where the network's evidence for the mood lies. */
export interface Evidence {
  /** One value a moment of the timeline, in logits; 0 where it is silent. Empty for no music. */
  moments: number[];
  /** Start and end of the strongest stretch, in seconds. */
  strongest_s: [number, number];
  bands: BandEvidence[];
}

/** Everything that is known of one song; the same object as in the page's JSON. */
export interface Report {
  /** Seconds, as decoded. */
  duration_s: number;
  /** Seconds that the file's head says, where that is another, as of a file that breaks off. */
  listed_s?: number;
  /** What it is; only music has a mood. */
  kind: Kind;
  /** The likeliest mood; read it together with `kind` and `unsure`. */
  mood: Mood;
  /** Whether `mood` is not to be relied on: too flat probabilities, or no music. */
  unsure: boolean;
  moods: MoodProbabilities;
  binary: { positive: number; negative: number };
  three_class: { sad: number; healing: number; joyful: number };
  /** Drowsy to excited, -1 to 1. */
  arousal: number;
  /** Unpleasant to pleasant, -1 to 1. */
  valence: number;
  judges: {
    network: { moods: MoodProbabilities };
    ensemble: { moods: MoodProbabilities };
  };
  /** 1 where network and ensemble give the same probabilities, 0 where they share nothing. */
  agreement: number;
  /**
   * How unlike the songs that the ensemble learnt from it is, in [0, 1]; the larger, the more
   * the network counts.
   */
  novelty?: number;
  features: TrackFeatures;
  sound: Sound;
  timeline: Moment[];
  /** Why, in English sentences. */
  reasons: string[];
  /** The strongest first. */
  contributions: Contribution[];
  evidence: Evidence;
  /** SHA-256 of the model files. */
  models: { network: string; ensemble: string; features: string };
}

export interface Options {
  /**
   * Stops the decoding or the analysis; the promise then rejects with the signal's reason.
   * A call that waits for another one's song stops when its turn comes.
   */
  signal?: AbortSignal;
  /** Told of each step; `fraction` is the share of the whole work, 0 to 1. */
  onProgress?: (progress: { stage: Stage; fraction: number }) => void;
}

/**
 * Loads the worker and its models (about 18 MB, once). Rejects with an {@link UndertoneError}.
 */
export default function init(): Promise<void>;

/**
 * Judges one song. Calls wait for each other; what is handed over stays whole. A browser
 * that has not decoded a file after 90 s, or some more where it is large, is given up.
 * Rejects with an {@link UndertoneError}, or with the signal's reason.
 */
export function analyse(source: Blob | ArrayBuffer | AudioBuffer, options?: Options): Promise<Report>;
