//! Visitors' tokens and tokens of links in mails: each has only one text form, and no text is both.
#![no_main]

use domain::{MailLinkToken, VisitorSecret, VisitorToken};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let visitor = VisitorToken::parse(text);
    let link = MailLinkToken::parse(text);
    assert!(visitor.is_err() || link.is_err(), "{text:?}");
    if let Ok(token) = visitor {
        assert_eq!(token.reveal(), text, "a second text form of one token");
        check_secret(&token.secret, text);
        assert!(!format!("{token:?}").contains(&String::from(token.secret.clone())));
    }
    if let Ok(token) = link {
        assert_eq!(token.reveal(), text, "a second text form of one token");
        check_secret(&token.secret, text);
    }
});

/// A secret equals itself, and does not equal one that differs in one bit.
fn check_secret(secret: &VisitorSecret, token: &str) {
    let text = String::from(secret.clone());
    assert_eq!(text.len(), 43);
    assert!(token.ends_with(&text) && secret.equals(secret));
    let (index, first) = text.char_indices().next().unwrap();
    let other = if first == 'A' { 'B' } else { 'A' };
    let differing = format!("{other}{}", &text[index + 1..]);
    assert!(!secret.equals(&VisitorSecret::parse(&differing).unwrap()));
}
