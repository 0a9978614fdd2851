use std::collections::HashMap;
use std::time::Duration;

use aws::{AwsConnection, CallPolicy, Environment, EnvironmentError, Service};
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::http::HttpResponse;
use aws_sdk_sesv2::config::interceptors::InterceptorContext;
use aws_sdk_sesv2::config::retry::{ClassifyRetry, RetryAction};
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::create_email_identity::CreateEmailIdentityError;
use aws_sdk_sesv2::operation::delete_email_identity::DeleteEmailIdentityError;
use aws_sdk_sesv2::types::{IdentityFilterKey, IdentityInfo, VerificationStatus};
use domain::SenderAddress;
use errors::{AwsFailure, Fault, FaultCode};
use store::Verification;
use tokio::time::Instant;

/// The maximum number of identities that SES lists in one page.
const PAGE_SIZE: i32 = 1_000;

/// The minimum pause before a throttled call is retried: SES allows one call per second.
const PAUSE: Duration = Duration::from_secs(1);

/// The maximum random addition to a pause, so that two requests do not collide again.
const LONGEST_EXTRA_PAUSE_MILLISECONDS: u32 = 500;

/// The maximum time for the SES calls of a claim or a release, including the pauses between them.
/// The gateway waits 30 seconds for the whole function.
pub(crate) const TIME_FOR_CHANGES: Duration = Duration::from_secs(15);

/// The SES identities of the account.
#[derive(Clone, Debug)]
pub(crate) struct Identities {
    client: Client,
    /// Whether a verified domain verifies its addresses. This must be false if several
    /// organisations share the account: each of them could claim any address of the domain.
    trusts_domains: bool,
}

/// The SES calls of one request.
///
/// SES allows an account one call per second in a region, except for sends. A throttled call is
/// retried until the time for all calls is over.
#[derive(Debug)]
pub(crate) struct IdentityCalls<'a> {
    identities: &'a Identities,
    give_up_at: Instant,
}

/// Whether SES has an identity for an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known {
    /// There is an identity for the address, or for a domain that verifies it.
    As(Verification),
    /// There is no identity.
    Not,
}

impl Identities {
    pub(crate) fn from_environment(
        environment: &Environment,
        trusts_domains: bool,
    ) -> Result<Self, EnvironmentError> {
        let config = AwsConnection::from_environment(environment)?
            .config(Service::Ses, CallPolicy::IDEMPOTENT);
        let config = aws_sdk_sesv2::config::Builder::from(&config)
            .retry_classifier(LeaveThrottled)
            .build();
        Ok(Self {
            client: Client::from_conf(config),
            trusts_domains,
        })
    }

    /// Creates calls that give up after `time`.
    pub(crate) fn calls_within(&self, time: Duration) -> IdentityCalls<'_> {
        IdentityCalls {
            identities: self,
            give_up_at: Instant::now() + time,
        }
    }

    /// Returns the identities that decide about `address`: its own, and if domains are trusted,
    /// those of its domain and the domains above it.
    fn deciding<'a>(&self, address: &'a SenderAddress) -> impl Iterator<Item = &'a str> {
        let domains = self.trusts_domains.then(|| domains_above(address));
        std::iter::once(address.as_str()).chain(domains.into_iter().flatten())
    }

    /// Returns a text that the names of all identities that decide about `addresses` contain, if
    /// there is one. It limits the listing, because an account can have 10,000 identities.
    fn common_text<'a>(&self, addresses: &[&'a SenderAddress]) -> Option<&'a str> {
        match addresses {
            [address] if !self.trusts_domains => Some(address.as_str()),
            [first, others @ ..] => {
                let text = last_two_labels(first.domain());
                others
                    .iter()
                    .all(|other| last_two_labels(other.domain()) == text)
                    .then_some(text)
            }
            [] => None,
        }
    }
}

