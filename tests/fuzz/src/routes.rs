use std::collections::BTreeMap;
use std::sync::LazyLock;

use toml::Table;

/// Contains the routes of `cargo lambda watch`, which a test compares with the template.
const WORKSPACE: &str = include_str!("../../../Cargo.toml");

/// One route and the function behind it.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) function: String,
}

/// Every route of the API.
pub(crate) static ALL: LazyLock<Vec<Route>> = LazyLock::new(read);

fn read() -> Vec<Route> {
    let workspace: Table = WORKSPACE.parse().expect("Cargo.toml is TOML");
    let metadata = &workspace["workspace"]["metadata"]["lambda"]["watch"]["router"];
    let router = metadata.as_table().expect("a router");
    let routes = router.iter().flat_map(|(path, targets)| {
        let targets = targets.as_array().expect("a list of targets").iter();
        targets.map(|target| Route {
            method: text(&target["method"]),
            path: path.clone(),
            function: text(&target["function"]),
        })
    });
    routes.collect()
}

impl Route {
    pub(crate) fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// The parameters in a decoded path. Returns `None` if the path does not match the route.
    pub(crate) fn parameters(&self, path: &str) -> Option<BTreeMap<String, String>> {
        let (wanted, given) = (self.path.split('/'), path.split('/'));
        if wanted.clone().count() != given.clone().count() {
            return None;
        }
        let mut parameters = BTreeMap::new();
        for (wanted, given) in wanted.zip(given) {
            match wanted.strip_prefix('{').and_then(|it| it.strip_suffix('}')) {
                Some(_) if given.is_empty() => return None,
                Some(name) => {
                    parameters.insert(name.to_owned(), given.to_owned());
                }
                None if wanted != given => return None,
                None => {}
            }
        }
        Some(parameters)
    }
}

fn text(value: &toml::Value) -> String {
    value.as_str().expect("text").to_owned()
}
