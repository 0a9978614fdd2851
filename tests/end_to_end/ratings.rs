//! `GET /v1/ratings`: the ratings that the report counts.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use tests::{AwsError, FaultInjection, SeededRequest, Stack, rating_ids};

const SPAN: &str = "from=2026-11-01&to=2026-11-30";

/// 300 requests on 10 days, most of them answered, with all scores, three agents, two channels and
/// many first answers at the same time.
fn history() -> Vec<SeededRequest> {
    (0..300_u16)
        .map(|number| {
            let (day, minute) = (1 + number % 10, number / 10 % 3);
            let at = format!("2026-11-{day:02}T09:{minute:02}:00.000Z");
            let agent = ["jo", "kim", "lu"][usize::from(number) * 7 % 3];
            let request = SeededRequest::new(&format!("r{number:03}"), &at, agent);
            let request = match number % 4 {
                0 => request.on_channel("messenger"),
                _ => request,
            };
            match number % 7 {
                0 => request,
                1 => request.rated_at(1, "2026-11-12T12:00:00.000Z"),
                kind => request.rated(u8::try_from(kind).unwrap().min(5)),
            }
        })
        .collect()
}

#[tokio::test]
async fn a_rating_is_listed_with_all_its_fields() {
    let stack = Stack::start().await;
    let requested_at = "2026-11-02T09:00:00.000Z";
    let request = SeededRequest::new("r1", requested_at, "jo").with_agent_name("Jo Okafor");
    stack
        .seed(&[request.rated(4).with_comment("Quick and kind")])
        .await;
    let agent = stack.agent("kim").await;
    let listed = agent.get(&format!("/v1/ratings?{SPAN}")).await.expect(200);
    assert_eq!(
        listed,
        json!({ "ratings": [{
            "rating_request_id": "r1",
            "conversation_id": "r1",
            "agent": { "id": "jo", "name": "Jo Okafor" },
            "channel": "widget",
            "by": "agent",
            "requested_at": requested_at,
            "score": 4,
            "sentiment": "positive",
            "comment": "Quick and kind",
            "rated_at": "2026-11-02T09:01:00.000Z",
            "changes": [],
        }] })
    );
}

#[tokio::test]
async fn ratings_are_listed_by_day_of_request_and_then_by_first_answer_newest_first() {
    let stack = Stack::start().await;
    let request = |id: &str, at: &str, rated_at: &str| {
        let request = SeededRequest::new(id, &format!("2026-11-{at}:00.000Z"), "jo");
        request.rated_at(3, &format!("2026-11-{rated_at}:00.000Z"))
    };
    stack
        .seed(&[
            // Requested on the earlier day, and answered last.
            request("old", "01T09:00", "09T09:00"),
            request("late", "02T09:00", "02T12:00"),
            request("early", "02T10:00", "02T11:00"),
            request("b", "02T11:00", "02T11:30"),
            request("a", "02T11:00", "02T11:30"),
        ])
        .await;
    let agent = stack.agent("jo").await;
    for limit in 1..=5 {
        let listed = agent.list_ratings(SPAN, limit).await;
        assert_eq!(
            rating_ids(&listed),
            ["late", "b", "a", "early", "old"],
            "{limit}"
        );
    }
}

#[tokio::test]
async fn each_count_in_the_report_equals_the_number_of_listed_ratings() {
    let stack = Stack::start().await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    for filter in [
        "",
        "&agent=jo",
        "&channel=messenger",
        "&agent=kim&channel=widget",
    ] {
        for span in [SPAN, "from=2026-11-03&to=2026-11-03"] {
            let path = format!("/v1/satisfaction?{span}{filter}");
            let total = agent.get(&path).await.expect(200)["total"].take();
            assert!(total["ratings"].as_u64() > Some(0));
            let mut of_sentiments = 0;
            for (score, count) in total["scores"].as_object().unwrap() {
                let query = format!("{span}{filter}&score={score}");
                let listed = agent.list_ratings(&query, 7).await;
                assert_eq!(json!(listed.len()), *count, "{query}");
            }
            for (sentiment, scores) in [
                ("negative", &["1", "2"][..]),
                ("neutral", &["3"]),
                ("positive", &["4", "5"]),
            ] {
                let query = format!("{span}{filter}&sentiment={sentiment}");
                let listed = agent.list_ratings(&query, 40).await.len();
                let counted = scores
                    .iter()
                    .map(|it| total["scores"][*it].as_u64().unwrap());
                assert_eq!(listed as u64, counted.sum::<u64>(), "{query}");
                of_sentiments += listed;
            }
            assert_eq!(json!(of_sentiments), total["ratings"]);
        }
    }
    let contradiction = format!("{SPAN}&score=1&sentiment=positive");
    assert_eq!(
        agent.list_ratings(&contradiction, 10).await,
        [Value::Null; 0]
    );
}

