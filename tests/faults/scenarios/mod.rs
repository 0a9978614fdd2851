mod connections;
mod conversations;
mod files;
mod follow_up;
mod ratings;
mod senders;
mod settings;
mod transcripts;

use crate::scenario::Scenario;

/// The scenarios of every route, and of the events of the function `follow-up`. Those of one route are
/// adjacent.
pub(crate) fn all() -> Vec<Scenario> {
    let mut all = conversations::scenarios();
    all.extend(ratings::scenarios());
    all.extend(transcripts::scenarios());
    all.extend(senders::scenarios());
    all.extend(settings::scenarios());
    all.extend(connections::scenarios());
    all.extend(files::scenarios());
    all.extend(follow_up::scenarios());
    all
}
