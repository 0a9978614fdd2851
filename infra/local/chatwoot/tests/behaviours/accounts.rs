//! Two accounts of one server.

use local_chatwoot::NewInbox;

use crate::kit::{Office, Receiver, ana};

#[tokio::test]
async fn two_accounts_have_equal_display_ids_and_separate_webhooks() {
    let office = Office::new().await;
    let (conversation, _) = office.quiet_conversation();
    let other = office.chatwoot.add_account("Other");
    let inbox = office
        .chatwoot
        .add_inbox(other, &NewInbox::web_widget("Shop"));
    let contact = office.chatwoot.add_contact(other, ana());
    let receiver = Receiver::start().await;
    office.chatwoot.add_webhook(other, &receiver.url());
    let (same, _) = office
        .chatwoot
        .start_conversation(contact, inbox, "Hello")
        .unwrap();
    assert_eq!(same.display_id, conversation.display_id);
    assert_ne!(same.account, conversation.account);
    let hooks = office.chatwoot.pending_hooks();
    assert!(hooks.iter().all(|hook| hook.url == receiver.url()));
    assert!(!hooks.is_empty());
}
