//! EventBridge Scheduler: one-time schedules that invoke Lambda functions. It follows the functions'
//! clock.

mod api;
mod behavior;
mod constraints;
mod create_schedule;
mod error;
mod expression;
mod firing;
mod schedule;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lambda::clock::SharedClock;
use serde_json::Value;

use behavior::{Behavior, CallFault};
use create_schedule::CreateScheduleRequest;
use error::SchedulerError;
use schedule::{Schedule, Schedules};

use crate::functions::{Function, Functions};
use crate::storage::{Storage, StorageError};
use crate::template::{SchedulerResources, Template};

pub(crate) use api::router;
pub(crate) use behavior::BehaviorChange;
pub(crate) use create_schedule::DEFAULT_GROUP;

/// The state of the scheduler.
pub(crate) struct Scheduler {
    clock: SharedClock,
    account: SchedulerResources,
    /// The functions that schedules can invoke, by ARN.
    targets: BTreeMap<String, Function>,
    schedules: Mutex<Schedules>,
    behavior: Mutex<Behavior>,
    /// Held while schedules fire, so that each of them fires once.
    firing: tokio::sync::Mutex<()>,
}

impl Scheduler {
    /// Opens the scheduler with the schedules of the last run. No schedule fires without
    /// `functions`.
    pub(crate) fn open(
        storage: &Storage,
        clock: SharedClock,
        template: &Template,
        functions: Option<&Functions>,
    ) -> Result<Self, StorageError> {
        let declared = template.functions.iter();
        let targets = declared.filter_map(|(folder, declared)| {
            let function = functions?.get(folder)?.clone();
            Some((declared.arn.clone(), function))
        });
        Self::new(
            storage,
            clock,
            template.scheduler.clone(),
            targets.collect(),
        )
    }

    fn new(
        storage: &Storage,
        clock: SharedClock,
        account: SchedulerResources,
        targets: BTreeMap<String, Function>,
    ) -> Result<Self, StorageError> {
        Ok(Self {
            clock,
            account,
            targets,
            schedules: Mutex::new(Schedules::open(storage.clone())?),
            behavior: Mutex::default(),
            firing: tokio::sync::Mutex::default(),
        })
    }

    /// Creates a schedule, and returns its ARN.
    fn create(&self, name: &str, request: CreateScheduleRequest) -> Result<String, SchedulerError> {
        constraints::check_name("name", name)?;
        let at = request.check()?;
        self.check_group(request.group())?;
        // AWS assumes the role when it creates a schedule.
        if !self.account.roles.contains_key(&request.target.role_arn) {
            return Err(SchedulerError::validation(
                "The execution role you provide must allow AWS EventBridge Scheduler to assume the \
                 role.",
            ));
        }
        let (accepts_past_times, ignores_client_tokens) = {
            let behavior = self.behavior();
            (
                behavior.accepts_past_times(),
                behavior.ignores_client_tokens(),
            )
        };
        let mut schedules = self.schedules();
        let expression = request.schedule_expression.clone();
        let schedule = Schedule::new(name, at, request.clone());
        if let Some(existing) = schedules.get(&schedule.key()) {
            let is_repeated = !ignores_client_tokens && existing.is_created_by(&request);
            return if is_repeated {
                Ok(existing.arn())
            } else {
                Err(SchedulerError::schedule_exists(name))
            };
        }
        if at < self.clock.now() && !accepts_past_times {
            return Err(SchedulerError::validation(format!(
                "Invalid Schedule Expression {expression}. The time is in the past."
            )));
        }
        let arn = schedule.arn();
        schedules.insert(schedule)?;
        Ok(arn)
    }

    fn delete(
        &self,
        group: &str,
        name: &str,
        client_token: Option<&str>,
    ) -> Result<(), SchedulerError> {
        constraints::check_name("name", name)?;
        constraints::check_name("groupName", group)?;
        if let Some(token) = client_token {
            constraints::check_length("clientToken", token, 1..=64)?;
            constraints::check_pattern("clientToken", token, constraints::CLIENT_TOKEN)?;
        }
        self.check_group(group)?;
        let key = (group.to_owned(), name.to_owned());
        if self.schedules().remove(&key)? {
            Ok(())
        } else {
            Err(SchedulerError::schedule_not_found(name))
        }
    }

    /// The schedules that will invoke their targets, and those that did not get deleted afterwards.
    /// The earliest time comes first.
    pub(crate) fn describe(&self) -> (Vec<Value>, Vec<Value>) {
        let schedules = self.schedules();
        let (completed, others): (Vec<_>, Vec<_>) = schedules
            .by_time()
            .into_iter()
            .partition(|schedule| schedule.is_completed);
        let pending = others.into_iter().filter(|schedule| schedule.is_pending());
        (
            pending.map(Schedule::describe).collect(),
            completed.into_iter().map(Schedule::describe).collect(),
        )
    }

    /// Changes the behavior, and returns it. Returns an error if a value is invalid.
    pub(crate) fn change_behavior(&self, change: BehaviorChange) -> Result<Behavior, String> {
        let mut behavior = self.behavior();
        behavior.apply(change)?;
        Ok(behavior.clone())
    }

    fn check_group(&self, name: &str) -> Result<(), SchedulerError> {
        if name == DEFAULT_GROUP || self.account.groups.contains(name) {
            Ok(())
        } else {
            Err(SchedulerError::group_not_found(name))
        }
    }

    /// Removes and returns the fault of this call.
    fn next_call(&self) -> Option<CallFault> {
        self.behavior().next_call()
    }

    fn behavior(&self) -> MutexGuard<'_, Behavior> {
        self.behavior.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn schedules(&self) -> MutexGuard<'_, Schedules> {
        let schedules = self.schedules.lock();
        schedules.unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
