use std::collections::BTreeSet;

use errors::{FaultCode, RefusalCode};
use tests::Contract;

#[test]
fn the_contract_lists_exactly_the_error_codes_that_functions_return() {
    let refusals = RefusalCode::ALL.iter();
    let refusals = refusals.map(|code| (code.status(), code.as_str().to_owned()));
    let faults = FaultCode::ALL.iter();
    let faults = faults.map(|code| (code.status(), code.as_str().to_owned()));
    let returned: BTreeSet<_> = refusals.chain(faults).collect();
    assert_eq!(Contract::load().problems(), returned);
}

#[test]
fn every_example_matches_its_schema() {
    assert_eq!(Contract::load().broken_examples(), [""; 0]);
}

#[test]
fn every_example_of_a_problem_has_the_title_and_type_of_its_code() {
    for example in Contract::load().example_problems() {
        let code = example["code"].as_str().unwrap();
        let refusal = RefusalCode::ALL.iter().find(|it| it.as_str() == code);
        let fault = FaultCode::ALL.iter().find(|it| it.as_str() == code);
        let title = refusal
            .map(|code| code.title())
            .or(fault.map(|code| code.title()));
        assert_eq!(example["title"].as_str(), title, "{code}");
        assert_eq!(example["type"], format!("urn:afterchat:problem:{code}"));
        if let Some(fault) = fault {
            assert_eq!(example["detail"], fault.detail());
        }
    }
}
