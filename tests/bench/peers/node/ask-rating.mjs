// `POST /v1/conversations/{conversation_id}/rating-requests` in Node.
//
// It has the transaction and the responses of functions/ask-rating, one line of log and one of metrics.
// It does not support the options of a server: an agent in the body, and an idempotency key.

import { randomBytes, randomUUID } from "node:crypto";

import { DynamoDBClient, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";

const INTERVAL_SECONDS = 7 * 24 * 60 * 60;
const ID = /^[A-Za-z0-9._:-]{1,128}$/;
const ABSENT_OR_EXPIRED = "(attribute_not_exists(pk) OR expires_at <= :now)";
const EXISTS =
  "attribute_exists(channel) AND (attribute_not_exists(expires_at) OR expires_at > :now)" +
  " AND attribute_not_exists(visitors_until)";
const TITLES = {
  conversation_not_found: [404, "The conversation was not found"],
  channel_not_supported: [409, "The channel does not support ratings"],
  rating_already_requested: [429, "A rating was already requested"],
};

const TableName = process.env.TABLE_NAME;
const organisation = process.env.ORGANISATION;
const dynamodb = new DynamoDBClient({ maxAttempts: 3 });

export async function handler(event) {
  const started = performance.now();
  const response = await createRatingRequest(event);
  note(event.requestContext, response.statusCode, performance.now() - started);
  return response;
}

async function createRatingRequest(event) {
  const conversation = event.pathParameters.conversation_id;
  const claims = event.requestContext.authorizer.jwt.claims;
  const agent = { id: claims.sub };
  if (claims.name !== undefined) agent.name = claims.name;
  const requestId = event.requestContext.requestId;
  if (!ID.test(conversation)) return notFound(requestId);

  const ratingRequest = new RatingRequest(conversation, agent, new Date());
  try {
    const TransactItems = ratingRequest.writes();
    await dynamodb.send(new TransactWriteItemsCommand({ ClientRequestToken: randomUUID(), TransactItems }));
  } catch (error) {
    if (error.name !== "TransactionCanceledException") throw error;
    return ratingRequest.refusal(error.CancellationReasons, requestId);
  }
  return httpResponse(201, "application/json", {
    rating_request: {
      id: ratingRequest.id,
      conversation_id: conversation,
      agent_id: agent.id,
      requested_at: ratingRequest.now.toISOString(),
      next_request_at: text(ratingRequest.availableAt),
    },
  });
}

class RatingRequest {
  constructor(conversation, agent, now) {
    this.id = randomBytes(16).toString("hex");
    this.conversation = conversation;
    this.agent = agent;
    this.now = now;
    this.availableAt = Math.floor(now / 1000) + INTERVAL_SECONDS;
  }

  writes() {
    const pk = `${organisation}#${this.conversation}`;
    const at = this.now.toISOString();
    const day = at.slice(0, 10);
    const entryId = `rating_requested/${this.id}`;
    const shard = String(parseInt(this.id.slice(0, 2), 16) % 4).padStart(2, "0");
    const subject = {
      organisation,
      conversation_id: this.conversation,
      agent_id: this.agent.id,
      agent_name: this.agent.name ?? "",
      rating_request_id: this.id,
      transcript_id: "",
    };
    const cooldown = {
      pk,
      sk: `ASK#${this.agent.id}`,
      request_id: this.id,
      expires_at: this.availableAt,
    };
    const request = {
      pk,
      sk: `REQUEST#${this.id}`,
      request_id: this.id,
      organisation,
      conversation_id: this.conversation,
      agent: this.agent,
      channel: "widget",
      requested_at: at,
      report_day: day,
      ratings_of: `${organisation}#${day}#${shard}`,
      next_request_at: text(this.availableAt),
      subject,
    };
    const entry = {
      pk,
      sk: `ENTRY#${at}#${entryId}`,
      id: entryId,
      at,
      visibility: "private",
      kind: "event",
      event: { type: "rating_requested", rating_request_id: this.id, agent: this.agent, by: "agent" },
      subject,
      announcement: {
        type: "rating.requested",
        id: entryId,
        at,
        score: "",
        previous_score: "",
        sentiment: "",
        comment: "",
        reason: "",
        reasons: "",
        by: "agent",
        round_id: "",
      },
    };
    const current = { id: this.id, requested_at: at, agent: this.agent };
    const now = Math.floor(this.now / 1000);
    return [
      {
        Update: {
          TableName,
          Key: marshall({ pk, sk: "CONVERSATION" }),
          UpdateExpression:
            "SET current_request = :current, asked_in_round = if_not_exists(round, :no_round) REMOVE expires_at",
          ConditionExpression: `${EXISTS} AND (channel = :widget)`,
          ExpressionAttributeValues: marshall({
            ":current": current,
            ":no_round": "none",
            ":widget": "widget",
            ":now": now,
          }),
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        },
      },
      { Put: put(cooldown, ABSENT_OR_EXPIRED, { ":now": now }) },
      { Put: put(request, ABSENT_OR_EXPIRED, { ":now": now }) },
      { Put: put(entry) },
    ];
  }

  refusal([conversation, cooldown], requestId) {
    if (conversation.Code === "ConditionalCheckFailed") {
      const { channel } = conversation.Item ? unmarshall(conversation.Item) : {};
      if (channel === undefined) return notFound(requestId);
      const presentation = channel === "voice" ? "hidden" : "disabled";
      const detail = "Visitors can be asked for a rating in the chat widget only.";
      return problem("channel_not_supported", detail, requestId, { channel, presentation });
    }
    if (cooldown.Code !== "ConditionalCheckFailed") throw new Error("the transaction conflicts with another");
    const { expires_at: availableAt } = unmarshall(cooldown.Item);
    const seconds = Math.max(0, Math.ceil(availableAt - this.now / 1000));
    return problem(
      "rating_already_requested",
      "The agent asked in this conversation within the last 7 days.",
      requestId,
      { available_at: text(availableAt) },
      {
        "retry-after": String(seconds),
        "ratelimit-policy": `"rating-requests";q=1;w=${INTERVAL_SECONDS}`,
        ratelimit: `"rating-requests";r=0;t=${seconds}`,
      },
    );
  }
}

function put(item, ConditionExpression, values) {
  return {
    TableName,
    Item: marshall(item),
    ConditionExpression,
    ExpressionAttributeValues: values && marshall(values),
    ReturnValuesOnConditionCheckFailure: "ALL_OLD",
  };
}

function note({ requestId, routeKey }, status, latency) {
  const timestamp = new Date().toISOString();
  const message = status < 400 ? "answered" : "refused";
  const duration = Math.floor(latency);
  console.log(
    JSON.stringify({
      timestamp,
      level: "INFO",
      message,
      request_id: requestId,
      route: routeKey,
      status,
      duration_ms: duration,
    }),
  );
  const counted = status < 400 ? "Asked" : "Refused";
  const Metrics = [
    { Name: counted, Unit: "Count" },
    { Name: "Latency", Unit: "Milliseconds" },
  ];
  const CloudWatchMetrics = [{ Namespace: process.env.METRICS_NAMESPACE, Dimensions: [["FunctionName"]], Metrics }];
  console.log(
    JSON.stringify({
      _aws: { Timestamp: Date.now(), CloudWatchMetrics },
      FunctionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      level: "INFO",
      timestamp,
      [counted]: 1,
      Latency: latency,
    }),
  );
}

function text(seconds) {
  return new Date(seconds * 1000).toISOString();
}

function notFound(requestId) {
  return problem("conversation_not_found", "The organisation has no conversation with this id.", requestId);
}

function problem(code, detail, requestId, members, headers) {
  const [status, title] = TITLES[code];
  const type = `urn:afterchat:problem:${code}`;
  const body = { type, title, status, detail, code, request_id: requestId, ...members };
  return httpResponse(status, "application/problem+json", body, headers);
}

function httpResponse(statusCode, contentType, body, headers) {
  return {
    statusCode,
    headers: { "cache-control": "no-store", "content-type": contentType, ...headers },
    body: JSON.stringify(body),
  };
}
