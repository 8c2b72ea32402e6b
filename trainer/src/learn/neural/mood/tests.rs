use std::collections::HashMap;
use std::path::Path;
use std::time::Instant;

use ndarray::Array2;
use rand::{Rng, SeedableRng};

use super::super::layer::{Conv2D, Layer};
use super::super::net::values;
use super::super::train::Run;
use super::*;
use crate::measured::example::Split;

/// A network that trains in milliseconds.
pub fn tiny() -> Spec {
    let conv = |filters, kernel| Conv2D {
        use_bias: false,
        ..Conv2D::new(filters, kernel)
    };
    let blocks = [
        Conv2D {
            strides: [4, 4],
            pool: [4, 2],
            ..conv(3, [5, 5])
        },
        Conv2D {
            pool: [1, 4],
            ..conv(4, [3, 3])
        },
    ];
    zoo::mood_of(&blocks, 5, 0.2)
}

fn train(songs: &[Example], options: &Options) -> Result<Trained> {
    let lessons = Lessons::default();
    super::train(&Material::of_examples(songs, &lessons), options)
}

/// Songs whose spectrum gives their mood away.
fn songs() -> Vec<Example> {
    let mut rng = StdRng::seed_from_u64(5);
    (0..24)
        .map(|index| {
            let mood = Mood::ALL[index % Mood::COUNT];
            let bands = mood.index() * 24..mood.index() * 24 + 24;
            Example {
                id: format!("song {index}"),
                corpus: "test".to_owned(),
                label_kind: "listeners".to_owned(),
                group: index.to_string(),
                split: if index < 16 {
                    Split::Train
                } else {
                    Split::Validation
                },
                mood,
                weight: 1.0,
                log_mel: Array2::from_shape_fn((600 + 20 * index, 96), |(_, band)| {
                    rng.random_range(0.0..1.0) + if bands.contains(&band) { 2.0 } else { 0.0 }
                }),
                descriptors: vec![],
            }
        })
        .collect()
}

fn options(work_dir: &Path) -> Options {
    let mut options = Options::new(work_dir.to_owned());
    options.spec = Spec {
        batch_size: 8,
        ..tiny()
    };
    options.training.epochs = 4;
    options.training.learning_rate = 1e-2;
    options
}

fn output(trained: &Trained, songs: &[Example]) -> Result<Vec<[f32; 6]>> {
    song_outputs(
        &trained.net,
        &[songs[0].log_mel.view(), songs[20].log_mel.view()],
    )
}

#[test]
fn a_stopped_run_ends_where_an_unbroken_one_does() -> Result<()> {
    let songs = songs();
    let (whole, parts) = (tempfile::tempdir()?, tempfile::tempdir()?);
    let unbroken = train(&songs, &options(whole.path()))?;
    let (mut options, lessons) = (options(parts.path()), Lessons::default());
    let material = Material::of_examples(&songs, &lessons);
    let task = Songs::new(&material, &options)?;
    let mut stopped = Run::new(task.net(&options)?, &task, &options.training)?;
    for _ in 0..2 {
        stopped.epoch()?;
    }
    drop(stopped);
    let resumed = train(&songs, &options)?;
    assert_eq!(resumed.epochs.len(), 4);
    for (a, b) in unbroken.epochs.iter().zip(&resumed.epochs) {
        assert_eq!(a.train_loss.to_bits(), b.train_loss.to_bits());
        assert_eq!(a.val_loss.to_bits(), b.val_loss.to_bits());
    }
    assert_eq!(output(&unbroken, &songs)?, output(&resumed, &songs)?);
    let log = std::fs::read_to_string(parts.path().join("log.csv"))?;
    let header =
        "number,train_loss,train_accuracy,val_loss,val_accuracy,val_macro_f1,learning_rate,seconds";
    assert!(log.starts_with(&format!("{header}\n1,")), "{log}");
    assert_eq!(log.lines().count(), 5);
    // Another seed is another run.
    options.training.seed = 2;
    let refused = train(&songs, &options).map_err(|e| e.to_string());
    assert!(refused.is_err_and(|text| text.contains("other options")));
    Ok(())
}

#[test]
fn easy_songs_are_learnt() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let songs = songs();
    let mut options = options(folder.path());
    options.training.epochs = 30;
    let trained = train(&songs, &options)?;
    let last = trained.epochs[29];
    assert!(last.val_macro_f1 > 0.9, "{last:?}");
    assert!(last.val_loss < 0.7, "{last:?}");
    assert!(
        last.val_accuracy > 0.9 && last.train_accuracy > 0.8,
        "{last:?}"
    );
    // The measured normalisation is not trained.
    let lessons = Lessons::default();
    let material = Material::of_examples(&songs, &lessons);
    let measured = Songs::new(&material, &options)?.scale;
    assert_eq!(values(trained.net.mean.val())?, measured.mean);
    assert_eq!(values(trained.net.inverse.val())?, measured.inverse);
    Ok(())
}

