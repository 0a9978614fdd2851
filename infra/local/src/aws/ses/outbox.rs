//! Stores the accepted mails.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::storage::{Storage, StorageError};

const FILE: &str = "outbox.jsonl";

const MESSAGE_ID: &str = "Message-ID";

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Email {
    #[serde(flatten)]
    message: Message,
    /// The time of the send, according to the functions' clock.
    sent_at: Timestamp,
}

impl Email {
    /// The message ID that SES assigned.
    pub(super) fn id(&self) -> &str {
        let header = self.message.headers.get(MESSAGE_ID);
        let id = header.and_then(|header| header.split_once('@'));
        id.map_or("", |(id, _)| id.trim_start_matches('<'))
    }

    pub(super) fn message(&self) -> &Message {
        &self.message
    }

    pub(super) fn sent_at(&self) -> Timestamp {
        self.sent_at
    }

    /// The mail's HTML, if it has any.
    pub(crate) fn html(&self) -> Option<&str> {
        self.message.html.as_deref()
    }
}

/// The content of a mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Message {
    /// `Name <a@b>`, decoded.
    pub(super) from: String,
    pub(super) to: Vec<String>,
    pub(super) subject: String,
    pub(super) text: Option<String>,
    pub(super) html: Option<String>,
    /// All headers except those of the mail's parts, as they appear in the mail.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) attachments: Vec<Attachment>,
}

/// An attachment of a mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Attachment {
    pub(super) name: String,
    pub(super) content_type: String,
    pub(super) base64: String,
}

/// The mails of this run and earlier runs. If they are stored in a file, they are not kept in
/// memory, because they would fill it in a long run.
pub(super) struct Outbox {
    storage: Storage,
    kept: Mutex<Kept>,
}

struct Kept {
    count: usize,
    /// The mails that are not stored in a file.
    in_memory: Vec<Email>,
}

impl Outbox {
    pub(super) fn open(storage: Storage) -> Result<Self, StorageError> {
        let kept = Kept {
            count: storage.read_lines::<Email>(FILE)?.len(),
            in_memory: Vec::new(),
        };
        Ok(Self {
            storage,
            kept: Mutex::new(kept),
        })
    }

    /// Stores a mail with its date and a new message ID.
    pub(super) fn accept(
        &self,
        mut message: Message,
        sent_at: Timestamp,
    ) -> Result<Email, StorageError> {
        let mut kept = self.kept();
        let id = format!(
            "{:016x}-{:08x}-000000",
            sent_at.epoch_milliseconds(),
            kept.count
        );
        let date = sent_at
            .to_jiff()
            .strftime("%a, %d %b %Y %H:%M:%S +0000")
            .to_string();
        message.headers.insert("Date".to_owned(), date);
        message
            .headers
            .insert(MESSAGE_ID.to_owned(), format!("<{id}@email.amazonses.com>"));
        let email = Email { message, sent_at };
        match self.storage {
            Storage::Directory(_) => self.storage.append_line(FILE, &email)?,
            Storage::Memory => kept.in_memory.push(email.clone()),
        }
        kept.count += 1;
        Ok(email)
    }

    pub(super) fn all(&self) -> Result<Vec<Email>, StorageError> {
        let kept = self.kept();
        match self.storage {
            Storage::Directory(_) => self.storage.read_lines(FILE),
            Storage::Memory => Ok(kept.in_memory.clone()),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
