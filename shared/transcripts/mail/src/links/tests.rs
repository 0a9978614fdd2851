use super::*;
use crate::test_texts::for_each_text_of;

/// Returns `line` with each link in brackets, followed by its URL if that differs from its text.
fn marked(line: &str) -> String {
    let mut marked = String::new();
    let mut end = 0;
    for link in find(line) {
        let text = &line[link.range.clone()];
        marked += &format!("{}[{text}]", &line[end..link.range.start]);
        if link.href != text {
            marked += &format!("({})", link.href);
        }
        end = link.range.end;
    }
    marked + &line[end..]
}

#[track_caller]
fn check(cases: &[&str]) {
    for case in cases {
        let mut line = (*case).to_owned();
        while let Some(start) = line.find("](") {
            let end = line[start..].find(')').unwrap() + start;
            line.replace_range(start + 1..=end, "");
        }
        let line = line.replace(['[', ']'], "");
        assert_eq!(marked(&line), *case);
    }
}

#[test]
fn web_urls_and_email_addresses_are_links() {
    check(&[
        "[https://example.com]",
        "see [http://example.com/track/123?a=1&b=2#top] now",
        "[https://example.com#/order/5] [https://example.com?a=b]",
        "[http://localhost:4000/x] [http://192.0.2.1:80/] [https://a_b.example.com]",
        "[HTTPS://Example.com/A](https://Example.com/A)",
        "[www.example.com](https://www.example.com) and [WWW.example.com/a](https://WWW.example.com/a)",
        "[ana@example.org](mailto:ana@example.org)",
        "mailto:[ana.reis+shop@mail.example.co.uk](mailto:ana.reis+shop@mail.example.co.uk)",
        "[o'brien@example.com](mailto:o%27brien@example.com)",
        "[https://medium.com/@ana/a-b_c~d]",
        "[https://web.archive.org/web/2020/https://example.com/]",
    ]);
}

#[test]
fn punctuation_around_a_link_is_not_in_it() {
    check(&[
        "([https://example.com/a]).",
        "<[https://example.com/a]>, \"[https://example.com/b]\"; '[https://example.com/c]'",
        "'[https://example.com/a]','[https://example.com/b]'",
        "**[https://example.com/a]**",
        "`[https://example.com/a]`|[https://example.com/b]|",
        "[https://example.com]! [https://example.com]? [https://example.com]: [https://example.com],",
        "[https://en.example.org/wiki/Chat_(online)] ([https://en.example.org/wiki/Chat_(online)])",
        "[https://example.com/a]...",
        "<[ana@example.org](mailto:ana@example.org)>, ([ana@example.org](mailto:ana@example.org))",
        "'[ana@example.org](mailto:ana@example.org)'. to=[ana@example.org](mailto:ana@example.org)",
    ]);
    assert_eq!(
        find("[x](https://example.com/a), b").pop().unwrap().href,
        "https://example.com/a"
    );
}

#[test]
fn scripts_and_punctuation_beside_a_link_are_not_in_it() {
    check(&[
        "请访问[https://example.com]查看，或[https://example.com/a]。",
        "「[https://example.com/a]」を見て、[ana@example.org](mailto:ana@example.org)へ",
        "[https://example.com]에서",
        "ดูที่[https://example.com/a]นะ",
        "راجع [https://example.com/a]، و[https://example.com/b]؟",
        "ראו „[https://example.com/a]”, ״[https://example.com/b]״",
        "«[https://example.com/a]» “[https://example.com/b]” – [https://example.com/c]…",
        "👉[https://example.com/a]👈",
        "דוא״ל: [ana@example.org](mailto:ana@example.org)׃",
    ]);
}

#[test]
fn a_host_or_path_in_another_script_opens_the_url_that_browsers_open() {
    check(&[
        "[https://例え.jp](https://xn--r8jz45g.jp/)",
        "[https://münchen.example/straße?q=ü](https://xn--mnchen-3ya.example/stra%C3%9Fe?q=%C3%BC)",
        "[https://пример.рф/путь](https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C)",
        "[https://he.example.org/wiki/ירושלים](https://he.example.org/wiki/%D7%99%D7%A8%D7%95%D7%A9%D7%9C%D7%99%D7%9D)",
        "[https://हिन्दी.भारत](https://xn--j2bd4cyah0f.xn--h2brj9c/)",
        "[ana@münchen.example](mailto:ana@xn--mnchen-3ya.example)",
    ]);
}