#[tokio::test]
async fn pages_of_any_size_list_each_rating_once_in_the_same_order() {
    let stack = Stack::start().await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    let whole = agent.list_ratings(SPAN, 1_000).await;
    let answered = history().into_iter().filter(|it| it.answer.is_some());
    assert_eq!(whole.len(), answered.count());
    let distinct: BTreeSet<_> = rating_ids(&whole).into_iter().collect();
    assert_eq!(distinct.len(), whole.len());
    for limit in [3, 25, 26, 256, 257, 258] {
        let listed = agent.list_ratings(SPAN, limit).await;
        assert_eq!(rating_ids(&listed), rating_ids(&whole), "{limit}");
    }
}

#[tokio::test]
async fn ratings_added_while_pages_are_read_neither_duplicate_nor_hide_others() {
    let stack = Stack::start().await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    let before = agent.list_ratings(SPAN, 1_000).await;
    let mut listed: Vec<Value> = Vec::new();
    let mut cursor = String::new();
    for page in 0.. {
        let path = format!("/v1/ratings?{SPAN}&limit=20{cursor}");
        let mut body = agent.get(&path).await.expect(200);
        listed.append(body["ratings"].as_array_mut().unwrap());
        let Some(next) = body.get("next_cursor") else {
            break;
        };
        cursor = format!("&cursor={}", next.as_str().unwrap());
        // Newer and older than all others, and on the day that is being read. They are in the index
        // before they are counted, which is possible in AWS, too.
        for (place, at) in [
            ("new", "20T09:00"),
            ("middle", "05T09:00"),
            ("old", "01T09:00"),
        ] {
            let id = format!("{place}-{page}");
            let at = format!("2026-11-{at}:00.000Z");
            let request =
                SeededRequest::new(&id, &at, "jo").rated_at(2, "2026-11-05T09:01:00.000Z");
            stack.seed_uncounted(&request).await;
        }
    }
    let listed = rating_ids(&listed);
    let distinct: BTreeSet<_> = listed.iter().collect();
    assert_eq!(distinct.len(), listed.len(), "a rating is listed twice");
    let existing: Vec<_> = listed
        .into_iter()
        .filter(|id| id.starts_with('r'))
        .collect();
    assert_eq!(existing, rating_ids(&before));
}

#[tokio::test]
async fn a_cursor_is_accepted_only_by_the_query_that_returned_it() {
    let stack = Stack::start_with_organisations().await;
    stack.seed_in("one", &history()).await;
    stack.seed_in("two", &history()).await;
    let agent = stack.agent_of("one", "jo").await;
    let path = format!("/v1/ratings?{SPAN}&agent=jo&limit=5");
    let first = agent.get(&path).await.expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    // A cursor does not depend on the page size.
    let path = format!("/v1/ratings?{SPAN}&agent=jo&limit=6&cursor={cursor}");
    agent.get(&path).await.expect(200);

    let stranger = stack.agent_of("two", "jo").await;
    let same = format!("{SPAN}&agent=jo");
    let broken = [&cursor[1..], &cursor[..cursor.len() - 4], "", "AAAA", "%23"];
    let broken = broken.map(|cursor| format!("{same}&cursor={cursor}"));
    let others = [
        "&agent=kim",
        "",
        "&agent=jo&score=5",
        "&agent=jo&channel=widget",
    ];
    let others = others.map(|other| format!("{SPAN}{other}&cursor={cursor}"));
    let mut queries: Vec<_> = broken
        .into_iter()
        .chain(others)
        .map(|it| (&agent, it))
        .collect();
    queries.push((
        &agent,
        format!("from=2026-11-02&to=2026-11-30&agent=jo&cursor={cursor}"),
    ));
    queries.push((&stranger, format!("{same}&cursor={cursor}")));
    for (caller, query) in queries {
        let reply = caller.get(&format!("/v1/ratings?{query}")).await;
        let problem = reply.expect_problem(422, "invalid_request");
        assert_eq!(problem["field"], "cursor", "{query}");
    }
}

