//! What each act loads the stack with: requests, time, mails, and units of the partitions that the
//! functions' own keys lead to.
//!
//! The units are those that the section `cost` counts, for items below 1 KB.

use super::chat::{Act, Chat};
use super::limits::Load;
use super::tally::{Partition, Tally};

/// What one act asks for.
struct Demand {
    /// Whether it comes through the API.
    is_request: bool,
    /// How long its function is busy, in seconds.
    busy: f64,
    /// The units of the conversation's partition: written, read.
    conversation: (f64, f64),
    /// The units of the organisation's own partition: written, read.
    organisation: (f64, f64),
}

/// Adds what `act` asks for, of an organisation whose own partition is `organisation`.
pub(super) fn of(chat: Chat, act: Act, organisation: Partition, tally: &mut Tally) {
    let demand = demand(act);
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
    let written_elsewhere = elsewhere(chat, act, tally);
    tally.add(Load::Writes, written + own_written + written_elsewhere);
    tally.add(Load::Reads, read + own_read);
}

fn demand(act: Act) -> Demand {
    let (is_request, busy, conversation, organisation) = match act {
        Act::Record => (true, 0.025, (3.0, 0.0), (0.0, 0.0)),
        Act::Message => (true, 0.016, (5.0, 0.0), (0.0, 0.0)),
        Act::Resolve => (true, 0.010, (1.0, 0.0), (0.0, 0.0)),
        Act::Read => (true, 0.010, (0.0, 6.0), (0.0, 0.5)),
        Act::Poll => (true, 0.008, (0.0, 1.0), (0.0, 0.0)),
        Act::Ask => (true, 0.016, (8.0, 0.0), (0.0, 0.0)),
        Act::Answer => (true, 0.016, (6.0, 0.0), (0.0, 0.0)),
        Act::Count => (false, 0.020, (2.0, 1.0), (0.0, 0.0)),
        Act::Mail => (true, 0.160, (13.0, 4.0), (4.0, 1.0)),
        Act::Delivered => (false, 0.020, (4.0, 1.0), (0.0, 0.0)),
    };
    Demand {
        is_request,
        busy,
        conversation,
        organisation,
    }
}

/// What falls on other partitions, in units written.
fn elsewhere(chat: Chat, act: Act, tally: &mut Tally) -> f64 {
    let (load, partition, written) = match act {
        Act::Record => (Load::VisitorWrites, chat.visitor, 2.0),
        Act::Count => (Load::CountWrites, chat.counts, 2.0),
        Act::Answer => (Load::RatingWrites, chat.ratings, 1.0),
        Act::Mail => {
            tally.add(Load::Mails, 1.0);
            return 0.0;
        }
        _ => return 0.0,
    };
    tally.add_to(load, partition, written);
    written
}
