//! A one-time schedule, and how it is stored.

use std::collections::BTreeMap;

use domain::Timestamp;
use lambda::random;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::aws::scheduler::create_schedule::{
    ActionAfterCompletion, CreateScheduleRequest, State, Target,
};
use crate::storage::{Storage, StorageError};
use crate::template::{ACCOUNT, REGION};

/// Contains one change per line, because the size of all schedules must not matter to a single one.
const FILE: &str = "schedules.jsonl";

/// The group and the name of a schedule.
pub(super) type Key = (String, String);

/// A schedule that exists.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Schedule {
    /// Distinguishes it from a former schedule with the same name.
    id: String,
    pub(super) name: String,
    pub(super) at: Timestamp,
    pub(super) is_completed: bool,
    request: CreateScheduleRequest,
}

/// A change of the schedules.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    /// Adds a schedule or replaces the one with its name.
    Put(Box<Schedule>),
    /// Deletes the schedule with this key.
    Delete(Key),
}

/// All schedules. Changes are stored before they take effect.
pub(super) struct Schedules {
    storage: Storage,
    known: BTreeMap<Key, Schedule>,
}

impl Schedule {
    pub(super) fn new(name: &str, at: Timestamp, request: CreateScheduleRequest) -> Self {
        Self {
            id: random::unique_id().to_string(),
            name: name.to_owned(),
            at,
            is_completed: false,
            request,
        }
    }

    pub(super) fn key(&self) -> Key {
        (self.request.group().to_owned(), self.name.clone())
    }

    pub(super) fn arn(&self) -> String {
        let group = self.request.group();
        let name = &self.name;
        format!("arn:aws:scheduler:{REGION}:{ACCOUNT}:schedule/{group}/{name}")
    }

    pub(super) fn target(&self) -> &Target {
        &self.request.target
    }

    /// Whether `request` is the request that created this schedule, sent again.
    pub(super) fn is_created_by(&self, request: &CreateScheduleRequest) -> bool {
        request.client_token.is_some() && self.request == *request
    }

    /// Whether the schedule will invoke its target.
    pub(super) fn is_pending(&self) -> bool {
        self.request.state == State::Enabled && !self.is_completed
    }

    /// The length of its flexible time window.
    pub(super) fn window_seconds(&self) -> i64 {
        self.request.flexible_time_window.seconds()
    }

    /// The event that the target receives.
    pub(super) fn event(&self) -> Value {
        let input = self.input();
        input.unwrap_or_else(|| {
            json!({
                "version": "0",
                "id": random::unique_id().to_string(),
                "detail-type": "Scheduled Event",
                "source": "aws.scheduler",
                "account": ACCOUNT,
                "time": self.at,
                "region": REGION,
                "resources": [self.arn()],
                "detail": "{}",
            })
        })
    }

    /// The schedule as the `/dev` endpoints show it.
    pub(super) fn describe(&self) -> Value {
        let target = self.target();
        json!({
            "name": self.name,
            "group": self.request.group(),
            "at": self.at,
            "window_seconds": self.window_seconds(),
            "action_after_completion": self.request.action_after_completion,
            "target": target.arn,
            "role": target.role_arn,
            "input": self.input(),
        })
    }

    fn input(&self) -> Option<Value> {
        serde_json::from_str(self.target().input.as_deref()?).ok()
    }
}

impl Schedules {
    /// Reads the schedules of the last run, and drops what is stored of former ones.
    pub(super) fn open(storage: Storage) -> Result<Self, StorageError> {
        let mut known = BTreeMap::new();
        for change in storage.read_lines(FILE)? {
            apply(&mut known, change);
        }
        storage.write_lines(FILE, known.values().cloned().map(Box::new).map(Change::Put))?;
        Ok(Self { storage, known })
    }

    pub(super) fn get(&self, key: &Key) -> Option<&Schedule> {
        self.known.get(key)
    }

    /// All schedules, the earliest time first.
    pub(super) fn by_time(&self) -> Vec<&Schedule> {
        let mut schedules: Vec<_> = self.known.values().collect();
        schedules.sort_by_key(|schedule| schedule.at);
        schedules
    }

    /// Adds a schedule or replaces the one with its name.
    pub(super) fn insert(&mut self, schedule: Schedule) -> Result<(), StorageError> {
        self.change(Change::Put(Box::new(schedule)))
    }

    /// Deletes a schedule. Returns whether it existed.
    pub(super) fn remove(&mut self, key: &Key) -> Result<bool, StorageError> {
        let existed = self.known.contains_key(key);
        if existed {
            self.change(Change::Delete(key.clone()))?;
        }
        Ok(existed)
    }

    /// Deletes the schedule or marks it as completed, according to its action after completion. Does
    /// nothing if it was deleted, or replaced by another schedule with the same name.
    pub(super) fn complete(&mut self, schedule: &Schedule) -> Result<(), StorageError> {
        let key = schedule.key();
        let is_same = self.get(&key).is_some_and(|known| known.id == schedule.id);
        match schedule.request.action_after_completion {
            _ if !is_same => Ok(()),
            ActionAfterCompletion::Delete => self.remove(&key).map(|_existed| ()),
            ActionAfterCompletion::None => self.insert(Schedule {
                is_completed: true,
                ..schedule.clone()
            }),
        }
    }

    fn change(&mut self, change: Change) -> Result<(), StorageError> {
        self.storage.append_line(FILE, &change)?;
        apply(&mut self.known, change);
        Ok(())
    }
}

fn apply(known: &mut BTreeMap<Key, Schedule>, change: Change) {
    match change {
        Change::Put(schedule) => {
            known.insert(schedule.key(), *schedule);
        }
        Change::Delete(key) => {
            known.remove(&key);
        }
    }
}
