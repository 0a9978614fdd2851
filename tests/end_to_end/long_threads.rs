//! Transcripts of threads that DynamoDB returns in several pages.

use serde_json::json;
use tests::{AwsProxy, Stack, message};

/// How many messages of 32,000 bytes fit into one body.
const MESSAGES_PER_BODY: usize = 30;

/// A stack with a verified sender and a conversation of `count` messages. Each text is the message's number and 31,990
/// times `character`.
async fn stack_with_thread(count: usize, character: &str) -> (Stack, AwsProxy) {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.verified_sender().await;
    stack.conversation("c1").await;
    let platform = stack.platform().await;
    let numbers: Vec<_> = (0..count).collect();
    for numbers in numbers.chunks(MESSAGES_PER_BODY) {
        let messages = numbers.iter().map(|number| {
            let at = format!("2026-01-05T10:{:02}:{:02}Z", number / 60, number % 60);
            let text = format!("[{number}]{}", character.repeat(31_990));
            message(&format!("n{number}"), &at, &text)
        });
        let body = json!({ "messages": messages.collect::<Vec<_>>() });
        let path = "/v1/conversations/c1/messages";
        platform.post(path, body).await.expect(200);
    }
    aws.forget();
    (stack, aws)
}

fn pages_read(aws: &AwsProxy) -> usize {
    aws.count(|call| call.is("dynamodb:Query"))
}

#[tokio::test]
async fn a_thread_of_several_pages_is_mailed_completely_and_in_order() {
    let (stack, aws) = stack_with_thread(100, "x").await;
    let agent = stack.agent("kim").await;
    let sent = agent.send_transcript("c1").await.expect(201);
    assert_eq!(sent["transcript"]["message_count"], 101);
    assert!(pages_read(&aws) > 3, "{} pages", pages_read(&aws));

    let mails = stack.outbox().await;
    let text = mails[0]["text"].as_str().unwrap();
    let numbers = text
        .split('[')
        .filter_map(|it| it.split_once(']')?.0.parse().ok());
    let expected: Vec<usize> = (0..100).collect();
    assert_eq!(numbers.collect::<Vec<usize>>(), expected);
    assert_eq!(text.matches("--- Monday, 5 January 2026 ---").count(), 1);
}

#[tokio::test]
async fn reading_a_thread_stops_when_it_is_too_large_for_a_mail() {
    // An apostrophe takes five bytes in HTML, so about 125 messages fill the 40 MB of a mail.
    let (stack, aws) = stack_with_thread(300, "'").await;
    let agent = stack.agent("kim").await;
    let refused = agent.send_transcript("c1").await;
    refused.expect_problem(422, "transcript_too_large");
    assert!(
        (4..9).contains(&pages_read(&aws)),
        "{} of 10 pages",
        pages_read(&aws)
    );
    assert_eq!(stack.outbox().await.len(), 0);
    assert_eq!(agent.remaining("c1").await, 5);
}
