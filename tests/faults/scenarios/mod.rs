mod conversations;
mod files;
mod ratings;
mod senders;
mod settings;
mod transcripts;

use crate::scenario::Scenario;

/// The scenarios of every route. Those of one route are adjacent.
pub(crate) fn all() -> Vec<Scenario> {
    let mut all = conversations::scenarios();
    all.extend(ratings::scenarios());
    all.extend(transcripts::scenarios());
    all.extend(senders::scenarios());
    all.extend(settings::scenarios());
    all.extend(files::scenarios());
    all
}
