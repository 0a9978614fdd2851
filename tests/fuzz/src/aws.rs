//! A stand-in for DynamoDB and SES that has whatever is asked for, so that a request which is well
//! formed runs to its end, and that checks what is asked of it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use serde_json::{Value, json};

/// Starts it, and gives its URL.
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

/// Answers one call after the other until the caller leaves.
fn serve(stream: TcpStream) {
    let mut writer = stream.try_clone().unwrap();
    let mut reader = BufReader::new(stream);
    while let Some(call) = HttpRequest::read(&mut reader) {
        let (status, body) = call.answer();
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
    /// `GetItem`, or the method of SES.
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

    fn answer(&self) -> (u16, Value) {
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

    /// Whatever came in: nothing of another organisation is reached, and no header is forged.
    fn check(&self) {
        let mut keys = Vec::new();
        collect(&self.body, &["pk", ":pk", ":shard"], &mut keys);
        for key in keys {
            let key = key["S"].as_str().expect("a key is text");
            let (organisation, rest) = key.split_once('#').unwrap_or((key, ""));
            let is_visitor = rest.strip_prefix("VISITOR#").is_some_and(is_hash);
            let is_report = rest.starts_with("SATISFACTION#") || is_day_and_shard(rest);
            let is_known = is_visitor || is_report || !rest.contains('#');
            let is_ours = organisation == "main" && is_known;
            let is_owner = key.starts_with("SENDER#") && key.matches('#').count() == 1;
            assert!(is_ours || is_owner, "{key:?} is not ours");
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

/// What stands in a mail's headers is one line of ASCII, or one line that the SDK encodes.
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
                // `pk` is also the name of a member of what is written, beside its key.
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

/// The item under a call's key, where there is one.
fn item(call: &Value) -> Value {
    let place = call["Key"]["sk"]["S"].as_str().expect("a sort key");
    match place {
        "CONVERSATION" => json!({ "Item": conversation() }),
        _ if place.starts_with("SENDER#") => json!({ "Item": {
            "address": { "S": &place["SENDER#".len()..] },
            "verification": { "S": "verified" },
            "checked_at": { "S": "2026-01-05T09:00:00.000Z" },
            "made_identity": { "BOOL": false },
        } }),
        _ => json!({}),
    }
}

/// The items under the keys of a call, with their keys.
fn batch(call: &Value) -> Vec<Value> {
    let keys = call["RequestItems"]["fuzz"]["Keys"].as_array();
    let items = keys.expect("keys").iter().filter_map(|key| {
        let mut found = match key["sk"]["S"].as_str() {
            Some("REQUEST#r1") => rated_request(),
            _ => item(&json!({ "Key": key }))["Item"].take(),
        };
        let key = key.as_object().expect("a key is an object");
        found.as_object_mut()?.extend(key.clone());
        Some(found)
    });
    items.collect()
}

/// A conversation whose visitor's secret is 32 zeros.
fn conversation() -> Value {
    json!({
        "channel": { "S": "widget" },
        "status": { "S": "open" },
        "visitor_email": { "S": "ana@example.org" },
        "visitor_secret": { "S": "A".repeat(43) },
        "recorded_at": { "S": "2026-01-05T09:00:00.000Z" },
        "recorded_by": { "S": "r0" },
        "updated_at": { "S": "2026-01-05T09:00:00.000Z" },
        "current_request": { "M": {
            "id": { "S": "r1" },
            "requested_at": { "S": "2026-01-05T09:00:00.000Z" },
            "agent": { "M": { "id": { "S": "kim" } } },
        } },
    })
}

/// The items that a call lists: one message, one sender, and of all else none.
fn items(call: &Value) -> Vec<Value> {
    let asked = call["ExpressionAttributeValues"].to_string();
    let sender = json!({ "Key": { "sk": { "S": "SENDER#support@example.com" } } });
    match call["IndexName"].as_str() {
        Some("public_thread") => vec![message()],
        Some("ratings") => vec![json!({
            "pk": { "S": "main#c1" },
            "sk": { "S": "REQUEST#r1" },
            "first_rated_at": { "S": "2026-11-02T09:01:00.000Z" },
        })],
        _ if asked.contains("\"DAY#") => vec![day()],
        _ if asked.contains("\"AGENTS#") => vec![agents()],
        _ if asked.contains("\"ENTRY#") => vec![message()],
        _ if asked.contains("\"SENDER#") => vec![item(&sender)["Item"].clone()],
        _ => Vec::new(),
    }
}

/// One rating request with an answer of 5.
fn rated_request() -> Value {
    json!({
        "request_id": { "S": "r1" },
        "agent": { "M": { "id": { "S": "kim" } } },
        "channel": { "S": "widget" },
        "requested_at": { "S": "2026-11-02T09:00:00.000Z" },
        "answer": { "M": {
            "score": { "N": "5" },
            "comment": { "S": "=1+1" },
            "rated_at": { "S": "2026-11-02T09:01:00.000Z" },
        } },
    })
}

/// What was counted on a day.
fn day() -> Value {
    json!({ "day": { "S": "2026-11-02" }, "channels": by_channel() })
}

/// The same by agent.
fn agents() -> Value {
    json!({
        "day": { "S": "2026-11-02" },
        "part": { "N": "0" },
        "agents": { "M": { "kim": { "M": { "channels": by_channel() } } } },
    })
}

fn by_channel() -> Value {
    let tally = [1, 0, 0, 0, 0, 1].map(|count: u8| json!({ "N": count.to_string() }));
    json!({ "M": { "widget": { "L": tally } } })
}

fn message() -> Value {
    json!({
        "id": { "S": "m1" },
        "at": { "S": "2026-01-05T09:00:00.000Z" },
        "visibility": { "S": "public" },
        "kind": { "S": "message" },
        "author": { "M": { "kind": { "S": "visitor" } } },
        "text": { "S": "Hello" },
    })
}
