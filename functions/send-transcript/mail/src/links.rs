//! Links in what people wrote: `https` and `http` URLs, names that begin with `www.`, and e-mail
//! addresses.
//!
//! A link's text is where the link leads. So what can look like another address is no link: a URL
//! with user information, a host that mixes scripts, a number that stands for a host. Blanks,
//! invisible characters and punctuation other than ASCII end a link.

use std::ops::Range;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Host, Url};

/// A longer URL is no link: browsers and mail servers cut or refuse it.
const LONGEST_URL: usize = 2_048;

/// What a `mailto` URL can carry of a local part as it is (RFC 6068, section 2).
const KEPT_IN_MAILTO: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'.')
    .remove(b'_')
    .remove(b'+')
    .remove(b'-');

/// A link, and the text that it is in its line.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// Where its text is.
    pub(crate) range: Range<usize>,
    /// Where it leads: a URL of ASCII that begins with `https://`, `http://` or `mailto:`.
    pub(crate) href: String,
}

/// The links in `line`, in their order.
pub(crate) fn find(line: &str) -> Vec<Link> {
    let mut links = Vec::new();
    // Most lines have none.
    if !line.bytes().any(|byte| matches!(byte, b'@' | b':' | b'.')) {
        return links;
    }
    let mut start = 0;
    for word in line.split_inclusive(ends_word) {
        find_in_word(word.trim_end_matches(ends_word), start, &mut links);
        start += word.len();
    }
    links
}

/// Whether a reader could take `line` for a link, even if it is none.
pub(crate) fn is_like_link(line: &str) -> bool {
    let is_www = |word: &[u8]| word.eq_ignore_ascii_case(b"www.");
    line.contains("://") || line.as_bytes().windows(4).any(is_www) || !find(line).is_empty()
}

/// Whether `character` is drawn as nothing and joins nothing, such as a direction mark.
pub(crate) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'
            | '\u{200E}'
            | '\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}'
    )
}

/// Adds the links in `word`, which begins at `offset`.
fn find_in_word(word: &str, offset: usize, links: &mut Vec<Link>) {
    let mut from = 0;
    for (place, _) in word.match_indices(['@', ':', '.']) {
        if place < from {
            continue;
        }
        let found = match word.as_bytes().get(place) {
            Some(b'@') => address(word, from, place),
            Some(b':') => url(word, from, place),
            _ => web_name(word, from, place),
        };
        match found {
            Found::Link { range, href } => {
                from = range.end;
                let range = range.start + offset..range.end + offset;
                links.push(Link { range, href });
            }
            Found::Nothing => {}
            Found::Deception => return,
        }
    }
}

/// What begins, or goes on, at one place of a word.
enum Found {
    Link {
        range: Range<usize>,
        href: String,
    },
    Nothing,
    /// The word looks like another address than the one that a browser would read in it.
    Deception,
}

/// The URL whose scheme ends at the colon at `place`.
fn url(word: &str, from: usize, place: usize) -> Found {
    let (before, rest) = word.split_at(place);
    let scheme = ["https", "http"].into_iter().find(|scheme| {
        let start = place.checked_sub(scheme.len());
        start
            .and_then(|start| before.get(start..))
            .is_some_and(|it| it.eq_ignore_ascii_case(scheme))
    });
    let (Some(scheme), Some(authority)) = (scheme, rest.strip_prefix("://")) else {
        return Found::Nothing;
    };
    let start = place - scheme.len();
    let last = word
        .get(from..start)
        .and_then(|before| before.chars().next_back());
    if start < from || last.is_some_and(|it| it.is_ascii_alphanumeric() || "+-.".contains(it)) {
        return Found::Nothing;
    }
    located(authority, 1, last, |length| {
        let range = start..place + 3 + length;
        (range, format!("{scheme}://"))
    })
}

/// The URL without a scheme whose `www` ends at the dot at `place`.
fn web_name(word: &str, from: usize, place: usize) -> Found {
    let start = place.checked_sub(3).filter(|start| *start >= from);
    let Some((before, name)) = start.and_then(|start| word.split_at_checked(start)) else {
        return Found::Nothing;
    };
    let is_www = name
        .get(..4)
        .is_some_and(|it| it.eq_ignore_ascii_case("www."));
    let last = before.chars().next_back();
    if !is_www || last.is_some_and(|it| it.is_ascii_alphanumeric() || "+-._@/:".contains(it)) {
        return Found::Nothing;
    }
    let start = before.len();
    located(name, 3, last, |length| {
        (start..start + length, "https://".to_owned())
    })
}

