//! The workers: how many there are, which song each has, and what follows when one is gone.
//!
//! One is there from the start. A further one is started when a song waits decoded and no
//! worker is free, so that a single song never pays for it, and ended when the queue is
//! empty. A long song is judged by a worker that is alone, so that the page never holds more
//! than two decoded songs, or one of any length and two that are not long.
//!
//! What is heard live has a worker of its own beside these, so that the queue goes on.

/// Most workers: decoding, hashing and drawing need a core, too.
const MOST: usize = 2;
/// Memory in GB up to which one worker has to do, by what the browser tells.
const LITTLE_GB: f64 = 2.0;
/// Number of a worker; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorkerId(pub(super) u32);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Worker {
    pub id: WorkerId,
    /// Whether its models are loaded.
    pub ready: bool,
}

/// The workers that are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Whoever is there longest comes first.
    pub(super) workers: Vec<Worker>,
    /// The last number that was given to one.
    last: u32,
    pub(super) most: usize,
    /// Cores of the machine, by what the browser tells.
    pub(super) cores: usize,
}

impl Default for Staff {
    fn default() -> Self {
        let mut staff = Self {
            workers: Vec::new(),
            last: 0,
            most: 1,
            cores: 2,
        };
        staff.hire();
        staff
    }
}

impl Staff {
    /// One worker, of at most as many as help on a machine of so many cores and GB.
    #[must_use]
    pub fn of_machine(cores: f64, memory_gb: Option<f64>) -> Self {
        let large = cores > 1.0 && memory_gb.is_none_or(|memory| memory > LITTLE_GB);
        Self {
            most: if large { MOST } else { 1 },
            cores: cores as usize,
            ..Self::default()
        }
    }

    /// The numbers of those that judge songs.
    pub fn ids(&self) -> impl Iterator<Item = WorkerId> {
        self.workers.iter().map(|worker| worker.id)
    }

    pub(super) fn has(&self, id: WorkerId) -> bool {
        self.ids().any(|worker| worker == id)
    }

    /// A number that no worker has had.
    pub(super) const fn number(&mut self) -> WorkerId {
        self.last += 1;
        WorkerId(self.last)
    }

    pub(super) fn hire(&mut self) {
        let id = self.number();
        self.workers.push(Worker { id, ready: false });
    }

    /// Whether one more would help where nobody is free: not while one is on its way.
    pub(super) fn may_grow(&self) -> bool {
        self.workers.len() < self.most && self.workers.iter().all(|worker| worker.ready)
    }
}
