//! Stores data between runs of the server.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Whether data is kept between runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// All data is stored in this directory. The server creates it if it does not exist.
    Directory(PathBuf),
    /// All data is lost when the server stops.
    Memory,
}

/// A file of the data directory could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", .path.display())]
pub(crate) struct StorageError {
    path: PathBuf,
    source: io::Error,
}

impl Storage {
    /// Creates the data directory. Only its owner may read it, because it contains conversations
    /// and a private key.
    pub(crate) fn prepare(&self) -> Result<(), StorageError> {
        let Self::Directory(directory) = self else {
            return Ok(());
        };
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(directory).map_err(in_file(directory))
    }

    /// The path of the file `name`, or `None` if nothing is stored on disk.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        match self {
            Self::Directory(directory) => Some(directory.join(name)),
            Self::Memory => None,
        }
    }

    /// The content of the file `name`, or `None` if it does not exist.
    pub(crate) fn read(&self, name: &str) -> Result<Option<Vec<u8>>, StorageError> {
        let Some(path) = self.path(name) else {
            return Ok(None);
        };
        match fs::read(&path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(in_file(&path)(error)),
        }
    }

    /// Replaces the file `name` atomically: after a crash, either the old or the new content
    /// exists.
    pub(crate) fn write(&self, name: &str, bytes: &[u8]) -> Result<(), StorageError> {
        let Some(path) = self.path(name) else {
            return Ok(());
        };
        let draft = path.with_added_extension("new");
        let written = owners_file(
            OpenOptions::new().write(true).create(true).truncate(true),
            &draft,
        )
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&draft, &path));
        written.map_err(in_file(&path))
    }

    /// The JSON in the file `name`, or `None` if it does not exist.
    pub(crate) fn read_json<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, StorageError> {
        self.read(name)?
            .map(|bytes| self.parse(name, &bytes))
            .transpose()
    }

    /// Replaces the file `name` with `value` as JSON.
    pub(crate) fn write_json<T: Serialize>(
        &self,
        name: &str,
        value: &T,
    ) -> Result<(), StorageError> {
        let json = self.render(name, value)?;
        self.write(name, &json)
    }

    /// The values in the file `name`, which contains one JSON value per line.
    pub(crate) fn read_lines<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Vec<T>, StorageError> {
        let bytes = self.read(name)?.unwrap_or_default();
        bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| self.parse(name, line))
            .collect()
    }

    /// Replaces the file `name` with `values`, one line of JSON for each.
    pub(crate) fn write_lines<T: Serialize>(
        &self,
        name: &str,
        values: impl Iterator<Item = T>,
    ) -> Result<(), StorageError> {
        let mut lines = Vec::new();
        for value in values {
            lines.extend(self.render_line(name, &value)?);
        }
        self.write(name, &lines)
    }

    /// Appends `value` to the file `name` as one line of JSON.
    pub(crate) fn append_line<T: Serialize>(
        &self,
        name: &str,
        value: &T,
    ) -> Result<(), StorageError> {
        let Some(path) = self.path(name) else {
            return Ok(());
        };
        let line = self.render_line(name, value)?;
        owners_file(OpenOptions::new().append(true).create(true), &path)
            .and_then(|mut file| file.write_all(&line))
            .map_err(in_file(&path))
    }

    fn parse<T: DeserializeOwned>(&self, name: &str, json: &[u8]) -> Result<T, StorageError> {
        serde_json::from_slice(json).map_err(|error| self.malformed(name, error))
    }

    fn render<T: Serialize>(&self, name: &str, value: &T) -> Result<Vec<u8>, StorageError> {
        serde_json::to_vec(value).map_err(|error| self.malformed(name, error))
    }

    fn render_line<T: Serialize>(&self, name: &str, value: &T) -> Result<Vec<u8>, StorageError> {
        let mut line = self.render(name, value)?;
        line.push(b'\n');
        Ok(line)
    }

    fn malformed(&self, name: &str, error: serde_json::Error) -> StorageError {
        in_file(&self.path(name).unwrap_or_else(|| PathBuf::from(name)))(error.into())
    }
}

fn owners_file(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.open(path)
}

fn in_file(path: &Path) -> impl Fn(io::Error) -> StorageError {
    move |source| StorageError {
        path: path.to_owned(),
        source,
    }
}
