"""`POST /v1/conversations/{conversation_id}/rating-requests` in Python.

It has the transaction and the responses of functions/ask-rating, one line of log and one of metrics.
It does not support the options of a server: an agent in the body, and an idempotency key.
"""

import json
import math
import os
import re
import secrets
import time
import uuid
from datetime import datetime, timedelta, timezone

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.config import Config
from botocore.exceptions import ClientError

INTERVAL = timedelta(days=7)
ID = re.compile(r"[A-Za-z0-9._:-]{1,128}")
ABSENT_OR_EXPIRED = "(attribute_not_exists(pk) OR expires_at <= :now)"
EXISTS = (
    "attribute_exists(channel) AND (attribute_not_exists(expires_at) OR expires_at > :now)"
    " AND attribute_not_exists(visitors_until)"
)
TITLES = {
    "conversation_not_found": (404, "The conversation was not found"),
    "channel_not_supported": (409, "The channel does not support ratings"),
    "rating_already_requested": (429, "A rating was already requested"),
}

table = os.environ["TABLE_NAME"]
organisation = os.environ["ORGANISATION"]
dynamodb = boto3.client(
    "dynamodb",
    config=Config(connect_timeout=1.5, read_timeout=2, retries={"mode": "standard", "max_attempts": 3}),
)
serialize = TypeSerializer().serialize
deserialize = TypeDeserializer().deserialize


def handler(event, context):
    started = time.monotonic()
    response = create_rating_request(event)
    note(event["requestContext"], response["statusCode"], (time.monotonic() - started) * 1000)
    return response


def create_rating_request(event):
    conversation = event["pathParameters"]["conversation_id"]
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    agent = {"id": claims["sub"]}
    if "name" in claims:
        agent["name"] = claims["name"]
    now = datetime.now(timezone.utc)
    request_id = event["requestContext"]["requestId"]
    if not ID.fullmatch(conversation):
        return not_found(request_id)

    rating_request = RatingRequest(conversation, agent, now)
    try:
        dynamodb.transact_write_items(ClientRequestToken=uuid.uuid4().hex, TransactItems=rating_request.writes())
    except ClientError as error:
        if error.response["Error"]["Code"] != "TransactionCanceledException":
            raise
        return rating_request.refusal(error.response["CancellationReasons"], request_id)
    body = {
        "id": rating_request.id,
        "conversation_id": conversation,
        "agent_id": agent["id"],
        "requested_at": text(now),
        "next_request_at": text(rating_request.available_at),
    }
    return http_response(201, "application/json", {"rating_request": body})