/// The URL that begins with `authority`, whose host has at least `labels` labels. `link` makes its
/// range and its scheme of its length, and `before` is the character in front of it.
fn located(
    authority: &str,
    labels: usize,
    before: Option<char>,
    link: impl FnOnce(usize) -> (Range<usize>, String),
) -> Found {
    let is_past_end = |(place, it): &(usize, char)| *place > LONGEST_URL || "/?#".contains(*it);
    let end = authority.char_indices().find(is_past_end);
    let end = end.map_or(authority.len(), |(place, _)| place);
    if end > LONGEST_URL || authority.get(..end).is_some_and(|it| it.contains('@')) {
        return Found::Deception;
    }
    let Some(host) = host(authority).filter(|host| host.split('.').count() >= labels) else {
        return Found::Nothing;
    };
    let mut length = host.len();
    let after = |length: usize| authority.get(length..).unwrap_or_default();
    if let Some(port) = after(length).strip_prefix(':') {
        let digits = port.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            length += 1 + digits;
        } else if port.starts_with('/') {
            return Found::Nothing;
        }
    }
    match after(length).chars().next() {
        Some('/' | '?' | '#') => length += tail(after(length), before),
        // A browser would read more of the host in it.
        Some('%') => return Found::Deception,
        _ => {}
    }
    let Some(text) = authority
        .get(..length)
        .filter(|text| text.len() <= LONGEST_URL)
    else {
        return Found::Deception;
    };
    let (range, scheme) = link(length);
    let href = scheme + text;
    let Some(url) = Url::parse(&href).ok() else {
        return Found::Nothing;
    };
    let is_shown_host = |it: &str| !host.is_ascii() || it.eq_ignore_ascii_case(host);
    if !url.host_str().is_some_and(is_shown_host) {
        return Found::Deception;
    }
    // What is ASCII stays as it was written; the rest is as browsers send it.
    let href = if href.is_ascii() { href } else { url.into() };
    Found::Link { range, href }
}

/// The e-mail address around the `@` at `place`.
fn address(word: &str, from: usize, place: usize) -> Found {
    let (Some(before), Some(after)) = (word.get(from..place), word.get(place + 1..)) else {
        return Found::Nothing;
    };
    let is_local = |it: char| it.is_ascii_alphanumeric() || "._+-'".contains(it);
    let local = before.rfind(|it| !is_local(it));
    let local = local.map_or(before, |last| {
        let next = before.get(last..).and_then(|it| it.chars().next());
        before
            .get(last + next.map_or(0, char::len_utf8)..)
            .unwrap_or_default()
    });
    let local = local.trim_start_matches('\'');
    let first = before
        .strip_suffix(local)
        .and_then(|it| it.chars().next_back());
    let is_whole = first.is_none_or(|it| "'*=:,;()[]{}".contains(it) || is_unspaced(it));
    let is_local_part = (1..=64).contains(&local.len())
        && !local.starts_with(['.', '-', '+'])
        && !local.ends_with('.')
        && !local.contains("..");
    if !is_whole || !is_local_part {
        return Found::Nothing;
    }
    let Some(domain) = host(after).filter(|domain| is_domain(domain)) else {
        return Found::Nothing;
    };
    if after
        .get(domain.len()..)
        .is_some_and(|it| it.starts_with(['@', '%']))
    {
        return Found::Deception;
    }
    let Ok(Host::Domain(ascii)) = Host::parse(domain) else {
        return Found::Nothing;
    };
    let ascii = if domain.is_ascii() { domain } else { &ascii };
    let local_in_url = utf8_percent_encode(local, KEPT_IN_MAILTO);
    Found::Link {
        range: place - local.len()..place + 1 + domain.len(),
        href: format!("mailto:{local_in_url}@{ascii}"),
    }
}

/// Whether `host` has a dot, and a top-level domain that is no number.
fn is_domain(host: &str) -> bool {
    let top = host.rsplit_once('.').map(|(_, top)| top);
    top.is_some_and(|top| {
        let is_name = top.len() >= 2 && top.bytes().all(|byte| byte.is_ascii_alphabetic());
        is_name || top.starts_with("xn--") || !top.is_ascii()
    })
}

/// The name or IPv4 address of a host at the beginning of `text`.
fn host(text: &str) -> Option<&str> {
    let is_in_host =
        |it: char| it.is_ascii_alphanumeric() || "-._".contains(it) || is_word_character(it);
    let end = text.find(|it| !is_in_host(it)).unwrap_or(text.len());
    let host = text.get(..end)?.trim_end_matches(['.', '-', '_']);
    // In a script without blanks the sentence can go on right behind the host.
    let top = host.rfind('.').map_or(0, |dot| dot + 1);
    let (others, top) = host.split_at_checked(top)?;
    let top = match top.find(is_unspaced) {
        Some(end) if top.starts_with(|it: char| it.is_ascii_alphanumeric()) => top.get(..end)?,
        _ => top,
    };
    let host = text.get(..others.len() + top.len())?;
    host.split('.').all(is_label).then_some(host)
}

