//! The same function as people would write it in Python and in Node.

use crate::binaries;
use crate::candidate::Candidate;
use crate::setting::{RIVALLED, Setting};
use crate::workload::Task;

pub(crate) const NODE: &str = "ask-rating in Node";
pub(crate) const PYTHON: &str = "ask-rating in Python";

/// The bare runtimes of both.
pub(crate) const BARE_NODE: &str = "hello in Node";
pub(crate) const BARE_PYTHON: &str = "hello in Python";

/// They, checked against ours.
pub(crate) struct Peers {
    pub(crate) node: Candidate,
    pub(crate) python: Candidate,
    /// Functions that say hello by the same runtimes, and call nobody.
    pub(crate) bare_node: Candidate,
    pub(crate) bare_python: Candidate,
    /// In what they differ, where that is no matter of their answers.
    pub(crate) notes: Vec<String>,
}

/// Installs the peers, and compares what they answer, and write, with ours: to an asking that is
/// made, to the next one, and to those for which there is no conversation, or none that can be rated.
///
/// The endpoint must be learning.
pub(crate) async fn prepare(setting: &Setting) -> Peers {
    let ours = &setting.functions[RIVALLED];
    let root = &ours.environment["AWS_CA_BUNDLE"];
    let bundles = binaries::node();
    let in_node = |name: &str, bundle: &str, task: &Task| {
        Candidate {
            name: name.to_owned(),
            command: vec!["node".into(), bundles.join(bundle).into()],
            task: task.clone(),
            ..ours.clone()
        }
        .with_variable("NODE_EXTRA_CA_CERTS", root)
        .with_variable("PATH", binaries::variable("PATH"))
    };
    let (python, functions) = binaries::python();
    let in_python = |name: &str, handler: &str, task: &Task| {
        Candidate {
            name: name.to_owned(),
            command: vec![python.clone().into()],
            task: task.clone(),
            ..ours.clone()
        }
        .with_arguments(["-m", "awslambdaric", handler])
        .with_variable("AWS_DEFAULT_REGION", &ours.environment["AWS_REGION"])
        .with_variable("PYTHONPATH", functions.to_string_lossy())
    };
    let node = in_node(NODE, "main.cjs", &ours.task);
    let python_peer = in_python(PYTHON, "ask_rating.handler", &ours.task);
    let hello = &setting.hello.task;

    let (answers, written) = setting.answers_of(ours).await;
    let mut notes = Vec::new();
    for peer in [&node, &python_peer] {
        let (theirs, their_written) = setting.answers_of(peer).await;
        assert_eq!(theirs, answers, "{} answers as ask-rating does", peer.name);
        if their_written != written {
            notes.push(format!(
                "{} writes another transaction than ask-rating:\n{their_written}\nin place of\n{written}",
                peer.name
            ));
        }
    }
    Peers {
        node,
        python: python_peer,
        bare_node: in_node(BARE_NODE, "hello.cjs", hello),
        bare_python: in_python(BARE_PYTHON, "hello.handler", hello),
        notes,
    }
}
