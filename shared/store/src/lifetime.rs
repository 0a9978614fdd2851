use domain::{Retention, Timestamp};

use crate::conversation::ConversationItem;

/// What a write does to the expiry of its conversation.
///
/// A conversation keeps the later of its expiry and the write's own, and no expiry is the latest of
/// all. An update expression can't compare, so each case is a write of its own, under the condition
/// that it is the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifetime {
    /// The write's expiry is the later one, or the same: the conversation takes it.
    Renewed,
    /// The conversation's expiry is the later one, because the stack's retention was longer when it
    /// was written: it stays.
    Kept,
}

impl Lifetime {
    /// The right one for a write at `now` in `conversation`.
    pub fn of(conversation: &ConversationItem, retention: Retention, now: Timestamp) -> Self {
        let new = retention.expires_at(now);
        let is_kept = match (conversation.expires_at, new) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(old), Some(new)) => old > new,
        };
        if is_kept { Self::Kept } else { Self::Renewed }
    }

    /// The condition that it is the right one and that the links from visitors do not expire before
    /// the conversation, with the placeholder `:expires_at` unless the retention is for ever.
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
    /// The condition that a conversation exists at `:now`, in epoch seconds: it is neither erased
    /// (an erased one has no channel) nor expired.
    pub const EXISTS: &str = "attribute_exists(channel) \
        AND (attribute_not_exists(expires_at) OR expires_at > :now)";

    /// The condition of every write in a conversation, with the placeholders `:now` and, unless the
    /// retention is for ever, `:expires_at`.
    pub fn may_be_written(retention: Retention, lifetime: Lifetime) -> String {
        format!("{} AND {}", Self::EXISTS, lifetime.condition(retention))
    }

    /// When the conversation expires once it is written at `now`, in epoch seconds: the later of its
    /// expiry and the write's own. `None` is never.
    pub fn expiry_after_write(&self, retention: Retention, now: Timestamp) -> Option<i64> {
        let new = retention.expires_at(now)?;
        self.expires_at.map(|old| old.max(new))
    }

    /// Whether links from visitors would expire before the conversation does after a write at `now`.
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
