//! The actions of a conversation and their times.

use std::iter::repeat_n;

use domain::{
    ConversationId, EmailAddress, OrganisationId, RatingRequestId, ReportTimeZone, Timestamp,
    UniqueId, VisitorHash,
};
use store::key;

use crate::scale::tally::Partition;

/// The longest duration of a chat, in seconds.
pub(super) const LONGEST: usize = 1_800;

/// One conversation, and the partitions of its items.
#[derive(Clone, Copy)]
pub(super) struct Chat {
    pub(super) conversation: Partition,
    pub(super) visitor: Partition,
    /// The shard of the counts for its rating.
    pub(super) counts: Partition,
    /// The shard of the index of ratings for its rating.
    pub(super) ratings: Partition,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Action {
    /// The platform records the conversation.
    Record,
    /// The platform records a message.
    Message,
    /// The platform resolves the conversation.
    Resolve,
    /// An agent's inbox shows the conversation.
    Read,
    /// The visitor's widget checks for a rating request.
    Poll,
    /// An agent creates a rating request.
    RequestRating,
    /// The visitor submits a rating.
    Rate,
    /// A rating request or a rating is counted.
    Count,
    /// An agent sends the transcript.
    Mail,
    /// SES reports the delivery of the mail.
    Delivered,
}

impl Chat {
    /// A conversation of `organisation` that starts `second` seconds after the start of the year.
    pub(super) fn new(
        organisation: &OrganisationId,
        second: usize,
        random: &mut fastrand::Rng,
    ) -> Self {
        let number = random.u64(..);
        let conversation = ConversationId::parse(&format!("{number:032x}")).expect("an id");
        let address = format!("visitor-{number}@example.org");
        let address = EmailAddress::parse(&address).expect("an address");
        let request = UniqueId::derived_from(&[conversation.as_str()]);
        let request = RatingRequestId::from(request);
        let start = Timestamp::parse("2026-01-05T00:00:00Z").expect("a Monday");
        let day = ReportTimeZone::default().day_of(start.plus_seconds(second as i64));
        let counts = request.shard_of(key::PENDING_SHARDS);
        let ratings = request.shard_of(key::RATINGS_SHARDS);
        Self {
            conversation: key::conversation_partition(organisation, &conversation).into(),
            visitor: key::visitor_partition(organisation, &VisitorHash::of(&address)).into(),
            counts: key::pending_partition(organisation, counts).into(),
            ratings: key::ratings_partition(organisation, day, ratings).into(),
        }
    }

    /// The actions, each with its seconds after the start of the chat.
    pub(super) fn actions(self, random: &mut fastrand::Rng) -> Vec<(usize, Action)> {
        let length = random.usize(180..LONGEST - 240);
        let mut actions = vec![(0, Action::Record), (length, Action::Resolve)];
        let within = |count, action| repeat_n(action, count);
        let during = within(10, Action::Message)
            .chain(within(3, Action::Read))
            .chain(within(8, Action::Poll));
        actions.extend(during.map(|action| (random.usize(..length), action)));
        if random.f64() < 0.6 {
            let requested = length + random.usize(..20);
            actions.extend([
                (requested, Action::RequestRating),
                (requested + 1, Action::Count),
            ]);
            if random.f64() < 0.35 {
                let rated = requested + random.usize(5..120);
                actions.extend([(rated, Action::Rate), (rated + 1, Action::Count)]);
            }
        }
        if random.f64() < 0.1 {
            let mailed = length + random.usize(..60);
            actions.extend([(mailed, Action::Mail), (mailed + 3, Action::Delivered)]);
        }
        actions
    }
}
