/** What the components read from the API. `infra/openapi.yaml` is the contract. */

import type { Score } from "./afterchat";

/** Who or what asked for a rating. */
export type AskedBy = "agent" | "rule";

export type Sentiment = "negative" | "neutral" | "positive";

export interface Agent {
  id: string;
  name?: string;
}

/** The members of an error response that the components use. */
export interface Problem {
  code?: string;
  detail?: string;
  field?: string;
  /** When a rating can be requested again. */
  available_at?: string;
  /** When the hour of the transcript limit ends. */
  resets_at?: string;
}

export interface Rating {
  score: Score;
  comment?: string;
  /** The ids of the chosen reasons. */
  reasons?: string[];
  rated_at: string;
  changeable_until: string;
}

/** What a visitor submits. Absent members do not change. */
export interface RatingChange {
  score?: number;
  comment?: string;
  reasons?: string[];
}

/** A reason that a visitor can choose for some scores. */
export interface Reason {
  id: string;
  label: string;
  scores: number[];
}

/** How the organisation presents itself. */
export interface Brand {
  name?: string;
  logo_url?: string;
  accent_color?: string;
}

/** Functions before version 1.3.0 send no `question`, `language` as it was recorded, and English labels. */
export interface VisitorRatingRequest {
  id: string;
  agent_name?: string;
  language?: string;
  /** The complete question. */
  question?: string;
  faces: { score: number; emoji: string; label?: string }[];
  thanks?: string;
  comment_label?: string;
  reasons?: Reason[];
  brand?: Brand;
}

/** Whether visitors can have their own conversation sent to them. */
export interface OwnTranscriptAction {
  /** `disabled` if no address of the visitor is recorded. */
  state: "enabled" | "disabled" | "hidden";
  /** The recorded address, masked. */
  to?: string;
}

export interface VisitorView {
  /** The language in which the visitor is addressed, if a transcript is offered. */
  language?: string;
  rating_request: VisitorRatingRequest | null;
  rating: Rating | null;
  /** Absent for the token of a link in an e-mail. Functions of former versions do not send it. */
  transcript?: OwnTranscriptAction;
}

export interface Conversation {
  id: string;
  channel: string;
  status: "open" | "resolved";
  visitor: { name?: string; email?: string; time_zone?: string; language?: string };
}

export interface ConversationRating {
  score: Score;
  sentiment: Sentiment;
  comment?: string;
  reasons?: string[];
}

export interface Attachment {
  name: string;
  /** Absent if the recorded URL was refused. */
  url?: string;
  bytes?: number;
}

export interface MessageEntry {
  id: string;
  at: string;
  kind: "message";
  visibility: "public" | "private";
  author: { kind: string; name?: string };
  text: string;
  attachments?: Attachment[];
  unlinked_attachments?: Attachment[];
}

interface RatingValue {
  score: Score;
  comment?: string;
  reasons?: string[];
}

/** The members of all event types. Which of them exist depends on `type`. */
export interface ThreadEvent {
  type: string;
  agent?: Agent;
  /** Who asked for a rating. Functions before the rules do not send it. */
  by?: "agent" | "rule";
  score?: Score;
  comment?: string;
  reasons?: string[];
  old?: RatingValue;
  new?: RatingValue;
  transcript_id?: string;
  to?: string;
  reason?: string;
  /** What a rule could not send: `transcript` or `rating_request`. */
  mail?: string;
}

export interface EventEntry {
  id: string;
  at: string;
  kind: "event";
  visibility: "public" | "private";
  event: ThreadEvent;
}

export type Entry = MessageEntry | EventEntry;

export interface Transcript {
  id: string;
  to: string;
  state: string;
  sent_at: string;
  reason?: string;
}

export interface Sender {
  address: string;
  name?: string;
}

export interface AskRatingAction {
  state: "enabled" | "disabled" | "hidden";
  reason?: string;
  available_at?: string;
}

export interface SendTranscriptAction {
  state: "enabled" | "disabled";
  reason?: string;
  default_to?: string;
  senders: Sender[];
  remaining: number;
  resets_at: string;
}

