//! `HEAD` of the component files and of the page `/rate`.

use reqwest::Method;
use tests::{Caller, Reply, Stack};

/// The paths of the entry modules, of the modules that they import, of the page, and of a file that does not exist.
async fn files(caller: &Caller) -> Vec<String> {
    let mut files = Vec::new();
    for entry in [
        "/v1/widget.js",
        "/v1/sidebar.js",
        "/v1/report.js",
        "/v1/settings.js",
        "/v1/rate.js",
    ] {
        let module = caller.get(entry).await.expect(200);
        let imports = module.as_str().unwrap().split('"').skip(1).step_by(2);
        files.extend(imports.map(|path| path.replacen("./", "/v1/", 1)));
        files.push(entry.to_owned());
    }
    files.push("/rate".to_owned());
    files.push("/v1/assets/another-version/rating/define.js".to_owned());
    files.push("/v1/assets/any/rating/nothing.js".to_owned());
    files.sort();
    files.dedup();
    files
}

async fn send(caller: &Caller, method: Method, path: &str, headers: &[(&str, &str)]) -> Reply {
    let mut request = caller.request(method, path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let mut reply = Reply::of(request).await;
    // These headers differ in each response.
    for name in ["date", "apigw-requestid"] {
        reply.headers.remove(name);
    }
    reply
}

#[tokio::test]
async fn head_returns_the_status_and_the_headers_of_get_and_no_body() {
    let stack = Stack::start().await;
    let caller = stack.nobody();
    let files = files(&caller).await;
    assert!(files.len() > 40, "{files:?}");
    for path in &files {
        for headers in [
            &[][..],
            &[("accept-encoding", "gzip")],
            &[("origin", "https://shop.example")],
            &[("if-none-match", "*")],
        ] {
            let get = send(&caller, Method::GET, path, headers).await;
            let head = send(&caller, Method::HEAD, path, headers).await;
            assert_eq!(head.status, get.status, "{path} {headers:?}");
            assert!(head.body.is_null(), "{path}");
            if get.status == 404 {
                // The body contains the request's id, whose length varies.
                continue;
            }
            assert_eq!(head.headers, get.headers, "{path} {headers:?}");
            let has_length = head.headers.contains_key("content-length");
            assert_eq!(has_length, get.status == 200, "{path} {headers:?}");
        }
    }
}

#[tokio::test]
async fn get_and_head_return_304_for_a_current_copy() {
    let stack = Stack::start().await;
    let caller = stack.nobody();
    for path in ["/v1/widget.js", "/rate"] {
        let etag = send(&caller, Method::HEAD, path, &[])
            .await
            .header("etag")
            .to_owned();
        assert!(!etag.is_empty(), "{path}");
        for method in [Method::GET, Method::HEAD] {
            let known = [("if-none-match", etag.as_str())];
            let reply = send(&caller, method.clone(), path, &known).await;
            assert_eq!(reply.status, 304, "{method} {path}");
            let old = [("if-none-match", "W/\"0\"")];
            let reply = send(&caller, method.clone(), path, &old).await;
            assert_eq!(reply.status, 200, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn other_routes_do_not_support_head() {
    let stack = Stack::start().await;
    let platform = stack.platform().await;
    stack.conversation("c1").await;
    for path in [
        "/v1/conversations/c1",
        "/v1/senders",
        "/v1/satisfaction",
        "/v1/ratings",
        "/v1/visitor/rating-request",
        "/v1/none.js",
    ] {
        let reply = Reply::of(platform.request(Method::HEAD, path)).await;
        assert_eq!(reply.status, 404, "{path}");
    }
}
