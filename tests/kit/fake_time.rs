use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;
use std::{fs, thread};

use jiff::Timestamp;
use lambda::clock::{Clock, SharedClock, SystemClock};

/// More than a millisecond, the resolution of the stacks' clocks.
const MORE_THAN_A_TICK: Duration = Duration::from_millis(2);

/// The system time of a process: the machine's time with the offset of a stack's clock, or a stopped
/// time.
///
/// A Lambda binary reads only the system clock. If the time is changed, libfaketime replaces the
/// functions of the C library that read it. This requires a binary that is linked dynamically.
/// Monotonic time, which timeouts use, is not changed.
pub(crate) struct FakeTime {
    clock: SharedClock,
    /// The file from which libfaketime reads the time.
    file: PathBuf,
    /// The content of the file. `None` as long as the time is the machine's.
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

    /// Whether the time is, or ever was, different from the machine's.
    pub(crate) fn was_ever_moved(&self) -> bool {
        self.written().is_some()
    }

    /// The environment variables that give a process this time.
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

    /// Updates the time of the processes from the clock, and returns it.
    pub(crate) fn follow(&self) -> Timestamp {
        let is_still = self.is_still();
        let now = self.clock.now().to_jiff();
        let mut written = self.written();
        let shown = if is_still {
            // libfaketime rounds fractions down. Half a millisecond more keeps the millisecond.
            now.strftime("%Y-%m-%d %H:%M:%S%.3f5").to_string()
        } else {
            // The clock is advanced by whole seconds. The fraction is the time between the two readings,
            // and is rounded away.
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
            fs::rename(&draft, &self.file).expect("the file is renamed");
            *written = Some(shown);
        }
        now
    }

    /// Whether the clock is stopped. A test may stop it at any time.
    fn is_still(&self) -> bool {
        let before = self.clock.now();
        thread::sleep(MORE_THAN_A_TICK);
        self.clock.now() == before
    }

    fn written(&self) -> MutexGuard<'_, Option<String>> {
        self.written.lock().expect("the lock is not poisoned")
    }
}

impl Drop for FakeTime {
    fn drop(&mut self) {
        // The file may not exist. If it cannot be deleted, no process reads it any longer.
        let _ = fs::remove_file(&self.file);
    }
}

/// The files that libfaketime creates in shared memory for a process. A killed process does not delete
/// them. Dropping this does.
pub(crate) struct SharedMemoryFiles {
    process: u32,
}

impl SharedMemoryFiles {
    /// The files for the process with this id.
    pub(crate) fn of(process: u32) -> Self {
        Self { process }
    }
}

impl Drop for SharedMemoryFiles {
    fn drop(&mut self) {
        for name in ["faketime_shm", "sem.faketime_sem"] {
            // A process that ended normally has deleted them.
            let _ = fs::remove_file(format!("/dev/shm/{name}_{}", self.process));
        }
    }
}

/// The path of libfaketime in Debian, below the folder of the machine's architecture.
fn library() -> PathBuf {
    let folders = fs::read_dir("/usr/lib").expect("/usr/lib is a folder");
    let folders = folders.map(|folder| folder.expect("a folder").path());
    folders
        .map(|folder| folder.join("faketime/libfaketime.so.1"))
        .find(|library| library.exists())
        .expect("libfaketime is installed (apt-get install libfaketime)")
}
