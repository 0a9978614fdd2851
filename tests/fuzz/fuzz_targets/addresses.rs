//! An e-mail address and a name, one on each line. Their `From` header must be one mailbox in one line of
//! printable ASCII.
#![no_main]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::{EmailAddress, SenderAddress, SenderName};
use libfuzzer_sys::fuzz_target;
use transcript_mail::Mailbox;

fuzz_target!(|text: &str| {
    let (address, name) = text.split_once('\n').unwrap_or((text, ""));
    if let Ok(read) = EmailAddress::parse(address) {
        check_address(read.as_str());
        assert_eq!(EmailAddress::parse(read.as_str()).unwrap(), read);
        assert!(read.as_str().eq_ignore_ascii_case(address));
        assert!(read.is_same_mailbox(&EmailAddress::parse(address).unwrap()));
        let (first, rest) = read.mask().split_once("•••@").map(own).unwrap();
        assert_eq!((first.len(), rest.as_str()), (1, read.domain()));
    }
    let sender = SenderAddress::parse(address)
        .unwrap_or_else(|_| SenderAddress::parse("help@example.com").unwrap());
    check_address(sender.as_str());
    assert_eq!(sender.as_str(), sender.as_str().to_ascii_lowercase());
    if let Ok(name) = SenderName::parse(name) {
        check_mailbox(&name, &sender);
    }
});

fn own((one, other): (&str, &str)) -> (String, String) {
    (one.to_owned(), other.to_owned())
}

fn check_address(text: &str) {
    assert!(text.len() <= 254 && text.bytes().all(|byte| byte.is_ascii_graphic()));
    assert_eq!(text.matches('@').count(), 1, "{text:?}");
    assert!(
        !text.contains(['"', '<', '>', ',', ';', ':', '\\', '(', ')', '[']),
        "{text:?}"
    );
    let (_, domain) = text.split_once('@').unwrap();
    assert!(domain.contains('.') && domain == domain.to_ascii_lowercase());
}

/// Checks that the header can be parsed to the same name and address.
fn check_mailbox(name: &SenderName, address: &SenderAddress) {
    let header = Mailbox { name, address }.to_string();
    assert!(
        header.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
        "{header:?}"
    );
    let shown = header.strip_suffix(&format!(" <{address}>")).unwrap();
    let read = match shown.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
        Some(quoted) => quoted.to_owned(),
        None => shown.split(' ').map(decode).collect(),
    };
    assert_eq!(read, name.as_str());
}

/// Decodes an encoded word of RFC 2047.
fn decode(word: &str) -> String {
    assert!(word.len() <= 75, "{word}");
    let payload = word.strip_prefix("=?UTF-8?B?").unwrap();
    let bytes = BASE64_STANDARD.decode(payload.strip_suffix("?=").unwrap());
    String::from_utf8(bytes.unwrap()).expect("whole characters")
}
