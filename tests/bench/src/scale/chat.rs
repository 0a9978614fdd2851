//! What is done in a conversation, and when.

use std::iter::repeat_n;

use domain::{
    ConversationId, EmailAddress, OrganisationId, RatingRequestId, ReportTimeZone, Timestamp,
    UniqueId, VisitorHash,
};
use store::key;

use super::tally::Partition;

/// How long a chat lasts at most, in seconds.
pub(super) const LONGEST: usize = 1_800;

/// One conversation, and where its items stand.
#[derive(Clone, Copy)]
pub(super) struct Chat {
    /// That of the conversation.
    pub(super) conversation: Partition,
    /// That of its visitor.
    pub(super) visitor: Partition,
    /// The shard of the counts that its rating is counted in.
    pub(super) counts: Partition,
    /// The shard of the index in which its rating stands.
    pub(super) ratings: Partition,
}

/// Something that is done in a conversation.
#[derive(Clone, Copy, Debug)]
pub(super) enum Act {
    /// The platform records the conversation.
    Record,
    /// The platform records a message.
    Message,
    /// The platform says that it is resolved.
    Resolve,
    /// An agent's inbox shows it.
    Read,
    /// The visitor's widget looks whether a rating is asked for.
    Poll,
    /// An agent asks for a rating.
    Ask,
    /// The visitor answers.
    Answer,
    /// An asking or an answer is counted.
    Count,
    /// An agent has the transcript mailed.
    Mail,
    /// SES tells that the mail arrived.
    Delivered,
}

impl Chat {
    /// A conversation of `organisation` that began so many seconds after the year did.
    pub(super) fn new(
        organisation: &OrganisationId,
        began: usize,
        random: &mut fastrand::Rng,
    ) -> Self {
        let number = random.u64(..);
        let conversation = ConversationId::parse(&format!("{number:032x}")).expect("an id");
        let address = format!("visitor-{number}@example.org");
        let address = EmailAddress::parse(&address).expect("an address");
        let request = UniqueId::derived_from(&[conversation.as_str()]);
        let request = RatingRequestId::from(request);
        let start = Timestamp::parse("2026-01-05T00:00:00Z").expect("a Monday");
        let day = ReportTimeZone::default().day_of(start.plus_seconds(began as i64));
        let counts = request.shard_of(key::PENDING_SHARDS);
        let ratings = request.shard_of(key::RATINGS_SHARDS);
        Self {
            conversation: key::conversation_partition(organisation, &conversation).into(),
            visitor: key::visitor_partition(organisation, &VisitorHash::of(&address)).into(),
            counts: key::pending_partition(organisation, counts).into(),
            ratings: key::ratings_partition(organisation, day, ratings).into(),
        }
    }

    /// What is done, each with how many seconds after the chat's beginning.
    pub(super) fn acts(self, random: &mut fastrand::Rng) -> Vec<(usize, Act)> {
        let length = random.usize(180..LONGEST - 240);
        let mut acts = vec![(0, Act::Record), (length, Act::Resolve)];
        let within = |count, act| repeat_n(act, count);
        let during = within(10, Act::Message)
            .chain(within(3, Act::Read))
            .chain(within(8, Act::Poll));
        acts.extend(during.map(|act| (random.usize(..length), act)));
        if random.f64() < 0.6 {
            let asked = length + random.usize(..20);
            acts.extend([(asked, Act::Ask), (asked + 1, Act::Count)]);
            if random.f64() < 0.35 {
                let answered = asked + random.usize(5..120);
                acts.extend([(answered, Act::Answer), (answered + 1, Act::Count)]);
            }
        }
        if random.f64() < 0.1 {
            let mailed = length + random.usize(..60);
            acts.extend([(mailed, Act::Mail), (mailed + 3, Act::Delivered)]);
        }
        acts
    }
}
