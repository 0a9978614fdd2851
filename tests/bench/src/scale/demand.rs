//! The load of each action: requests, time, mails, and units of the partitions of the functions' own
//! keys. The units are those of the section `cost`, for items below 1 KB.

use crate::scale::chat::{Action, Chat};
use crate::scale::limits::Load;
use crate::scale::tally::{Partition, Tally};

/// The load of one action.
struct Demand {
    /// Whether it is an API request.
    is_request: bool,
    /// The time of its function, in seconds.
    busy: f64,
    /// The written and read units of the conversation's partition.
    conversation: (f64, f64),
    /// The written and read units of the organisation's own partition.
    organisation: (f64, f64),
}

/// Adds the load of `action`. The organisation's own partition is `organisation`.
pub(super) fn add(chat: Chat, action: Action, organisation: Partition, tally: &mut Tally) {
    let demand = demand(action);
    if demand.is_request {
        tally.add(Load::Requests, 1.0);
    }
    tally.add(Load::InFlight, demand.busy);
    let (written, read) = demand.conversation;
    tally.add_to(Load::ConversationWrites, chat.conversation, written);
    tally.add_to(Load::ConversationReads, chat.conversation, read);
    let (own_written, own_read) = demand.organisation;
    tally.add_to(Load::OrganisationWrites, organisation, own_written);
    tally.add_to(Load::OrganisationReads, organisation, own_read);
    let written_elsewhere = elsewhere(chat, action, tally);
    tally.add(Load::Writes, written + own_written + written_elsewhere);
    tally.add(Load::Reads, read + own_read);
}

fn demand(action: Action) -> Demand {
    let (is_request, busy, conversation, organisation) = match action {
        Action::Record => (true, 0.025, (3.0, 0.0), (0.0, 0.0)),
        Action::Message => (true, 0.016, (5.0, 0.0), (0.0, 0.0)),
        Action::Resolve => (true, 0.010, (1.0, 0.0), (0.0, 0.0)),
        Action::Read => (true, 0.010, (0.0, 6.0), (0.0, 0.5)),
        Action::Poll => (true, 0.008, (0.0, 1.0), (0.0, 0.0)),
        Action::RequestRating => (true, 0.016, (8.0, 0.0), (0.0, 0.0)),
        Action::Rate => (true, 0.016, (6.0, 0.0), (0.0, 0.0)),
        Action::Count => (false, 0.020, (2.0, 1.0), (0.0, 0.0)),
        Action::Mail => (true, 0.160, (13.0, 4.0), (4.0, 1.0)),
        Action::Delivered => (false, 0.020, (4.0, 1.0), (0.0, 0.0)),
    };
    Demand {
        is_request,
        busy,
        conversation,
        organisation,
    }
}

/// Adds the load of other partitions. Returns its written units.
fn elsewhere(chat: Chat, action: Action, tally: &mut Tally) -> f64 {
    let (load, partition, written) = match action {
        Action::Record => (Load::VisitorWrites, chat.visitor, 2.0),
        Action::Count => (Load::CountWrites, chat.counts, 2.0),
        Action::Rate => (Load::RatingWrites, chat.ratings, 1.0),
        Action::Mail => {
            tally.add(Load::Mails, 1.0);
            return 0.0;
        }
        _ => return 0.0,
    };
    tally.add_to(load, partition, written);
    written
}
