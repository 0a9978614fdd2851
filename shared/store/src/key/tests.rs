use std::collections::HashSet;

use domain::{
    AgentId, Channel, ClockHour, ConnectionId, ConversationId, EmailAddress, EntryId, HookKey,
    OrganisationId, Platform, RatingRequestId, ReasonId, ReportDay, SenderAddress, Timestamp,
    TranscriptId, VisitorHash,
};
use dynamodb::Key;

use crate::key;

#[test]
fn entries_sort_by_time() {
    let organisation = OrganisationId::parse("main").unwrap();
    let conversation = ConversationId::parse("c").unwrap();
    let key = |at: &str, id: &str| {
        let at = Timestamp::parse(at).unwrap();
        key::entry(
            &organisation,
            &conversation,
            at,
            &EntryId::parse(id).unwrap(),
        )
        .sk
    };
    let early = key("2026-01-01T09:00:00+02:00", "z");
    let late = key("2026-01-01T08:00:00Z", "a");
    assert_eq!(early, "ENTRY#2026-01-01T07:00:00.000Z#z");
    assert!(early < late);
}

/// Every key that contains an id, with the ids that are most likely to collide with another
/// key.
fn keys_of(organisation: &OrganisationId) -> Vec<Key> {
    let at = Timestamp::parse("2026-01-01T08:00:00Z").unwrap();
    let hour = ClockHour::of(at);
    let day = ReportDay::parse("2026-01-01").unwrap();
    let channel = Channel::parse("widget").unwrap();
    let visitor = EmailAddress::parse("sender#a@example.com").unwrap();
    let visitor = VisitorHash::of(&visitor);
    let reason = ReasonId::parse("a").unwrap();
    let mut keys = vec![
        key::organisation_quota(organisation, hour),
        key::visitor_cooldown(organisation, &visitor),
        key::day(organisation, day),
        key::day_agents(organisation, day, 0),
        key::day_reason(organisation, day, &channel, &reason),
        key::day_rule(organisation, day, &channel, None),
        key::day_rule(organisation, day, &channel, Some(&reason)),
        key::rollup_lock(organisation),
        key::counted_organisation(organisation),
        key::settings(organisation),
    ];
    for id in ["account", "a", "b"] {
        let id = ConnectionId::parse(id).unwrap();
        keys.extend([
            key::connection(organisation, Platform::Chatwoot, &id),
            key::connected_account(organisation, Platform::Chatwoot, id.as_str()),
            key::connection_secrets(organisation, Platform::Chatwoot, &id),
        ]);
    }
    for id in [
        "SENDER",
        "OWNER",
        "VISITOR",
        "SATISFACTION",
        "ORGANISATION",
        "SECRET",
        "CONNECTIONS",
        "SETTINGS",
        "HOOKS",
        "DAYS",
        "REASONS",
        "RULES",
        "a",
    ] {
        let conversation = ConversationId::parse(id).unwrap();
        let agent = AgentId::parse(id).unwrap();
        keys.extend([
            key::conversation(organisation, &conversation),
            key::agent_cooldown(organisation, &conversation, &agent),
            key::conversation_quota(organisation, &conversation, hour),
            key::visitor_quota(organisation, &conversation),
            key::platform_task(organisation, &conversation, id),
            key::platform_post(organisation, &conversation, id),
            key::visitor_conversation(organisation, &visitor, &conversation),
            key::agent_quota(organisation, hour, &agent),
            key::pending_counts(organisation, 0, day, &channel, &agent),
            key::pending_reason(organisation, 0, day, &channel, &agent, &reason),
            key::agent_reason(organisation, &agent, day, &channel, &reason),
            key::pending_rule(organisation, 0, day, &channel, &agent, None),
            key::pending_rule(organisation, 0, day, &channel, &agent, Some(&reason)),
            key::agent_rule(organisation, &agent, day, &channel, None),
            key::agent_rule(organisation, &agent, day, &channel, Some(&reason)),
        ]);
        for other in ["SENDER", "a"] {
            keys.extend([
                key::entry(
                    organisation,
                    &conversation,
                    at,
                    &EntryId::parse(other).unwrap(),
                ),
                key::rating_request(
                    organisation,
                    &conversation,
                    &RatingRequestId::parse(other).unwrap(),
                ),
                key::transcript(
                    organisation,
                    &conversation,
                    &TranscriptId::parse(other).unwrap(),
                ),
            ]);
        }
    }
    keys
}

