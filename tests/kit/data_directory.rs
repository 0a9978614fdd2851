use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use local::{Options, Storage};

use crate::Stack;

/// A data directory of the local server, for tests that start it more than once. It is deleted when
/// it is dropped.
#[derive(Debug)]
pub struct DataDirectory(PathBuf);

impl DataDirectory {
    /// A directory that no other test uses.
    #[expect(
        clippy::new_without_default,
        reason = "each call creates another directory"
    )]
    pub fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("afterchat-data-{}-{number}", std::process::id());
        let directory = Self(std::env::temp_dir().join(name));
        // A killed process with the same id may have left its directory.
        let _ = fs::remove_dir_all(&directory.0);
        directory
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// `options`, but with the data kept in this directory.
    pub fn options(&self, options: Options) -> Options {
        Options {
            storage: Storage::Directory(self.0.clone()),
            ..options
        }
    }

    /// Starts a stack with these options that keeps its data in this directory.
    pub async fn start_with(&self, options: Options) -> Stack {
        Stack::start_with(self.options(options)).await
    }
}

impl Drop for DataDirectory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