impl IdentityCalls<'_> {
    /// Whether there is time left for one more call.
    pub(crate) fn have_time(&self) -> bool {
        Instant::now() < self.give_up_at
    }

    /// Whether SES has an identity for each of `addresses`, in their order.
    ///
    /// One list covers an address and its domains. A `GetEmailIdentity` call for each would take
    /// one second per call.
    pub(crate) async fn look_up(
        &self,
        addresses: &[&SenderAddress],
    ) -> Result<Vec<Known>, AwsFailure> {
        let deciding = addresses
            .iter()
            .flat_map(|address| self.identities.deciding(address));
        let mut found: HashMap<String, Option<Verification>> =
            deciding.map(|name| (name.to_owned(), None)).collect();
        let filter = self.identities.common_text(addresses).map(|text| {
            HashMap::from([(IdentityFilterKey::IdentityNameContains, text.to_owned())])
        });
        let mut next_token = None;
        loop {
            let list = self
                .identities
                .client
                .list_email_identities()
                .set_filter(filter.clone())
                .page_size(PAGE_SIZE)
                .set_next_token(next_token);
            let page = self
                .repeat_throttled(|| list.clone().send())
                .await
                .map_err(|error| AwsFailure::new("ses:ListEmailIdentities", &error))?;
            for identity in page.email_identities.unwrap_or_default() {
                let name = normalized(identity.identity_name.as_deref().unwrap_or_default());
                if let Some(place) = found.get_mut(&name) {
                    *place = Some(verification(&identity));
                }
            }
            next_token = page.next_token.filter(|token| !token.is_empty());
            if next_token.is_none() {
                break;
            }
        }
        let known = addresses.iter().map(|address| {
            let mut deciding = self.identities.deciding(address);
            let is_verified =
                deciding.any(|name| found.get(name) == Some(&Some(Verification::Verified)));
            if is_verified {
                return Known::As(Verification::Verified);
            }
            let own = found.get(address.as_str()).copied().flatten();
            own.map_or(Known::Not, Known::As)
        });
        Ok(known.collect())
    }

    /// Creates an identity for `address`. SES then emails its owner a confirmation link.
    pub(crate) async fn create(&self, address: &SenderAddress) -> Result<(), AwsFailure> {
        let create = self
            .identities
            .client
            .create_email_identity()
            .email_identity(address.as_str());
        match self.repeat_throttled(|| create.clone().send()).await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                // The identity exists after the SDK's retry of a call whose reply was lost, or
                // after another request at the same moment.
                Some(CreateEmailIdentityError::AlreadyExistsException(_)) => Ok(()),
                _ => Err(AwsFailure::new("ses:CreateEmailIdentity", &error)),
            },
        }
    }

    /// Deletes the identity of `address`, if there is one.
    pub(crate) async fn delete(&self, address: &SenderAddress) -> Result<(), AwsFailure> {
        let delete = self
            .identities
            .client
            .delete_email_identity()
            .email_identity(address.as_str());
        match self.repeat_throttled(|| delete.clone().send()).await {
            Ok(_) => Ok(()),
            Err(error) => match error.as_service_error() {
                Some(DeleteEmailIdentityError::NotFoundException(_)) => Ok(()),
                _ => Err(AwsFailure::new("ses:DeleteEmailIdentity", &error)),
            },
        }
    }

    /// Calls SES, and retries after a pause of more than a second each time that SES throttles the
    /// call.
    async fn repeat_throttled<T, E, F>(
        &self,
        call: impl Fn() -> F,
    ) -> Result<T, SdkError<E, HttpResponse>>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata,
    {
        loop {
            let outcome = call().await;
            let pause = pause();
            match outcome {
                Err(error) if is_throttled(&error) && Instant::now() + pause < self.give_up_at => {
                    tokio::time::sleep(pause).await;
                }
                outcome => return outcome,
            }
        }
    }
}

/// Prevents the SDK from retrying a throttled call within milliseconds, because SES would throttle
/// it again.
#[derive(Debug)]
struct LeaveThrottled;

impl ClassifyRetry for LeaveThrottled {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        match context.response() {
            Some(response) if response.status().as_u16() == 429 => RetryAction::RetryForbidden,
            _ => RetryAction::NoActionIndicated,
        }
    }

    fn name(&self) -> &'static str {
        "Throttled calls to SES"
    }
}

fn is_throttled<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    let code = error
        .as_service_error()
        .and_then(ProvideErrorMetadata::code);
    matches!(
        code,
        Some("TooManyRequestsException" | "ThrottlingException" | "Throttling")
    )
}

fn pause() -> Duration {
    let random = getrandom::u32().unwrap_or_default() % LONGEST_EXTRA_PAUSE_MILLISECONDS;
    PAUSE + Duration::from_millis(random.into())
}