#[test]
fn no_two_keys_are_equal_even_if_a_sender_address_contains_the_separator() {
    let addresses = [
        "a@example.com",
        "#@example.com",
        "a#@example.com",
        "#a@example.com",
        "a#b@example.com",
        "a##b@example.com",
        "owner#a@example.com",
        "sender#a@example.com",
        "sender#a#owner@example.com",
        "quota#2026-01-01t08#a@example.com",
        "visitor#a@example.com",
        "main#a@example.com",
    ]
    .map(|address| SenderAddress::parse(address).unwrap());
    let mut keys: Vec<_> = addresses.iter().map(key::sender_owner).collect();
    for organisation in ["main", "SENDER", "SENDER-a", "a", "QUOTA", "OWNER"] {
        let organisation = OrganisationId::parse(organisation).unwrap();
        keys.extend(keys_of(&organisation));
        keys.extend(addresses.iter().map(|it| key::sender(&organisation, it)));
    }
    let different: HashSet<_> = keys.iter().collect();
    assert_eq!(different.len(), keys.len());
}

#[test]
fn a_sender_owner_and_an_organisation_never_share_a_partition_with_a_conversation() {
    let organisation = OrganisationId::parse("SENDER").unwrap();
    let address = SenderAddress::parse("a@example.com").unwrap();
    let owner = key::sender_owner(&address);
    assert!(owner.pk.contains('@'), "no conversation id contains an @");
    assert!(!key::organisation_partition(&organisation).contains('#'));
}

/// The ids of the expected keys.
struct Ids {
    organisation: OrganisationId,
    conversation: ConversationId,
    agent: AgentId,
    at: Timestamp,
    hour: ClockHour,
    day: ReportDay,
}

fn ids() -> Ids {
    let at = Timestamp::parse("2026-01-31T08:05:00Z").unwrap();
    Ids {
        organisation: OrganisationId::parse("acme").unwrap(),
        conversation: ConversationId::parse("c-1").unwrap(),
        agent: AgentId::parse("kim lee").unwrap(),
        at,
        hour: ClockHour::of(at),
        day: ReportDay::parse("2026-01-31").unwrap(),
    }
}

fn assert_key(key: Key, pk: &str, sk: &str) {
    assert_eq!((key.pk.as_str(), key.sk.as_str()), (pk, sk));
}

#[test]
fn the_items_of_a_conversation_have_these_keys() {
    let ids = ids();
    let (organisation, conversation) = (&ids.organisation, &ids.conversation);
    let entry = EntryId::parse("m1").unwrap();
    let request = RatingRequestId::parse("r1").unwrap();
    let transcript = TranscriptId::parse("t1").unwrap();
    for (key, sk) in [
        (
            key::conversation(organisation, conversation),
            "CONVERSATION",
        ),
        (
            key::entry(organisation, conversation, ids.at, &entry),
            "ENTRY#2026-01-31T08:05:00.000Z#m1",
        ),
        (
            key::agent_cooldown(organisation, conversation, &ids.agent),
            "ASK#kim lee",
        ),
        (
            key::rating_request(organisation, conversation, &request),
            "REQUEST#r1",
        ),
        (
            key::transcript(organisation, conversation, &transcript),
            "TRANSCRIPT#t1",
        ),
        (
            key::conversation_quota(organisation, conversation, ids.hour),
            "QUOTA#2026-01-31T08",
        ),
        (
            key::visitor_quota(organisation, conversation),
            "VISITOR-QUOTA",
        ),
        (
            key::platform_task(organisation, conversation, "t"),
            "TASK#t",
        ),
        (
            key::platform_post(organisation, conversation, "p"),
            "POST#p",
        ),
    ] {
        assert_key(key, "acme#c-1", sk);
    }
    let prefix = key::entries_at(ids.at);
    assert_eq!(prefix, "ENTRY#2026-01-31T08:05:00.000Z#");
}

#[test]
fn the_items_of_an_organisation_have_these_keys() {
    let ids = ids();
    let organisation = &ids.organisation;
    let address = SenderAddress::parse("help@example.com").unwrap();
    let quota = key::agent_quota(organisation, ids.hour, &ids.agent);
    assert_key(quota, "acme", "QUOTA#2026-01-31T08#kim lee");
    let quota = key::organisation_quota(organisation, ids.hour);
    assert_key(quota, "acme", "QUOTA#2026-01-31T08");
    let sender = key::sender(organisation, &address);
    assert_key(sender, "acme", "SENDER#help@example.com");
    let owner = key::sender_owner(&address);
    assert_key(owner, "SENDER#help@example.com", "OWNER");
}

