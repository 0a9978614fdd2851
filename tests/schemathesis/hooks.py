"""Values that schemathesis cannot derive from the contract, and a count of the responses."""

import atexit
import itertools
import os
from collections import Counter
from datetime import datetime, timezone
from urllib.parse import unquote

import schemathesis
from hypothesis import strategies

PLATFORM = f"Bearer {os.environ['PLATFORM_TOKEN']}"
SENDER = "verified@example.com"
NUMBERS = itertools.count()
ERASABLE = itertools.cycle(f"erasable-{number}" for number in range(1, 9))
CONNECTIONS = itertools.cycle((("main", os.environ["CHATWOOT"]), ("removable", os.environ["REMOVABLE_CHATWOOT"])))
SIGNATURE_HEADERS = ("X-Chatwoot-Signature", "X-Chatwoot-Timestamp")
SEEDED = itertools.cycle(f"seeded-{number}" for number in range(1, 9))

reached = Counter()

# A message must not be later than the server's clock. Schemas cannot express this.
moments = strategies.datetimes(
    min_value=datetime(1970, 1, 2), max_value=datetime(2026, 1, 1), timezones=strategies.just(timezone.utc)
)
schemathesis.openapi.format("date-time", moments.map(datetime.isoformat))
schemathesis.openapi.format("time-zone", strategies.sampled_from(["Europe/Lisbon", "America/St_Johns", "UTC"]))


# These operations create their own conversations, or delete them.
OWN_CONVERSATIONS = {"recordConversation", "eraseConversation"}

TRANSCRIPTS = {"sendTranscript", "previewTranscript"}

REPORTS = {"reportSatisfaction", "listRatings"}


def is_positive(case):
    return case.meta and case.meta.generation.mode.is_positive


def operation_of(case):
    return case.operation.definition.raw["operationId"]


@schemathesis.hook
def before_call(context, case, kwargs):
    """Replaces ids in valid requests with existing ones. Otherwise nearly all responses would be 404."""
    if operation_of(case) == "deleteSender" and unquote(str(case.path_parameters.get("address"))).lower() == SENDER:
        case.path_parameters["address"] = "other@example.com"
    # Erasure is final, so it must not erase data that the other operations need.
    if operation_of(case) == "eraseConversation":
        conversation = unquote(str(case.path_parameters.get("conversation_id")))
        if is_positive(case) or conversation.startswith("seeded-") or conversation == "visited":
            case.path_parameters["conversation_id"] = next(ERASABLE)
    elif operation_of(case) == "eraseVisitor":
        email = unquote(str(case.path_parameters.get("email")))
        if is_positive(case) or email.lower() == "ana@example.org":
            case.path_parameters["email"] = "gone@example.org"
    elif operation_of(case) == "eraseVisitorByPost" and isinstance(case.body, dict):
        if is_positive(case) or str(case.body.get("email")).lower() == "ana@example.org":
            case.body["email"] = "gone@example.org"
    elif operation_of(case) == "receiveChatwootEvent":
        # A line break in a header cannot be sent.
        for name in SIGNATURE_HEADERS:
            if any(end in str(case.headers.get(name)) for end in "\r\n"):
                del case.headers[name]
    if not is_positive(case):
        return
    body = case.body if isinstance(case.body, dict) else {}
    if case.meta.phase.name.value != "stateful":
        if "conversation_id" in case.path_parameters and operation_of(case) not in OWN_CONVERSATIONS:
            case.path_parameters["conversation_id"] = next(SEEDED)
        if "rating_request_id" in case.path_parameters:
            case.path_parameters["rating_request_id"] = os.environ["RATING_REQUEST"]
    if operation_of(case) in TRANSCRIPTS and "from" in body:
        body["from"] = SENDER
        # Only the visitor can get a rating request. Schemas cannot express this.
        if body.get("ask_for_rating"):
            body.pop("to", None)
    # A span has a limit of days, and a cursor belongs to one query. Schemas cannot express this.
    if operation_of(case) in REPORTS:
        case.query.pop("cursor", None)
        case.query["from"], case.query["to"] = "2026-01-01", "2026-01-31"
    if operation_of(case) == "listSenders":
        case.query.pop("cursor", None)
    # The encoded name and the address have a common limit. Schemas cannot express this.
    for name in ("name", "sender_name"):
        if operation_of(case) in {"putSender", *TRANSCRIPTS} and isinstance(body.get(name), str):
            body[name] = body[name].strip()[:8]
    # A server must run at the URL, and a connection must exist. Schemas cannot express this.
    if operation_of(case) == "putChatwootConnection":
        case.path_parameters["connection_id"], body["url"] = next(CONNECTIONS)
        body |= {"account_id": 1, "api_access_token": os.environ["CHATWOOT_TOKEN"], "unsigned_actions": True}
        for name in ("webhook_secret", "bot_id", "renew_key"):
            body.pop(name, None)
    elif operation_of(case) == "deleteChatwootConnection":
        case.path_parameters["connection_id"] = "removable"
    elif operation_of(case) == "receiveChatwootEvent":
        case.path_parameters |= {"connection_id": "main", "key": os.environ["ACTION_KEY"]}
    if "agent" in body:
        case.headers["Authorization"] = PLATFORM
    # A key belongs to one payload, and an id must be unique in a body. Schemas cannot express this.
    if "Idempotency-Key" in case.headers:
        case.headers["Idempotency-Key"] = f"{case.headers['Idempotency-Key'][:240]}{next(NUMBERS)}"
    for number, message in enumerate(body.get("messages", [])):
        message["id"] = f"m-{number}"


@schemathesis.hook
def after_call(context, case, response):
    reached[operation_of(case), response.status_code] += 1


@atexit.register
def write_reached():
    with open(os.environ["REACHED"], "w", encoding="utf-8") as file:
        for (operation, status), times in sorted(reached.items()):
            print(operation, status, times, file=file)
