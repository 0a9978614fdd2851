use std::collections::HashMap;
use std::time::Duration;

use aws::{AwsConnection, CallPolicy, Environment, EnvironmentError, Service};
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::config::http::HttpResponse;
use aws_sdk_sesv2::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sesv2::operation::create_email_identity::CreateEmailIdentityError;
use aws_sdk_sesv2::operation::delete_email_identity::DeleteEmailIdentityError;
use aws_sdk_sesv2::types::{IdentityFilterKey, IdentityInfo, VerificationStatus};
use domain::SenderAddress;
use errors::{AwsFailure, Fault, FaultCode};
use store::Verification;
use tokio::time::Instant;

use crate::identity_names::{common_text, deciding, normalized};
use crate::throttling::{DoNotRetryThrottling, is_throttled, pause};

/// The maximum number of identities that SES lists in one page.
const PAGE_SIZE: i32 = 1_000;

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
            .retry_classifier(DoNotRetryThrottling)
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
        let names = addresses
            .iter()
            .flat_map(|address| deciding(address, self.identities.trusts_domains));
        let mut found: HashMap<String, Option<Verification>> =
            names.map(|name| (name.to_owned(), None)).collect();
        let filter = common_text(addresses, self.identities.trusts_domains).map(|text| {
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
            let mut names = deciding(address, self.identities.trusts_domains);
            let is_verified =
                names.any(|name| found.get(name) == Some(&Some(Verification::Verified)));
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

/// Returns the verification status of a listed identity. `SendingEnabled` states whether email may
/// be sent from it.
fn verification(identity: &IdentityInfo) -> Verification {
    match identity.verification_status {
        Some(VerificationStatus::Success) if identity.sending_enabled => Verification::Verified,
        Some(VerificationStatus::Failed) => Verification::Failed,
        _ => Verification::Pending,
    }
}

/// Converts a failed SES call to a fault. The code is `InternalError` if SES refused the call
/// as such, and `EmailUnavailable` otherwise.
pub(crate) fn unavailable(failure: AwsFailure) -> Fault {
    Fault::of_service(FaultCode::EmailUnavailable, failure)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
