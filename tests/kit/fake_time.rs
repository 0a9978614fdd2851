use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;
use std::{fs, thread};

use jiff::Timestamp;
use lambda::clock::{Clock, SharedClock, SystemClock};

/// The stacks' clocks tell milliseconds.
const MORE_THAN_A_TICK: Duration = Duration::from_millis(2);

/// The time that a process is shown: the machine's, moved as a stack's clock is, or one that
/// stands still.
///
/// A Lambda binary goes by the system's clock and has no other, so where the time is moved, the C
/// library's functions that read it are taken over by libfaketime. Only a binary that loads that
/// library can be shown it. Time that only passes, such as a timeout's, stays as it is.
pub(crate) struct FakeTime {
    clock: SharedClock,
    /// The file in which libfaketime finds by how much the time is moved.
    file: PathBuf,
    /// What it says, once the time is another than the machine's.
    written: Mutex<Option<String>>,
}

impl FakeTime {
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

    /// Whether it is, or ever was, another than the machine's.
    pub(crate) fn is_moved(&self) -> bool {
        self.written().is_some()
    }

    /// What a process needs in its environment to be shown this time where it is moved.
    pub(crate) fn variables(&self) -> [(String, String); 6] {
        let library = library();
        [
            ("LD_PRELOAD", library.as_path()),
            ("FAKETIME_TIMESTAMP_FILE", self.file.as_path()),
            ("FAKETIME_NO_CACHE", Path::new("1")),
            ("FAKETIME_DONT_FAKE_MONOTONIC", Path::new("1")),
            ("NO_FAKE_STAT", Path::new("1")),
            ("TZ", Path::new("UTC")),
        ]
        .map(|(name, value)| (name.to_owned(), value.display().to_string()))
    }

    /// Has the processes follow where the clock was moved, and gives the time that it shows.
    pub(crate) fn follow(&self) -> Timestamp {
        let is_still = self.is_still();
        let now = self.clock.now().to_jiff();
        let mut written = self.written();
        let shown = if is_still {
            // libfaketime rounds fractions down: half a millisecond more keeps the millisecond.
            now.strftime("%Y-%m-%d %H:%M:%S%.3f5").to_string()
        } else {
            // The clock moves in whole seconds. What is left of one passed between the readings.
            let ahead = now.duration_since(SystemClock.now().to_jiff());
            let ahead = ahead.as_secs_f64().round();
            if ahead == 0.0 && written.is_none() {
                return now;
            }
            format!("{ahead:+}")
        };
        if written.as_ref() != Some(&shown) {
            let draft = self.file.with_extension("new");
            fs::write(&draft, format!("{shown}\n")).expect("the file is written");
            fs::rename(&draft, &self.file).expect("the file is put in place");
            *written = Some(shown);
        }
        now
    }

    /// Whether the clock stands still now: a test may stop it at any time.
    fn is_still(&self) -> bool {
        let before = self.clock.now();
        thread::sleep(MORE_THAN_A_TICK);
        self.clock.now() == before
    }

    fn written(&self) -> MutexGuard<'_, Option<String>> {
        self.written.lock().expect("no test panicked here")
    }
}

impl Drop for FakeTime {
    fn drop(&mut self) {
        // Nobody reads it any longer, whether it is there and can be removed or not.
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
