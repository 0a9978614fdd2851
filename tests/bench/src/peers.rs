//! The same function in Python and in Node.

use crate::binaries;
use crate::candidate::Candidate;
use crate::setup::{COMPARED_FUNCTION, Setup};
use crate::workload::Task;

pub(crate) const NODE: &str = "ask-rating in Node";
pub(crate) const PYTHON: &str = "ask-rating in Python";

/// The bare runtimes of both.
pub(crate) const BARE_NODE: &str = "hello in Node";
pub(crate) const BARE_PYTHON: &str = "hello in Python";

/// The peers, after a comparison of their responses with the function's.
pub(crate) struct Peers {
    pub(crate) node: Candidate,
    pub(crate) python: Candidate,
    /// Functions with the same runtimes and without calls to AWS.
    pub(crate) bare_node: Candidate,
    pub(crate) bare_python: Candidate,
    /// Differences of their transactions.
    pub(crate) notes: Vec<String>,
}

/// Installs the peers, and compares their responses and transactions with the function's: a new rating
/// request, its repeat, one in an unknown conversation, and one on another channel.
///
/// The endpoint must be recording.
///
/// # Panics
/// If a response differs.
pub(crate) async fn prepare(setup: &Setup) -> Peers {
    let ours = &setup.functions[COMPARED_FUNCTION];
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
    let hello = &setup.hello.task;

    let (responses, written) = setup.responses_of(ours).await;
    let mut notes = Vec::new();
    for peer in [&node, &python_peer] {
        let (theirs, their_written) = setup.responses_of(peer).await;
        assert_eq!(
            theirs, responses,
            "the responses of {} differ from ask-rating's",
            peer.name
        );
        if their_written != written {
            notes.push(format!(
                "{} writes another transaction than ask-rating:\n{their_written}\ninstead of\n{written}",
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