/** `GET /v1/conversations/{conversation_id}`. */
export interface ConversationResponse {
  conversation: Conversation;
  rating: ConversationRating | null;
  thread: { entries: Entry[]; next_cursor?: string };
  transcripts: Transcript[];
  actions: { ask_rating: AskRatingAction; send_transcript: SendTranscriptAction };
}

/** `POST /v1/conversations/{conversation_id}/transcripts/preview`. */
export interface TranscriptPreview {
  subject: string;
  text: string;
  html: string;
  /** Present if the conversation is too long for the HTML. */
  attachment?: { name: string; bytes: number };
  to: string;
  language: string;
  message_count: number;
}

/** The six counted numbers and what follows from them. `null` means that there is nothing to divide by. */
export interface Statistics {
  requests: number;
  ratings: number;
  response_rate: number | null;
  scores: Record<number, number>;
  csat: number | null;
  csat_low: number | null;
  csat_high: number | null;
  mean: number | null;
  small_sample: boolean;
}

export interface Group extends Statistics {
  key: string;
  name?: string;
}

export interface CountedSpan {
  from: string;
  to: string;
  total: Statistics;
  groups: Group[];
}

/** `GET /v1/satisfaction`. */
export interface SatisfactionResponse extends CountedSpan {
  time_zone: string;
  previous?: CountedSpan;
}

/** A change of a listed rating. */
export interface RatingChangeEntry {
  at: string;
  score: Score;
  previous_score: Score;
  previous_comment?: string;
  previous_reasons?: string[];
}

/** `GET /v1/satisfaction?group_by=reason`. Only ratings are counted by reason. */
export interface ReasonsResponse {
  groups: ReasonGroup[];
}

export type ReasonGroup = Pick<Group, "key" | "name" | "ratings" | "scores">;

export interface ListedRating {
  rating_request_id: string;
  /** `null` if the conversation was erased. */
  conversation_id: string | null;
  agent: Agent;
  channel: string;
  /** Functions before version 1.5.0 do not send it. */
  by?: AskedBy;
  score: Score;
  comment?: string;
  reasons?: string[];
  rated_at: string;
  changes: RatingChangeEntry[];
}

/** `GET /v1/ratings`. */
export interface RatingsResponse {
  ratings: ListedRating[];
  next_cursor?: string;
}

export interface SettingsReason {
  id: string;
  scores: number[];
  /** By language. */
  labels: Record<string, string>;
}

/** Which conversations a rule applies to. An absent member excludes none, except that absent channels mean the widget. */
export interface RuleConditions {
  channels?: string[];
  inboxes?: string[];
  teams?: string[];
  labels_any?: string[];
  labels_none?: string[];
  minimum_messages?: { visitor?: number; agent?: number };
  skip_resolved_by?: ("agent" | "bot" | "visitor" | "timeout")[];
  sample_percent?: number;
}

/** What happens by itself after a conversation was resolved. */
export interface ResolveRule {
  enabled?: boolean;
  after_minutes?: number;
  conditions?: RuleConditions;
}

/** When visitors are asked, and what happens to requests that they do not answer. */
export interface AskingSettings {
  on_resolve?: ResolveRule;
  mail_if_unanswered_after_hours?: number | null;
  expires_after_days?: number | null;
}

export interface TranscriptSettings {
  from?: string | null;
  sender_name?: string | null;
  on_resolve?: ResolveRule;
  visitor_may_request?: boolean;
  redact_card_numbers?: boolean;
}

/** The settings. A newer version may have stored other members. */
export interface SettingsDocument {
  default_language?: string;
  brand?: Record<string, unknown>;
  /** By language. */
  texts?: Record<string, Record<string, unknown>>;
  reasons?: SettingsReason[];
  asking?: AskingSettings & Record<string, unknown>;
  transcripts?: TranscriptSettings & Record<string, unknown>;
  [member: string]: unknown;
}

/** `GET` and `PUT /v1/settings`. */
export interface SettingsResponse {
  settings: SettingsDocument;
  version: string;
}
