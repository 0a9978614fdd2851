//! The function's own code, in a separate process.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::{Duration, Instant};

use domain::{ConversationId, Entry, PublicMessage, TimeZoneName};
use serde_json::json;
use settings::Settings;
use texts::VisitorLanguage;
use transcript_mail::{DefaultBranding, MailLanguage, SubjectTemplate, Transcript, TranscriptMail};

/// The number of messages in a page, which is about that of a page of DynamoDB.
const PAGE: usize = 1_000;

/// Writes the mail of the thread in the file `source` several times. Prints the time of each and the
/// peak memory, and stores the last mail in the folder `output`.
///
/// The thread is read page by page, as in the function. Reading is not counted.
pub(crate) fn write_mails(arguments: &[String]) {
    let [source, time_zone, repeats, output] = arguments else {
        panic!("four arguments");
    };
    let time_zone = TimeZoneName::parse(time_zone).expect("a time zone");
    let repeats = repeats.parse().expect("a number");
    let mut milliseconds = Vec::new();
    let mut last = None;
    for _ in 0..repeats {
        last = None;
        let (mail, took) = write_mail(Path::new(source), &time_zone);
        milliseconds.push(took.as_secs_f64() * 1_000.0);
        last = Some(mail).or(last);
    }
    println!("{}", json!({ "ms": milliseconds, "peak_mb": peak_mb() }));
    if let Some(mail) = last {
        save(&mail, Path::new(output));
    }
}

fn write_mail(source: &Path, time_zone: &TimeZoneName) -> (TranscriptMail, Duration) {
    let file = File::open(source).expect("the thread exists");
    let mut lines = BufReader::new(file).lines();
    let mut transcript = Transcript::new(
        Some(time_zone),
        MailLanguage::choose([], VisitorLanguage::English).expect("English"),
    );
    let mut took = Duration::ZERO;
    loop {
        let page: Vec<_> = lines.by_ref().take(PAGE).map(read_message).collect();
        if page.is_empty() {
            break;
        }
        let start = Instant::now();
        for message in page {
            transcript.add(message).expect("a message is written");
        }
        took += start.elapsed();
    }
    let start = Instant::now();
    let defaults = DefaultBranding::new("Acme", SubjectTemplate::default());
    let branding = defaults.with(&Settings::default(), VisitorLanguage::English);
    let conversation = ConversationId::parse("c").expect("an id");
    let mail = transcript.into_mail(&branding, &conversation, None);
    (mail.expect("a mail is written"), took + start.elapsed())
}

fn read_message(line: std::io::Result<String>) -> PublicMessage {
    let entry: Entry = serde_json::from_str(&line.expect("a line")).expect("an entry");
    PublicMessage::from_entry(entry).expect("a public message")
}

fn save(mail: &TranscriptMail, folder: &Path) {
    let attachment = mail.attachment.as_ref().map(|file| &file.content);
    let parts = [
        ("text", Some(&mail.text)),
        ("html", Some(&mail.html)),
        ("attachment", attachment),
    ];
    for (name, content) in parts {
        if let Some(content) = content {
            fs::write(folder.join(name), content).expect("a part is written");
        }
    }
}

/// The peak memory of the process in megabytes.
fn peak_mb() -> f64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux has this file");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = peak.and_then(|peak| peak.split_whitespace().next());
    kilobytes
        .and_then(|it| it.parse::<f64>().ok())
        .expect("a number")
        / 1_000.0
}
