use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::{SignedDuration, Timestamp};
use shared::clock::{Clock, SharedClock, SystemClock};

/// The time that a process is shown: the machine's, moved as a stack's clock is.
///
/// A Lambda binary goes by the system's clock and has no other, so the system calls that read it
/// are taken over by libfaketime. Time that only passes, such as a timeout's, stays as it is.
pub(crate) struct MovableTime {
    clock: SharedClock,
    /// The file in which libfaketime finds by how much the time is moved.
    file: PathBuf,
    written: Mutex<Option<i64>>,
}

impl MovableTime {
    /// The time of `clock`.
    pub(crate) fn new(clock: SharedClock) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("afterchat-time-{}-{number}", std::process::id());
        let time = Self {
            clock,
            file: std::env::temp_dir().join(name),
            written: Mutex::default(),
        };
        time.follow();
        time
    }

    /// What a process needs in its environment to be shown this time.
    pub(crate) fn variables(&self) -> [(String, String); 5] {
        let library = library();
        [
            ("LD_PRELOAD", library.as_path()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.as_path()),
            ("FAKETIME_NO_CACHE", Path::new("1")),
            ("FAKETIME_DONT_FAKE_MONOTONIC", Path::new("1")),
            ("NO_FAKE_STAT", Path::new("1")),
        ]
        .map(|(name, value)| (name.to_owned(), value.display().to_string()))
    }

    /// Has the processes follow where the clock was moved, and gives the time that it shows.
    pub(crate) fn follow(&self) -> Timestamp {
        let now = self.clock.now().to_jiff();
        // The clock moves in whole seconds. What is left of one passed between the two readings.
        let ahead = now.duration_since(SystemClock.now().to_jiff());
        let ahead = (ahead + SignedDuration::from_millis(500)).as_secs();
        let mut written = self.written.lock().expect("no test panicked here");
        if *written != Some(ahead) {
            let draft = self.file.with_extension("new");
            fs::write(&draft, format!("+{ahead}\n")).expect("the file is written");
            fs::rename(&draft, &self.file).expect("the file is put in place");
            *written = Some(ahead);
        }
        now
    }
}

impl Drop for MovableTime {
    fn drop(&mut self) {
        // Nobody reads it any longer, whether it can be removed or not.
        let _ = fs::remove_file(&self.file);
    }
}

/// What libfaketime keeps of a process in shared memory. A process that is killed leaves it behind,
/// so that it is removed with this.
pub(crate) struct Traces {
    process: u32,
}

impl Traces {
    /// Those of the process with this id.
    pub(crate) fn of(process: u32) -> Self {
        Self { process }
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        for name in ["faketime_shm", "sem.faketime_sem"] {
            // A process that ended by itself has removed them.
            let _ = fs::remove_file(format!("/dev/shm/{name}_{}", self.process));
        }
    }
}

/// Where Debian puts libfaketime, below the folder of the machine's architecture.
fn library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").expect("/usr/lib is a folder");
    let folders = folders.map(|folder| folder.expect("a folder").path());
    folders
        .map(|folder| folder.join("faketime/libfaketime.so.1"))
        .find(|library| library.exists())
        .expect("libfaketime is installed (apt-get install libfaketime)")
}
