//! Visitors' tokens and those of links in mails: there is one way to write each, and none is both.
#![no_main]

use domain::{MailLinkToken, VisitorSecret, VisitorToken};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let visitor = VisitorToken::parse(text);
    let link = MailLinkToken::parse(text);
    assert!(visitor.is_err() || link.is_err(), "{text:?}");
    if let Ok(token) = visitor {
        assert_eq!(token.reveal(), text, "a second way to write one token");
        check_secret(&token.secret, text);
        assert!(!format!("{token:?}").contains(&String::from(token.secret.clone())));
    }
    if let Ok(token) = link {
        assert_eq!(token.reveal(), text, "a second way to write one token");
        check_secret(&token.secret, text);
    }
});

/// A secret is equal to itself, and to none that differs in one bit.
fn check_secret(secret: &VisitorSecret, token: &str) {
    let text = String::from(secret.clone());
    assert_eq!(text.len(), 43);
    assert!(token.ends_with(&text) && secret.equals(secret));
    let (place, first) = text.char_indices().next().unwrap();
    let other = if first == 'A' { 'B' } else { 'A' };
    let differing = format!("{other}{}", &text[place + 1..]);
    assert!(!secret.equals(&VisitorSecret::parse(&differing).unwrap()));
}
