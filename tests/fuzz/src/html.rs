//! The checks of a mail's HTML.

/// Whether some mail program ends a line at this character, or changes the direction of the text
/// around it.
pub fn is_unfit(character: char) -> bool {
    let is_override = matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}' | '\u{2067}');
    is_override
        || matches!(character, '\u{2028}' | '\u{2029}')
        || character.is_control() && !matches!(character, '\n' | '\t')
}

/// Checks that all tags are from the templates and are closed, that every link has the target that its
/// text shows, and that the text between tags is escaped.
pub fn check_html(html: &str) {
    assert!(!html.contains(is_unfit));
    let (head, body) = html.split_once("<body>\n").expect("one head");
    assert_eq!(head.matches("<title>").count(), 1);
    assert_eq!(head.matches('<').count(), 14, "{head}");
    // These two are opened before the text that is checked.
    let mut open = vec!["html", "body"];
    let mut href = "";
    let mut rest = body;
    while let Some(start) = rest.find('<') {
        check_escaped(&rest[..start]);
        let end = start + rest[start..].find('>').expect("a whole tag");
        let tag = &rest[start + 1..end];
        check_tag(tag);
        match tag.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name), "{html}"),
            None if tag == "br" => {}
            None => open.push(tag.split(' ').next().unwrap_or_default()),
        }
        if tag == "/a" {
            check_link(href, &rest[..start]);
        } else if let Some((_, attribute)) = tag.split_once("href=\"") {
            href = attribute.split('"').next().unwrap_or_default();
        }
        rest = &rest[end + 1..];
    }
    assert_eq!(open, [] as [&str; 0]);
    check_escaped(rest);
}

/// Checks a link. Its text may differ from its URL only if it is a face or a file's name that is no URL.
fn check_link(href: &str, text: &str) {
    if href.starts_with("mailto:") {
        assert!(text.contains('@') && !text.contains("://"), "{text:?}");
        return;
    }
    let lower = text.to_lowercase();
    if lower.contains("://") || lower.starts_with("www.") {
        let host = |url: &str| {
            let url = url
                .find("://")
                .filter(|end| *end <= 5)
                .map_or(url, |end| &url[end + 3..]);
            url.split(['/', '?', '#'])
                .next()
                .unwrap_or_default()
                .to_lowercase()
        };
        let is_the_same = host(href) == host(text) || !host(text).is_ascii();
        assert!(is_the_same, "{text:?} leads to {href:?}");
    }
}

fn check_tag(tag: &str) {
    let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
    let is_known = match name.trim_start_matches('/') {
        "h1" | "h2" | "br" | "body" | "html" | "tr" => attributes.is_empty(),
        "table" => {
            let faces = "class=\"faces\" role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" width=\"100%\"";
            attributes.is_empty() || attributes == faces
        }
        "td" => {
            let face = "align=\"center\" valign=\"top\" width=\"20%\"";
            attributes.is_empty() || attributes == face
        }
        "p" => [
            "",
            "class=\"by\"",
            "class=\"file\"",
            "class=\"intro\"",
            "class=\"intro\" dir=\"ltr\"",
            "class=\"intro\" dir=\"rtl\"",
            "class=\"note\" role=\"note\"",
            "class=\"summary\"",
            "class=\"text\"",
            "class=\"text\" dir=\"ltr\"",
            "class=\"text\" dir=\"rtl\"",
        ]
        .contains(&attributes),
        "b" => ["", "dir=\"ltr\"", "dir=\"rtl\""].contains(&attributes),
        "span" => [
            "",
            "dir=\"ltr\"",
            "dir=\"rtl\"",
            "aria-hidden=\"true\" style=\"font-size:32px\"",
        ]
        .contains(&attributes),
        "div" => {
            let kinds = ["visitor", "agent", "bot", "system"];
            attributes.is_empty()
                || attributes == "class=\"agent-note\""
                || attributes.starts_with("role=\"article\" ")
                || kinds
                    .iter()
                    .any(|kind| attributes == format!("class=\"message {kind}\""))
        }
        "a" => attributes.is_empty() || is_safe_link(attributes),
        _ => false,
    };
    assert!(is_known, "<{tag}>");
}

fn is_safe_link(attributes: &str) -> bool {
    let attributes = attributes
        .strip_prefix("class=\"face\" ")
        .unwrap_or(attributes);
    let Some((link, rest)) = attributes
        .strip_prefix("href=\"")
        .and_then(|rest| rest.split_once('"'))
    else {
        return false;
    };
    let schemes = ["https://", "http://", "mailto:"];
    let is_allowed = schemes.iter().any(|scheme| link.starts_with(scheme));
    check_escaped(link);
    assert!(link.is_ascii() && !link.contains(|it: char| it.is_ascii_control()));
    let rest = rest
        .strip_prefix(" rel=\"noopener noreferrer nofollow\"")
        .unwrap_or(rest);
    is_allowed && matches!(rest, "" | " dir=\"ltr\"" | " dir=\"rtl\"")
}

fn check_escaped(text: &str) {
    assert!(
        !text.contains(['<', '"', '\'']) || text.trim().is_empty(),
        "{text:?}"
    );
    for (index, _) in text.match_indices('&') {
        let entity = text[index + 1..].split(';').next().unwrap_or_default();
        let digits = entity.strip_prefix('#').unwrap_or_default();
        assert!(
            !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit()),
            "{text:?}"
        );
    }
}