/// Returns the verification status of a listed identity. `SendingEnabled` states whether email may
/// be sent from it.
fn verification(identity: &IdentityInfo) -> Verification {
    match identity.verification_status {
        Some(VerificationStatus::Success) if identity.sending_enabled => Verification::Verified,
        Some(VerificationStatus::Failed) => Verification::Failed,
        _ => Verification::Pending,
    }
}

/// Returns the name of an identity with its domain in lower case.
fn normalized(name: &str) -> String {
    match name.rsplit_once('@') {
        Some((local, domain)) => format!("{local}@{}", domain.to_ascii_lowercase()),
        None => name.to_ascii_lowercase(),
    }
}

/// Returns the domain of `address` and those above it, except the top level. SES allows a verified
/// domain to send for all domains below it.
fn domains_above(address: &SenderAddress) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(address.domain()), |domain| {
        domain.split_once('.').map(|(_, above)| above)
    })
    .take_while(|domain| domain.contains('.'))
}

/// Returns `example.com` for `mail.shop.example.com`.
fn last_two_labels(domain: &str) -> &str {
    let mut dots = domain.rmatch_indices('.').map(|(place, _)| place);
    let before = dots.nth(1);
    before
        .and_then(|dot| domain.get(dot + 1..))
        .unwrap_or(domain)
}

/// Converts a failed SES call to a fault. The code is `InternalError` if SES refused the call
/// as such, and `EmailUnavailable` otherwise.
pub(crate) fn unavailable(failure: AwsFailure) -> Fault {
    let code = if failure.is_permanent() {
        FaultCode::InternalError
    } else {
        FaultCode::EmailUnavailable
    };
    Fault::of_aws(code, failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> SenderAddress {
        SenderAddress::parse(text).unwrap()
    }

    fn identities(trusts_domains: bool) -> Identities {
        let environment = Environment::from_variables(
            [
                ("AWS_REGION", "us-east-1"),
                ("AWS_ACCESS_KEY_ID", "key"),
                ("AWS_SECRET_ACCESS_KEY", "secret"),
            ]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        );
        Identities::from_environment(&environment, trusts_domains).unwrap()
    }

    #[test]
    fn an_address_is_decided_by_its_identity_and_each_domain_above_it() {
        let address = address("a@mail.shop.example.com");
        let deciding = |trusts_domains| -> Vec<String> {
            let identities = identities(trusts_domains);
            identities.deciding(&address).map(str::to_owned).collect()
        };
        assert_eq!(
            deciding(true),
            [
                "a@mail.shop.example.com",
                "mail.shop.example.com",
                "shop.example.com",
                "example.com"
            ]
        );
        assert_eq!(deciding(false), ["a@mail.shop.example.com"]);
    }

    #[test]
    fn every_identity_that_decides_has_the_text_that_is_listed() {
        let several = ["a@mail.example.com", "b@example.com"].map(address);
        let elsewhere = address("a@example.net");
        for trusts_domains in [true, false] {
            let identities = identities(trusts_domains);
            for addresses in [vec![&several[0]], several.iter().collect()] {
                let text = identities.common_text(&addresses).unwrap();
                for address in &addresses {
                    let mut deciding = identities.deciding(address);
                    assert!(deciding.all(|name| name.contains(text)), "{text}");
                }
            }
            assert_eq!(identities.common_text(&[&several[0], &elsewhere]), None);
        }
    }

    #[test]
    fn only_a_confirmed_identity_that_may_send_is_verified() {
        for (status, may_send, expected) in [
            (VerificationStatus::Success, true, Verification::Verified),
            (VerificationStatus::Success, false, Verification::Pending),
            // The domain enables sending, but nobody confirmed the address.
            (VerificationStatus::Pending, true, Verification::Pending),
            (VerificationStatus::Failed, false, Verification::Failed),
            (VerificationStatus::NotStarted, false, Verification::Pending),
            (
                VerificationStatus::TemporaryFailure,
                false,
                Verification::Pending,
            ),
        ] {
            let identity = IdentityInfo::builder()
                .verification_status(status.clone())
                .sending_enabled(may_send)
                .build();
            assert_eq!(verification(&identity), expected, "{status} {may_send}");
        }
    }

    #[test]
    fn a_pause_is_longer_than_the_second_that_ses_asks_for() {
        for _ in 0..100 {
            assert!((PAUSE..PAUSE * 3 / 2).contains(&pause()));
        }
    }
}
