use domain::{Retention, Timestamp};

use crate::conversation::ConversationItem;

/// How a write changes the expiry of its conversation.
///
/// A conversation keeps the later of its own expiry and the write's expiry. "Never" is the latest
/// of all. An update expression can't compare two values. So each case is a separate update, with
/// the condition that the case applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// The write's expiry is later or the same: the conversation gets it.
    Renewed,
    /// The conversation's expiry is later, because the stack's retention was longer at the time of
    /// its last write. It does not change.
    Kept,
}

impl Lifetime {
    /// The case that applies to a write at `now` in `conversation`.
    pub fn of(conversation: &ConversationItem, retention: Retention, now: Timestamp) -> Self {
        let new = retention.expires_at(now);
        let is_kept = match (conversation.expires_at, new) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(old), Some(new)) => old > new,
        };
        if is_kept { Self::Kept } else { Self::Renewed }
    }

    /// The condition that this case applies and that the links from visitors do not expire before
    /// the conversation. It has the placeholder `:expires_at`, unless the retention is for ever.
    fn condition(self, retention: Retention) -> &'static str {
        match self {
            _ if retention.is_for_ever() => "attribute_not_exists(visitors_until)",
            Self::Renewed => {
                "expires_at <= :expires_at \
                 AND (attribute_not_exists(visitors_until) OR visitors_until >= :expires_at)"
            }
            Self::Kept => {
                "(attribute_not_exists(expires_at) OR expires_at > :expires_at) \
                 AND (attribute_not_exists(visitors_until) OR visitors_until >= expires_at)"
            }
        }
    }

    /// The assignment of the expiry, if the write sets it.
    pub fn assignment(self, retention: Retention) -> Option<&'static str> {
        (self == Self::Renewed && !retention.is_for_ever()).then_some("expires_at = :expires_at")
    }

    /// The attribute to remove, if the write removes the expiry.
    pub fn removal(self, retention: Retention) -> Option<&'static str> {
        retention.is_for_ever().then_some("expires_at")
    }
}

impl ConversationItem {
    /// The condition that a conversation exists at `:now`, in epoch seconds: it was neither erased
    /// (an erased conversation has no channel) nor has it expired.
    pub const EXISTS: &str = "attribute_exists(channel) \
        AND (attribute_not_exists(expires_at) OR expires_at > :now)";

    /// The condition of every write in a conversation. It has the placeholder `:now` and, unless
    /// the retention is for ever, `:expires_at`.
    pub fn may_be_written(retention: Retention, lifetime: Lifetime) -> String {
        format!("{} AND {}", Self::EXISTS, lifetime.condition(retention))
    }

    /// When the conversation expires after a write at `now`, in epoch seconds: the later of its own
    /// expiry and the write's. `None` means never.
    pub fn expiry_after_write(&self, retention: Retention, now: Timestamp) -> Option<i64> {
        let new = retention.expires_at(now)?;
        self.expires_at.map(|old| old.max(new))
    }

    /// Whether a link from a visitor would expire before the conversation does after a write at
    /// `now`.
    pub fn outlives_its_links(&self, retention: Retention, now: Timestamp) -> bool {
        let expiry = self.expiry_after_write(retention, now);
        self.visitors_until
            .is_some_and(|until| expiry.is_none_or(|expiry| until < expiry))
    }
}

#[cfg(test)]
mod tests {
    use domain::{Channel, ConversationStatus, UniqueId, VisitorSecret};

    use super::*;

    fn conversation(expires_at: Option<i64>, visitors_until: Option<i64>) -> ConversationItem {
        ConversationItem {
            expires_at,
            visitors_until,
            ..ConversationItem::new(
                Channel::widget(),
                ConversationStatus::Open,
                VisitorSecret::from_bytes([7; 32]),
                UniqueId::from_bytes([7; 16]),
                Timestamp::EPOCH,
            )
        }
    }

    #[test]
    fn a_conversation_keeps_the_later_expiry_and_none_is_the_latest() {
        let day = 24 * 60 * 60;
        let one_day = Retention::parse("1").unwrap();
        let for_ever = Retention::default();
        let now = Timestamp::EPOCH;
        for (expires_at, retention, lifetime, after) in [
            (None, for_ever, Lifetime::Renewed, None),
            (Some(day), for_ever, Lifetime::Renewed, None),
            (None, one_day, Lifetime::Kept, None),
            (Some(day - 1), one_day, Lifetime::Renewed, Some(day)),
            (Some(day), one_day, Lifetime::Renewed, Some(day)),
            (Some(day + 1), one_day, Lifetime::Kept, Some(day + 1)),
        ] {
            let existing = conversation(expires_at, None);
            assert_eq!(Lifetime::of(&existing, retention, now), lifetime);
            assert_eq!(existing.expiry_after_write(retention, now), after);
        }
    }

    #[test]
    fn links_that_end_before_the_conversation_are_noticed() {
        let day = 24 * 60 * 60;
        let one_day = Retention::parse("1").unwrap();
        for (expires_at, visitors_until, outlives) in [
            (None, None, false),
            (None, Some(i64::MAX), true),
            (Some(1), Some(day - 1), true),
            (Some(1), Some(day), false),
            (Some(day * 2), Some(day), true),
            (Some(day * 2), None, false),
        ] {
            let existing = conversation(expires_at, visitors_until);
            let found = existing.outlives_its_links(one_day, Timestamp::EPOCH);
            assert_eq!(found, outlives, "{expires_at:?} {visitors_until:?}");
        }
    }
}