#[test]
fn the_items_of_a_connection_have_these_keys() {
    let organisation = &ids().organisation;
    let id = ConnectionId::parse("main").unwrap();
    let connection = key::connection(organisation, Platform::Chatwoot, &id);
    let partition = "acme#ORGANISATION#CONNECTIONS";
    assert_key(connection, partition, "chatwoot#main");
    let account = key::connected_account(organisation, Platform::Chatwoot, "cw-0123456789ab-");
    assert_key(account, partition, "ACCOUNT#chatwoot#cw-0123456789ab-");
    let secrets = key::connection_secrets(organisation, Platform::Chatwoot, &id);
    assert_key(secrets, "acme#SECRET#CONNECTIONS", "chatwoot#main");
    let hook_key = HookKey::from_bytes([0; 32]);
    let hook = key::hook(Platform::Chatwoot, &hook_key);
    let partition = format!("#HOOKS#chatwoot#{}", hook_key.hash());
    assert_key(hook, &partition, "HOOK");
}

#[test]
fn the_items_of_a_visitor_have_these_keys() {
    let ids = ids();
    let email = EmailAddress::parse("jo@example.org").unwrap();
    let visitor = VisitorHash::of(&email);
    let partition = format!("acme#VISITOR#{visitor}");
    let cooldown = key::visitor_cooldown(&ids.organisation, &visitor);
    assert_key(cooldown, &partition, "ASK");
    let link = key::visitor_conversation(&ids.organisation, &visitor, &ids.conversation);
    assert_key(link, &partition, "CONVERSATION#c-1");
}

#[test]
fn the_items_of_the_report_have_these_keys() {
    let ids = ids();
    let organisation = &ids.organisation;
    let pending = key::pending_counts(organisation, 7, ids.day, &Channel::widget(), &ids.agent);
    assert_key(pending, "acme#SATISFACTION#07", "2026-01-31#widget#kim lee");
    let rolled_up = "acme#SATISFACTION#DAYS";
    assert_key(key::day(organisation, ids.day), rolled_up, "DAY#2026-01-31");
    let agents = key::day_agents(organisation, ids.day, 12);
    assert_key(agents, rolled_up, "AGENTS#2026-01-31#00012");
    let (widget, slow) = (Channel::widget(), ReasonId::parse("slow").unwrap());
    let pending = key::pending_reason(organisation, 7, ids.day, &widget, &ids.agent, &slow);
    let shard = "acme#SATISFACTION#REASONS#07";
    assert_key(pending, shard, "2026-01-31#widget#kim lee#slow");
    let reason = key::day_reason(organisation, ids.day, &widget, &slow);
    assert_key(reason, rolled_up, "REASONS#2026-01-31#widget#slow");
    let reason = key::agent_reason(organisation, &ids.agent, ids.day, &widget, &slow);
    let sk = "AGENT_REASONS#kim lee#2026-01-31#widget#slow";
    assert_key(reason, rolled_up, sk);
    let shard = "acme#SATISFACTION#RULES#07";
    for (reason, suffix) in [(None, ""), (Some(&slow), "#slow")] {
        let pending = key::pending_rule(organisation, 7, ids.day, &widget, &ids.agent, reason);
        let sk = format!("2026-01-31#widget#kim lee{suffix}");
        assert_key(pending, shard, &sk);
    }
    let rule = key::day_rule(organisation, ids.day, &widget, None);
    assert_key(rule, rolled_up, "RULES#2026-01-31#widget");
    let rule = key::day_rule(organisation, ids.day, &widget, Some(&slow));
    assert_key(rule, rolled_up, "RULE_REASONS#2026-01-31#widget#slow");
    let rule = key::agent_rule(organisation, &ids.agent, ids.day, &widget, None);
    assert_key(rule, rolled_up, "AGENT_RULES#2026-01-31#widget#kim lee");
    let rule = key::agent_rule(organisation, &ids.agent, ids.day, &widget, Some(&slow));
    let sk = "AGENT_RULE_REASONS#kim lee#2026-01-31#widget#slow";
    assert_key(rule, rolled_up, sk);
    assert_key(key::rollup_lock(organisation), rolled_up, "FOLD");
    let counted = key::counted_organisation(organisation);
    assert_key(counted, "#ORGANISATIONS", "acme");
    let partition = key::ratings_partition(organisation, ids.day, 3);
    assert_eq!(partition, "acme#2026-01-31#03");
}

#[test]
fn only_the_conversations_own_item_is_a_conversation() {
    let organisation = OrganisationId::parse("acme").unwrap();
    let conversation = ConversationId::parse("c-1").unwrap();
    let transcript = TranscriptId::parse("t1").unwrap();
    assert!(key::is_conversation(&key::conversation(
        &organisation,
        &conversation
    )));
    let transcript = key::transcript(&organisation, &conversation, &transcript);
    assert!(!key::is_conversation(&transcript));
}