#[tokio::test]
async fn days_with_few_ratings_produce_short_pages_without_losing_ratings() {
    let stack = Stack::start().await;
    let first: jiff::civil::Date = "2026-01-01".parse().unwrap();
    let requests: Vec<_> = (0..150)
        .map(|number| {
            let day = first + jiff::Span::new().days(number * 2);
            let at = format!("{day}T09:00:00.000Z");
            SeededRequest::new(&format!("r{number:03}"), &at, "jo").rated(5)
        })
        .collect();
    stack.seed(&requests).await;
    let agent = stack.agent("jo").await;
    let year = "from=2026-01-01&to=2026-12-31";
    let path = format!("/v1/ratings?{year}&limit=100");
    let page = agent.get(&path).await.expect(200);
    assert!(page["ratings"].as_array().unwrap().len() < 100);
    assert!(page["next_cursor"].is_string());
    let listed = agent.list_ratings(year, 100).await;
    assert_eq!(listed.len(), 150);
    assert!(rating_ids(&listed).is_sorted_by(|one, next| one > next));
}

#[tokio::test]
async fn a_page_of_one_day_takes_five_round_trips() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    let path = format!("/v1/ratings?{SPAN}&limit=10");
    let (page, trips) = aws.round_trips(agent.get(&path)).await;
    assert_eq!(page.expect(200)["ratings"].as_array().unwrap().len(), 10);
    // Three for the counts, one for the index and one for the requests.
    assert_eq!(trips, 5);
}

#[tokio::test]
async fn unprocessed_keys_of_a_batch_are_requested_again() {
    let (stack, aws) = Stack::start_behind_proxy(Stack::options()).await;
    stack.seed(&history()).await;
    let agent = stack.agent("jo").await;
    let path = format!("/v1/ratings?{SPAN}&limit=10");
    let whole = agent.get(&path).await.expect(200);
    aws.inject(
        2,
        |call| call.is("dynamodb:BatchGetItem"),
        FaultInjection::Refuse(AwsError::Unprocessed),
    );
    assert_eq!(agent.get(&path).await.expect(200), whole);
}

#[tokio::test]
async fn an_erased_conversations_rating_is_still_listed_without_its_comments() {
    let stack = Stack::start().await;
    let now = stack.now().await;
    let visitor = stack.conversation("c1").await;
    let agent = stack.agent("kim").await;
    let request = agent.ask_for_id("c1").await;
    for score in [2, 4] {
        let answer = json!({ "score": score, "comment": format!("It is {score}") });
        visitor.rate(&request, answer).await.expect_success();
    }
    // A counted rating of that day, because days without counts are not searched.
    stack
        .seed(&[SeededRequest::new("other", &now, "jo").rated(1)])
        .await;
    let day = &now[..10];
    let query = format!("from={day}&to={day}");
    let of_kim = |ratings: Vec<Value>| -> Value {
        let mut of_kim = ratings.into_iter().filter(|it| it["agent"]["id"] == "kim");
        of_kim.next().expect("the rating is listed")
    };

    let rating = of_kim(agent.list_ratings(&query, 10).await);
    assert_eq!(rating["conversation_id"], "c1");
    assert_eq!(
        (&rating["score"], &rating["comment"]),
        (&json!(4), &json!("It is 4"))
    );
    let [change] = rating["changes"].as_array().unwrap().as_slice() else {
        panic!("one change is expected: {rating}");
    };
    assert!(change["at"].as_str() >= rating["rated_at"].as_str());
    assert_eq!(
        (&change["score"], &change["comment"]),
        (&json!(4), &json!("It is 4"))
    );
    let before = (&change["previous_score"], &change["previous_comment"]);
    assert_eq!(before, (&json!(2), &json!("It is 2")));

    agent.delete("/v1/conversations/c1").await.expect(200);
    let rating = of_kim(agent.list_ratings(&query, 10).await);
    assert_eq!(rating["conversation_id"], Value::Null);
    assert_eq!(rating["score"], 4);
    assert_eq!(rating["changes"][0]["previous_score"], 2);
    assert_eq!(rating["rating_request_id"], request);
    assert!(!rating.to_string().contains("It is"), "{rating}");
}