class RatingRequest:
    def __init__(self, conversation, agent, now):
        self.id = secrets.token_hex(16)
        self.conversation = conversation
        self.agent = agent
        self.now = now
        self.available_at = now.replace(microsecond=0) + INTERVAL

    def writes(self):
        pk = f"{organisation}#{self.conversation}"
        at = text(self.now)
        day = at[:10]
        entry_id = f"rating_requested/{self.id}"
        subject = {
            "organisation": organisation,
            "conversation_id": self.conversation,
            "agent_id": self.agent["id"],
            "agent_name": self.agent.get("name", ""),
            "rating_request_id": self.id,
            "transcript_id": "",
        }
        cooldown = {
            "pk": pk,
            "sk": f"ASK#{self.agent['id']}",
            "request_id": self.id,
            "expires_at": int(self.available_at.timestamp()),
        }
        request = {
            "pk": pk,
            "sk": f"REQUEST#{self.id}",
            "request_id": self.id,
            "organisation": organisation,
            "conversation_id": self.conversation,
            "agent": self.agent,
            "channel": "widget",
            "requested_at": at,
            "report_day": day,
            "ratings_of": f"{organisation}#{day}#{int(self.id[:2], 16) % 4:02}",
            "next_request_at": text(self.available_at),
            "subject": subject,
        }
        entry = {
            "pk": pk,
            "sk": f"ENTRY#{at}#{entry_id}",
            "id": entry_id,
            "at": at,
            "visibility": "private",
            "kind": "event",
            "event": {
                "type": "rating_requested",
                "rating_request_id": self.id,
                "agent": self.agent,
                "by": "agent",
            },
            "subject": subject,
            "announcement": {
                "type": "rating.requested",
                "id": entry_id,
                "at": at,
                "score": "",
                "previous_score": "",
                "sentiment": "",
                "comment": "",
                "reason": "",
                "reasons": "",
                "by": "agent",
                "round_id": "",
            },
        }
        current = {"id": self.id, "requested_at": at, "agent": self.agent}
        now = int(self.now.timestamp())
        return [
            {
                "Update": {
                    "TableName": table,
                    "Key": item({"pk": pk, "sk": "CONVERSATION"}),
                    "UpdateExpression": "SET current_request = :current, "
                    "asked_in_round = if_not_exists(round, :no_round) REMOVE expires_at",
                    "ConditionExpression": f"{EXISTS} AND (channel = :widget)",
                    "ExpressionAttributeValues": item(
                        {":current": current, ":no_round": "none", ":widget": "widget", ":now": now}
                    ),
                    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                }
            },
            {"Put": put(cooldown, ABSENT_OR_EXPIRED, {":now": now})},
            {"Put": put(request, ABSENT_OR_EXPIRED, {":now": now})},
            {"Put": put(entry)},
        ]

    def refusal(self, reasons, request_id):
        conversation, cooldown, _, _ = reasons
        if conversation["Code"] == "ConditionalCheckFailed":
            channel = conversation.get("Item", {}).get("channel")
            if channel is None:
                return not_found(request_id)
            channel = deserialize(channel)
            return problem(
                "channel_not_supported",
                "Visitors can be asked for a rating in the chat widget only.",
                request_id,
                {"channel": channel, "presentation": "hidden" if channel == "voice" else "disabled"},
            )
        if cooldown["Code"] != "ConditionalCheckFailed":
            raise RuntimeError("the transaction conflicts with another")
        available_at = int(deserialize(cooldown["Item"]["expires_at"]))
        seconds = max(0, math.ceil(available_at - self.now.timestamp()))
        return problem(
            "rating_already_requested",
            "The agent asked in this conversation within the last 7 days.",
            request_id,
            {"available_at": text(datetime.fromtimestamp(available_at, timezone.utc))},
            {
                "retry-after": str(seconds),
                "ratelimit-policy": f'"rating-requests";q=1;w={int(INTERVAL.total_seconds())}',
                "ratelimit": f'"rating-requests";r=0;t={seconds}',
            },
        )


def put(attributes, condition=None, values=None):
    write = {
        "TableName": table,
        "Item": item(attributes),
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    if condition:
        write["ConditionExpression"] = condition
        write["ExpressionAttributeValues"] = item(values)
    return write


def item(attributes):
    return {name: serialize(value) for name, value in attributes.items()}


def note(context, status, latency):
    timestamp = text(datetime.now(timezone.utc))
    log(
        timestamp=timestamp,
        level="INFO",
        message="answered" if status < 400 else "refused",
        request_id=context["requestId"],
        route=context.get("routeKey"),
        status=status,
        duration_ms=int(latency),
    )
    counted = "Asked" if status < 400 else "Refused"
    metrics = [{"Name": counted, "Unit": "Count"}, {"Name": "Latency", "Unit": "Milliseconds"}]
    directive = {
        "Namespace": os.environ.get("METRICS_NAMESPACE"),
        "Dimensions": [["FunctionName"]],
        "Metrics": metrics,
    }
    log(
        _aws={"Timestamp": int(time.time() * 1000), "CloudWatchMetrics": [directive]},
        FunctionName=os.environ.get("AWS_LAMBDA_FUNCTION_NAME"),
        level="INFO",
        timestamp=timestamp,
        **{counted: 1, "Latency": latency},
    )


def log(**line):
    print(json.dumps(line), flush=True)


def text(moment):
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def not_found(request_id):
    return problem("conversation_not_found", "The organisation has no conversation with this id.", request_id)


def problem(code, detail, request_id, members=None, headers=None):
    status, title = TITLES[code]
    body = {
        "type": f"urn:afterchat:problem:{code}",
        "title": title,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
        **(members or {}),
    }
    return http_response(status, "application/problem+json", body, headers)


def http_response(status, content_type, body, headers=None):
    return {
        "statusCode": status,
        "headers": {"cache-control": "no-store", "content-type": content_type, **(headers or {})},
        "body": json.dumps(body),
    }
