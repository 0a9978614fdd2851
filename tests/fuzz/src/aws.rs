//! An emulator of DynamoDB, SES and Lambda that has every requested item, so that a well-formed request runs
//! to its end. It also checks the calls.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::{Value, json};

use crate::items::{batch, item, items};

/// Starts the emulator. Returns its URL.
pub(crate) fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.expect("a connection");
            thread::spawn(move || serve(stream));
        }
    });
    url
}

/// Answers calls until the connection is closed.
fn serve(stream: TcpStream) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    while let Some(call) = HttpRequest::read(&mut reader) {
        let (status, body) = call.response();
        let body = body.to_string();
        let head = format!(
            "HTTP/1.1 {status} OK\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        if writer.write_all((head + &body).as_bytes()).is_err() {
            return;
        }
    }
}

struct HttpRequest {
    /// The DynamoDB operation, or the HTTP method of an SES call.
    operation: String,
    path: String,
    body: Value,
}

impl HttpRequest {
    fn read(reader: &mut BufReader<TcpStream>) -> Option<Self> {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let mut words = line.split(' ');
        let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
        let (mut operation, mut length) = (method, 0);
        loop {
            let mut header = String::new();
            reader.read_line(&mut header).ok()?;
            let Some((name, value)) = header.trim_end().split_once(": ") else {
                break;
            };
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.parse().ok()?,
                "x-amz-target" => operation = value.rsplit('.').next()?.to_owned(),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        Some(Self {
            operation,
            path,
            body: serde_json::from_slice(&body).unwrap_or_default(),
        })
    }

    fn response(&self) -> (u16, Value) {
        self.check();
        match (self.operation.as_str(), self.path.as_str()) {
            ("GetItem", _) => (200, item(&self.body)),
            ("Query", _) => (200, json!({ "Items": items(&self.body) })),
            ("UpdateItem", _) => (200, json!({ "Attributes": item(&self.body)["Item"] })),
            ("TransactGetItems", _) => (200, json!({ "Responses": [{}] })),
            ("BatchGetItem", _) => (200, json!({ "Responses": { "fuzz": batch(&self.body) } })),
            ("PutItem" | "DeleteItem" | "BatchWriteItem" | "TransactWriteItems", _) => {
                (200, json!({}))
            }
            ("POST", "/v2/email/outbound-emails") => (200, json!({ "MessageId": "m" })),
            ("POST", "/v2/email/list-identities") => (
                200,
                json!({ "EmailIdentities": [{
                "IdentityName": "example.com",
                "SendingEnabled": true,
                "VerificationStatus": "SUCCESS",
            }] }),
            ),
            _ => (200, json!({})),
        }
    }

    /// Checks that a call accesses no item of another organisation and forges no mail header.
    fn check(&self) {
        let mut keys = Vec::new();
        collect(&self.body, &["pk", ":pk", ":shard"], &mut keys);
        for key in keys {
            let key = key["S"].as_str().expect("a key is text");
            let (organisation, rest) = key.split_once('#').unwrap_or((key, ""));
            let is_visitor = rest.strip_prefix("VISITOR#").is_some_and(is_hash);
            let is_report = rest.starts_with("SATISFACTION#") || is_day_and_shard(rest);
            let is_organisation = [
                "ORGANISATION#SETTINGS",
                "ORGANISATION#CONNECTIONS",
                "SECRET#CONNECTIONS",
            ]
            .contains(&rest);
            let is_known = is_visitor || is_report || is_organisation || !rest.contains('#');
            let is_own = organisation == "main" && is_known;
            let is_owner = key.starts_with("SENDER#") && key.matches('#').count() == 1;
            // The key of a hook finds its organisation.
            let is_hook = key.strip_prefix("#HOOKS#chatwoot#").is_some_and(is_hash);
            assert!(
                is_own || is_owner || is_hook,
                "{key:?} is not a key of the organisation"
            );
            assert!(key.bytes().all(|byte| byte.is_ascii_graphic()), "{key:?}");
        }
        if self.path == "/v2/email/outbound-emails" {
            check_mail(&self.body);
        }
    }
}

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `2026-11-02#07`, a partition of the index of ratings.
fn is_day_and_shard(text: &str) -> bool {
    let shape = |character: char| match character {
        '0'..='9' => '0',
        other => other,
    };
    text.chars().map(shape).eq("0000-00-00#00".chars())
}

/// Checks that each mail header is one line of printable ASCII.
fn check_mail(mail: &Value) {
    let from = mail["FromEmailAddress"].as_str().expect("a sender");
    assert!(
        from.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
        "{from:?}"
    );
    assert!(
        from.ends_with('>') && from.matches('<').count() == 1,
        "{from:?}"
    );
    assert_eq!(mail["Destination"].as_object().unwrap().len(), 1, "{mail}");
    let to = mail["Destination"]["ToAddresses"].as_array().unwrap();
    let [to] = to.as_slice() else {
        panic!("{mail}");
    };
    let to = to.as_str().unwrap();
    assert_eq!(to.matches('@').count(), 1, "{to:?}");
    assert!(to.bytes().all(|byte| byte.is_ascii_graphic()), "{to:?}");
    assert!(!to.contains([',', ';', '<', '>', '"']), "{to:?}");
    assert_eq!(mail["ReplyToAddresses"], json!(["answers@example.com"]));
    assert_eq!(
        mail["Content"]["Simple"]["Subject"]["Data"],
        "Your conversation with Acme"
    );
    for header in mail["Content"]["Simple"]["Headers"].as_array().unwrap() {
        let value = header["Value"].as_str().unwrap();
        assert!(
            value.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
            "{value:?}"
        );
    }
}

/// Every value under one of `names`, however deep.
fn collect<'a>(value: &'a Value, names: &[&str], found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                // Written items also have a member `pk` beside their key.
                if names.contains(&name.as_str()) && member.get("S").is_some() {
                    found.push(member);
                }
                collect(member, names, found);
            }
        }
        Value::Array(elements) => {
            for element in elements {
                collect(element, names, found);
            }
        }
        _ => {}
    }
}
