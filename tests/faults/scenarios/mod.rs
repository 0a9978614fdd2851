mod conversations;
mod files;
mod ratings;
mod senders;
mod transcripts;

use crate::scenario::Scenario;

/// Every way through every function, those of one route together.
pub(crate) fn all() -> Vec<Scenario> {
    let mut all = conversations::scenarios();
    all.extend(ratings::scenarios());
    all.extend(transcripts::scenarios());
    all.extend(senders::scenarios());
    all.extend(files::scenarios());
    all
}
