//! Matches requests to routes.

use std::collections::BTreeMap;

use crate::template::Route;

pub(super) struct Routes(Vec<(Vec<Segment>, Route)>);

/// A route and the values of its path parameters.
pub(super) struct Match<'a> {
    pub(super) route: &'a Route,
    /// The values, taken from the decoded path.
    pub(super) path_parameters: BTreeMap<String, String>,
}

/// One segment of a route's path. The gateway prefers them in this order.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Literal(String),
    Variable(String),
    /// `{name+}`: the rest of the path.
    Rest(String),
}

impl Route {
    /// The route key, which identifies the route in events and logs.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

impl Routes {
    pub(super) fn new(routes: &[Route]) -> Self {
        let mut routes: Vec<_> = routes
            .iter()
            .map(|route| (segments(&route.path), route.clone()))
            .collect();
        routes.sort_by(|(left, _), (right, _)| left.cmp(right));
        Self(routes)
    }

    /// The most specific route for a method and a decoded path.
    ///
    /// The path is not normalised: `..`, `//` and a trailing slash have no special meaning.
    pub(super) fn find(&self, method: &str, path: &str) -> Option<Match<'_>> {
        let asked: Vec<&str> = path.strip_prefix('/')?.split('/').collect();
        self.0
            .iter()
            .filter(|(_, route)| route.method == method || route.method == "ANY")
            .find_map(|(segments, route)| {
                Some(Match {
                    route,
                    path_parameters: captured(segments, &asked)?,
                })
            })
    }
}

fn segments(path: &str) -> Vec<Segment> {
    let parts = path.trim_start_matches('/').split('/');
    parts
        .map(|part| {
            match part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'))
            {
                Some(name) => match name.strip_suffix('+') {
                    Some(name) => Segment::Rest(name.to_owned()),
                    None => Segment::Variable(name.to_owned()),
                },
                None => Segment::Literal(part.to_owned()),
            }
        })
        .collect()
}

fn captured(segments: &[Segment], asked: &[&str]) -> Option<BTreeMap<String, String>> {
    let mut parameters = BTreeMap::new();
    let mut rest = asked.iter();
    for segment in segments {
        let part = *rest.next()?;
        match segment {
            Segment::Literal(literal) if literal == part => {}
            Segment::Literal(_) => return None,
            Segment::Variable(_) if part.is_empty() => return None,
            Segment::Variable(name) => {
                parameters.insert(name.clone(), part.to_owned());
            }
            Segment::Rest(name) => {
                let tail = std::iter::once(part).chain(rest.by_ref().copied());
                parameters.insert(name.clone(), tail.collect::<Vec<_>>().join("/"));
            }
        }
    }
    rest.next().is_none().then_some(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Routes {
        let route = |method: &str, path: &str| Route {
            method: method.to_owned(),
            path: path.to_owned(),
            function: "any".to_owned(),
            scopes: None,
        };
        Routes::new(&[
            route("GET", "/pages/{rest+}"),
            route("GET", "/senders/{address}"),
            route("GET", "/senders/all"),
            route("PUT", "/senders/{address}"),
        ])
    }

    fn found(method: &str, path: &str) -> Option<(String, BTreeMap<String, String>)> {
        let routes = routes();
        let found = routes.find(method, path)?;
        Some((found.route.key(), found.path_parameters))
    }

    fn parameter(name: &str, value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn a_path_parameter_matches_one_segment() {
        let (key, parameters) = found("PUT", "/senders/a b#%2F@c").unwrap();
        assert_eq!(key, "PUT /senders/{address}");
        assert_eq!(parameters, parameter("address", "a b#%2F@c"));
        assert_eq!(found("PUT", "/senders/a/b"), None);
    }

    #[test]
    fn a_literal_segment_has_precedence_over_a_parameter() {
        assert_eq!(found("GET", "/senders/all").unwrap().0, "GET /senders/all");
        assert_eq!(
            found("GET", "/senders/al").unwrap().0,
            "GET /senders/{address}"
        );
    }

    #[test]
    fn a_greedy_parameter_matches_the_rest_of_the_path() {
        let (_, parameters) = found("GET", "/pages/a//b").unwrap();
        assert_eq!(parameters, parameter("rest", "a//b"));
    }

    #[test]
    fn paths_are_not_normalised() {
        for path in [
            "/senders/",
            "/senders/x/",
            "//senders/x",
            "/senders//x",
            "/x/../senders/all",
        ] {
            assert_eq!(found("GET", path), None, "{path}");
        }
        assert_eq!(
            found("GET", "/senders/..").unwrap().1,
            parameter("address", "..")
        );
    }

    #[test]
    fn another_method_is_another_route() {
        assert_eq!(found("DELETE", "/senders/x"), None);
        assert_eq!(found("HEAD", "/senders/x"), None);
    }
}
