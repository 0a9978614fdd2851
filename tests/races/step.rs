//! One step of a command in the model.

use jiff::Timestamp;

use crate::commands::CommandNumber;
use crate::model::Model;

/// The state before the step, and the command that takes it.
#[derive(Clone, Copy)]
pub struct Step<'a> {
    pub model: &'a Model,
    pub number: CommandNumber,
    pub now: Timestamp,
}

/// The possible steps, each with the state and the progress after it.
pub type Steps<P> = Vec<(Model, P)>;

impl Step<'_> {
    /// The only possible step.
    pub fn only<P>(&self, step: impl FnOnce(&mut Model) -> P) -> Steps<P> {
        let mut model = self.model.clone();
        let progress = step(&mut model);
        vec![(model, progress)]
    }

    /// The only possible step, which does not change the model.
    pub fn unchanged<P>(&self, progress: P) -> Steps<P> {
        vec![(self.model.clone(), progress)]
    }
}