#[test]
fn a_loss_that_is_no_number_stops_the_run() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let mut songs = songs();
    let mut wild = options(folder.path());
    wild.training.learning_rate = 1e30;
    let error = train(&songs, &wild).map(|_| ()).map_err(|e| e.to_string());
    assert!(
        error.as_ref().is_err_and(|t| t.contains("learning rate")),
        "{error:?}"
    );
    songs[3].log_mel[[7, 7]] = f32::NAN;
    let error = train(&songs, &options(folder.path()))
        .map(|_| ())
        .map_err(|e| e.to_string());
    assert!(
        error.as_ref().is_err_and(|t| t.contains("song 3")),
        "{error:?}"
    );
    Ok(())
}

#[test]
fn missing_songs_are_named() -> Result<()> {
    let parent = tempfile::tempdir()?;
    let folder = parent.path().join("never made");
    let songs = songs();
    let error = train(&songs[..16], &options(&folder)).map_err(|e| e.to_string());
    assert!(error.is_err_and(|t| t.contains("no validation example")));
    let happy: Vec<Example> = songs
        .into_iter()
        .filter(|e| e.mood == Mood::Happy)
        .collect();
    let error = train(&happy, &options(&folder)).map_err(|e| e.to_string());
    assert!(error.is_err_and(|t| t.contains("no training example is labelled sad")));
    assert!(!folder.exists());
    Ok(())
}

#[test]
fn a_teacher_helps_without_labels() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let songs = songs();
    // A teacher that hears how loud each quarter of the bands is.
    let hear = |log_mel: &Array2<f32>| {
        Array2::from_shape_fn(
            (log_mel.nrows().div_ceil(STEP_FRAMES), 4),
            |(step, part)| log_mel[[(step * STEP_FRAMES).min(log_mel.nrows() - 1), part * 24]],
        )
    };
    let unlabelled: Vec<(String, Array2<f32>)> = songs[..16]
        .iter()
        .map(|e| (format!("{} again", e.id), e.log_mel.clone()))
        .collect();
    let raw: HashMap<String, Array2<f32>> = unlabelled
        .iter()
        .map(|(id, log_mel)| (id.clone(), hear(log_mel)))
        .collect();
    let ids: Vec<&str> = unlabelled.iter().map(|(id, _)| id.as_str()).collect();
    let lessons = Lessons::new(raw.clone(), &ids, 4)?;
    let material = Material {
        examples: &songs,
        unlabelled: &unlabelled,
        lessons: &lessons,
        without: None,
    };
    let mut options = options(folder.path());
    options.training.epochs = 12;
    let trained = super::train(&material, &options)?;
    let [first, last] = [trained.epochs[0], trained.epochs[11]];
    assert!(
        last.train_loss < 0.8 * first.train_loss,
        "{first:?} {last:?}"
    );
    assert_eq!(trained.net.heads[1].weight.dims(), [10, 4]);
    Ok(())
}

#[test]
fn a_small_rest_is_left_out() -> Result<()> {
    let (songs, lessons) = (songs(), Lessons::default());
    let material = Material::of_examples(&songs, &lessons);
    let mut options = options(Path::new(""));
    // A crop of each of the 16 songs of training.
    options.rules.crops_per_song = 1;
    let task = Songs::new(&material, &options)?;
    let sizes = |size| {
        let batches = task.batches(size, &mut generator(1, 1));
        batches.iter().map(Vec::len).collect::<Vec<_>>()
    };
    assert_eq!(sizes(7), [7, 7]);
    assert_eq!(sizes(6), [6, 6, 4]);
    assert_eq!(sizes(40), [16]);
    Ok(())
}

#[test]
fn a_network_that_does_not_fit_is_named() {
    let refused = |change: fn(&mut Options)| {
        let mut options = options(Path::new(""));
        change(&mut options);
        let error = train(&songs(), &options).map_err(|e| format!("{e:#}"));
        error.err().unwrap_or_default()
    };
    let error = refused(|options| {
        if let Layer::Conv2D(conv) = &mut options.spec.layers[0] {
            conv.pool[0] = 3;
        }
    });
    assert!(error.contains("expected once every 64"), "{error}");
    let error = refused(|options| {
        if let Layer::Conv2D(conv) = &mut options.spec.layers[3] {
            conv.same = false;
        }
    });
    assert!(
        error.contains("in 64 frames") || error.contains("does not fit"),
        "{error}"
    );
}

#[test]
#[ignore = "a measurement: run it alone, with --nocapture"]
fn seconds_of_a_step() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (songs, lessons) = (songs(), Lessons::default());
    let options = Options::new(folder.path().to_owned());
    let material = Material::of_examples(&songs, &lessons);
    let task = Songs::new(&material, &options)?;
    let mut run = Run::new(task.net(&options)?, &task, &options.training)?;
    let crops = vec![Crop { song: 0, start: 0 }; 32];
    let mut rng = generator(1, 1);
    run.step(&crops, 1e-3, &mut rng)?;
    let started = Instant::now();
    for _ in 0..10 {
        run.step(&crops, 1e-3, &mut rng)?;
    }
    println!("{:.3} s a step", started.elapsed().as_secs_f64() / 10.0);
    Ok(())
}