fn is_label(label: &str) -> bool {
    let has_latin = label.contains(|it: char| it.is_ascii_alphabetic());
    let has_other = label.contains(|it| is_word_character(it) && !is_latin(it) && !is_unspaced(it));
    !label.is_empty()
        && !label.starts_with('-')
        && !label.ends_with('-')
        // A letter of another script can look like a Latin one.
        && !(has_latin && has_other)
}

/// How many bytes of `text` are path, query and fragment of a URL that follows on `before`.
fn tail(text: &str, before: Option<char>) -> usize {
    const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
    let mut open = [0_usize; BRACKETS.len()];
    let mut end = 0;
    for (place, character) in text.char_indices() {
        let is_quote = character == '\'' && before == Some('\'');
        if is_quote || is_unspaced(character) {
            break;
        }
        let mut can_be_last = !".,:;!?'*\u{200C}\u{200D}".contains(character);
        for ((opening, closing), open) in BRACKETS.into_iter().zip(&mut open) {
            if character == opening {
                *open += 1;
                can_be_last = false;
            } else if character == closing {
                let Some(still_open) = open.checked_sub(1) else {
                    return end;
                };
                *open = still_open;
            }
        }
        if can_be_last {
            end = place + character.len_utf8();
        }
    }
    end
}

/// Whether `character` can be in no URL, so that links end before it.
fn ends_word(character: char) -> bool {
    if character.is_ascii() {
        !character.is_ascii_graphic() || "\"<>\\`|".contains(character)
    } else {
        !is_word_character(character)
    }
}

/// Whether `character`, which is not ASCII, is a letter, a digit or a part of one.
fn is_word_character(character: char) -> bool {
    !character.is_ascii()
        && (character.is_alphanumeric()
            || matches!(
                character,
                // Marks that are written over letters or between them.
                '\u{300}'..='\u{36F}'
                    | '\u{64B}'..='\u{65F}'
                    | '\u{93C}'
                    | '\u{94D}'
                    | '\u{9BC}'
                    | '\u{9CD}'
                    | '\u{A3C}'
                    | '\u{A4D}'
                    | '\u{ABC}'
                    | '\u{ACD}'
                    | '\u{B3C}'
                    | '\u{B4D}'
                    | '\u{BCD}'
                    | '\u{C4D}'
                    | '\u{CBC}'
                    | '\u{CCD}'
                    | '\u{D4D}'
                    | '\u{DCA}'
                    | '\u{200C}'
                    | '\u{200D}'
            ))
}

/// Whether `character` is Latin, but not ASCII.
fn is_latin(character: char) -> bool {
    matches!(character, '\u{AA}' | '\u{BA}' | '\u{C0}'..='\u{24F}' | '\u{300}'..='\u{36F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Whether `character` is of a script that puts no blanks between words, or, as Korean does, puts
/// particles right behind them: Thai, Lao, Tibetan, Burmese, Hangul, Khmer, kana, Han.
fn is_unspaced(character: char) -> bool {
    matches!(
        character,
        '\u{E00}'..='\u{109F}'
            | '\u{1100}'..='\u{11FF}'
            | '\u{1780}'..='\u{17FF}'
            | '\u{2E80}'..='\u{A4CF}'
            | '\u{A960}'..='\u{A97F}'
            | '\u{AC00}'..='\u{D7FF}'
            | '\u{F900}'..='\u{FAFF}'
            | '\u{FF00}'..='\u{FFEF}'
            | '\u{1B000}'..='\u{1B2FF}'
            | '\u{20000}'..='\u{3FFFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `line` with each link in brackets, and behind it where it leads, if that is not its text.
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
            let line = line.replace('[', "").replace(']', "");
            assert_eq!(marked(&line), *case);
        }
    }

    #[test]
    fn urls_of_the_web_and_addresses_are_links() {
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
    fn a_name_or_a_path_in_another_script_leads_where_browsers_go() {
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
    fn what_looks_like_another_address_is_no_link() {
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
    fn other_schemes_and_what_is_no_address_are_no_links() {
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
    fn a_url_of_more_than_2048_bytes_is_no_link() {
        let url = |length: usize| format!("https://example.com/{}", "a".repeat(length - 20));
        assert_eq!(find(&url(2_048)).len(), 1);
        assert_eq!(find(&url(2_057)), []);
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
}