#[test]
fn invisible_and_control_characters_end_a_link() {
    for mark in [
        "\u{200B}", "\u{200E}", "\u{200F}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{FEFF}",
        "\u{AD}", "\u{2060}", "\u{61C}", "\u{A0}", "\u{3000}", "\u{0}", "\u{1B}", "\t",
    ] {
        for text in ["https://example.com", "https://example.com/a"] {
            let line = format!("{mark}{text}{mark}moc.live");
            let links = find(&line);
            assert_eq!(links.len(), 1, "{line:?}");
            assert_eq!(&line[links[0].range.clone()], text, "{line:?}");
        }
    }
    for mark in ["\u{200C}", "\u{200D}"] {
        let line = format!("https://example.com/a{mark} b");
        assert_eq!(&line[find(&line)[0].range.clone()], "https://example.com/a");
    }
}

#[test]
fn text_that_looks_like_another_address_is_not_a_link() {
    for line in [
        "https://bank.example@evil.example/",
        "https://bank.example:80@evil.example",
        "https://ana:secret@evil.example",
        "https://bank.example,ana@evil.example",
        "www.bank.example@evil.example",
        "https://b\u{430}nk.example/",
        "https://bank.ex\u{430}mple",
        "https://bank.examp\u{200D}le",
        "https://bank%2eexample/",
        "http://2130706433/",
        "http://0x7f.1/",
        "ana@bank.example@evil.example",
        "ana@bank.example%40evil.example",
    ] {
        assert_eq!(find(line), [], "{line}");
    }
}

#[test]
fn other_schemes_and_invalid_addresses_are_not_links() {
    for line in [
        "javascript:alert(1)",
        "JavaScript://example.com/%0aalert(1)",
        "data:text/html,<b>",
        "ftp://example.com",
        "xhttps://example.com",
        "view+https://example.com",
        "file:///etc/passwd",
        "https://",
        "https:// example.com",
        "https:///example.com",
        "https://?a",
        "https://.example.com",
        "https://-a.example",
        "https://a..b",
        "http://[::1]/",
        "https://example.com:99999/",
        "www.",
        "www.example",
        "awww.example.com",
        "ww.example.com",
        "example.com",
        "node.js",
        "@ana",
        "ana@",
        "ana@example",
        "ana@1.2.3.4",
        "a..b@example.com",
        ".a@example.com",
        "a.@example.com",
        "müller@example.com",
        "ana?bcc=b@",
        "a/b@example.com",
        "x!ana@example.com",
        "5@1.5",
    ] {
        assert_eq!(find(line), [], "{line}");
    }
}

#[test]
fn a_quote_or_markup_in_a_url_ends_it() {
    check(&[
        "[https://example.com/]\"onclick=\"alert(1)",
        "[https://example.com/a]<script>",
        "[https://example.com]\\@evil.example",
    ]);
}

#[test]
fn a_url_of_more_than_2048_bytes_is_not_a_link() {
    for (text, scheme) in [
        ("https://example.com/", ""),
        ("http://example.com/", ""),
        ("www.example.com/", "https://"),
    ] {
        let longest = text.to_owned() + &"a".repeat(2_048 - scheme.len() - text.len());
        let link = find(&longest).pop().unwrap();
        assert_eq!(link.href, [scheme, &longest].concat());
        assert_eq!(find(&format!("{longest}a")), [], "{text}");
    }
}

#[test]
fn the_longest_text_is_searched_in_linear_time() {
    for pattern in [
        "www.a,",
        "http://",
        "a@",
        "@",
        ".",
        ":",
        "http://a@",
        "http://a:",
        "www.",
        "www.a.",
        "a.b@c.",
        "www.é",
        "https://a(",
        "https://a/(",
        "'a@b.c",
    ] {
        let time = |times: usize| {
            let line = pattern.repeat(times);
            let start = std::time::Instant::now();
            find(&line);
            start.elapsed()
        };
        assert!(
            time(32_000 / pattern.len()).as_millis() < 2_000,
            "{pattern}"
        );
    }
}

#[test]
fn only_texts_without_the_characters_of_a_link_are_skipped() {
    let parts = ["@", ":", "//", ".", "w", "WW", "é", "seven b"];
    for_each_text_of(&parts, 5, |text| {
        let is_www = text.to_ascii_lowercase().contains("www.");
        let may_contain = text.contains('@') || text.contains("://") || is_www;
        assert_eq!(may_contain_link(text), may_contain, "{text:?}");
    });
}
