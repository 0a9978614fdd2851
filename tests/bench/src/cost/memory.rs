use std::fs;

use crate::machine;

const MEMORY: &str = "MemorySize: ";

/// The memory in MB of a function in `infra/template.yaml`: its own, or that of `Globals`.
pub(super) fn of(function: &str) -> f64 {
    let path = machine::repository().join("infra/template.yaml");
    let template = fs::read_to_string(path).expect("the template exists");
    in_template(&template, function).expect("the template has the function's memory")
}

fn in_template(template: &str, function: &str) -> Option<f64> {
    let (globals, resources) = template.split_once("\nResources:\n")?;
    let code = format!("CodeUri: ../target/lambda/{function}\n");
    let (_, resource) = resources.split_once(&code)?;
    let (resource, _) = resource.split_once("\n\n").unwrap_or((resource, ""));
    let (_, memory) = resource
        .split_once(MEMORY)
        .or_else(|| globals.split_once(MEMORY))?;
    memory.lines().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_functions_own_memory_overrides_that_of_globals() {
        let template = "Globals:\n  MemorySize: 256\n\nResources:\n  A:\n    CodeUri: \
                        ../target/lambda/a\n    MemorySize: 1024\n\n  B:\n    CodeUri: \
                        ../target/lambda/b\n";
        assert_eq!(in_template(template, "a"), Some(1024.0));
        assert_eq!(in_template(template, "b"), Some(256.0));
        assert_eq!(in_template(template, "c"), None);
    }
}
