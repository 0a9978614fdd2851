//! The same function as people would write it in Python and in Node.

use crate::binaries;
use crate::candidate::Candidate;
use crate::setting::{RIVALLED, Setting};

pub(crate) const NODE: &str = "ask-rating in Node";
pub(crate) const PYTHON: &str = "ask-rating in Python";

/// They, checked against ours.
pub(crate) struct Peers {
    pub(crate) node: Candidate,
    pub(crate) python: Candidate,
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
    let node = Candidate {
        name: NODE.to_owned(),
        command: vec!["node".into(), binaries::node().into()],
        ..ours.clone()
    }
    .with_variable("NODE_EXTRA_CA_CERTS", root)
    .with_variable("PATH", binaries::variable("PATH"));
    let (python, function) = binaries::python();
    let python = Candidate {
        name: PYTHON.to_owned(),
        command: vec![python.into()],
        ..ours.clone()
    }
    .with_arguments(["-m", "awslambdaric", "ask_rating.handler"])
    .with_variable("AWS_DEFAULT_REGION", &ours.environment["AWS_REGION"])
    .with_variable("PYTHONPATH", function.to_string_lossy());

    let (answers, written) = setting.answers_of(ours).await;
    let mut notes = Vec::new();
    for peer in [&node, &python] {
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
        python,
        notes,
    }
}
