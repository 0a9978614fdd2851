//! The settings of an organisation, as one document.

use reqwest::Method;
use reqwest::header::{ETAG, IF_MATCH};
use serde_json::{Value, json};
use tests::{Caller, Reply, Stack};

const PATH: &str = "/v1/settings";

fn settings() -> Value {
    json!({
        "default_language": "pl",
        "brand": { "name": "Acme", "accent_color": "#3b2fcf" },
        "texts": { "pl": { "question": "Jak było?", "question_about": "Jak było z {agent}?" } },
        "reasons": [{ "id": "slow", "scores": [1, 2], "labels": { "en": "Slow", "pl": "Wolno" } }],
    })
}

async fn version(agent: &Caller) -> String {
    let read = agent.get(PATH).await.expect(200);
    read["version"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn before_the_first_put_the_settings_are_empty() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    let reply = agent.get(PATH).await;
    assert_eq!(reply.headers[ETAG], "\"0\"");
    assert_eq!(reply.expect(200), json!({ "settings": {}, "version": "0" }));
}

#[tokio::test]
async fn a_put_replaces_the_whole_document() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    let stored = agent.put(PATH, settings()).await.expect(200);
    assert_eq!(stored["settings"], settings());
    assert_eq!(agent.get(PATH).await.expect(200), stored);

    let replaced = agent.put(PATH, json!({})).await.expect(200);
    assert_eq!(replaced["settings"], json!({}));
    assert_ne!(replaced["version"], stored["version"]);
}

#[tokio::test]
async fn of_concurrent_puts_with_the_same_version_one_succeeds() {
    let stack = Stack::start().await;
    let agent = stack.agent("kim").await;
    agent.put(PATH, settings()).await.expect(200);
    for round in 0..3 {
        let tag = format!("\"{}\"", version(&agent).await);
        let puts = (0..20).map(|number| {
            let brand = json!({ "brand": { "name": format!("{round} {number}") } });
            let request = agent.request(Method::PUT, PATH).header(IF_MATCH, &tag);
            Reply::of(request.json(&brand))
        });
        let replies = futures_util::future::join_all(puts).await;
        let (replaced, refused): (Vec<_>, Vec<_>) =
            replies.into_iter().partition(|reply| reply.status == 200);
        assert_eq!([replaced.len(), refused.len()], [1, 19]);
        for reply in refused {
            reply.expect_problem(412, "settings_changed");
        }
        let stored = agent.get(PATH).await.expect(200);
        assert_eq!(replaced[0].body, stored);
    }
}
