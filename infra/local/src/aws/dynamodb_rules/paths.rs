//! Paths to values.

/// A part of a path to a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Element<'a> {
    Attribute(&'a str),
    Index(&'a str),
}

/// Two paths must not be equal, and one must not be a prefix of the other. They also must not use
/// the same value both as a map and as a list.
pub(super) fn check_overlaps(paths: &[Vec<Element<'_>>]) -> Result<(), String> {
    for (place, one) in paths.iter().enumerate() {
        for other in paths.iter().skip(place + 1) {
            let mut pairs = one
                .iter()
                .zip(other)
                .skip_while(|(one, other)| one == other);
            let problem = match pairs.next() {
                None => "overlap",
                Some((Element::Attribute(_), Element::Index(_)))
                | Some((Element::Index(_), Element::Attribute(_))) => "conflict",
                Some(_) => continue,
            };
            return Err(format!(
                "Two document paths {problem} with each other; must remove or rewrite one of these \
                 paths; path one: {one:?}, path two: {other:?}"
            ));
        }
    }
    Ok(())
}
