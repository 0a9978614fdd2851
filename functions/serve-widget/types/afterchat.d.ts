/**
 * Types of the custom elements. Copy this file into your project: it depends on nothing else.
 * `docs/components.md` describes the elements.
 */

/** A rating from 1 (very dissatisfied) to 5 (very satisfied). */
export type Score = 1 | 2 | 3 | 4 | 5;

/** Any part of some texts, at any depth. Lists are replaced as a whole. */
export type Replacements<Texts> = {
  [Name in keyof Texts]?: Texts[Name] extends readonly unknown[] | string ? Texts[Name] : Replacements<Texts[Name]>;
};

/** The detail of `afterchat-rated`. */
export interface RatedDetail {
  score: Score;
  /** Absent if the visitor wrote no comment. */
  comment?: string;
  /** The ids of the chosen reasons. Absent if there are none. */
  reasons?: string[];
  rating_request_id: string;
}

/** The detail of `afterchat-transcript-requested`. */
export interface TranscriptRequestedDetail {
  /** The masked address, such as `a•••@example.com`. */
  to: string;
}

/** The detail of `afterchat-transcript-sent`. */
export interface TranscriptSentDetail {
  transcript: {
    id: string;
    to: string;
    from: string;
    sender_name: string;
    message_count: number;
    /** RFC 3339. */
    sent_at: string;
  };
}

/** The detail of `afterchat-conversation-opened`. */
export interface ConversationOpenedDetail {
  conversation_id: string;
  rating_request_id: string;
}

/** The detail of `afterchat-settings-saved`. */
export interface SettingsSavedDetail {
  /** The version that the API gave the settings. */
  version: string;
}

/** The detail of `afterchat-error`. */
export interface ErrorDetail {
  /** A code of the API, such as `unauthorized`; `unreachable` without a response; `unavailable` or `other`. */
  code: string;
}

/** The events that the elements dispatch. All of them bubble and leave shadow trees. */
export interface AfterchatEventMap {
  /** The visitor submitted or changed a rating. */
  "afterchat-rated": CustomEvent<RatedDetail>;
  /** The conversation was sent to the visitor, who requested it. */
  "afterchat-transcript-requested": CustomEvent<TranscriptRequestedDetail>;
  /** The agent asked for a rating. */
  "afterchat-asked": CustomEvent<null>;
  /** The agent sent a transcript. */
  "afterchat-transcript-sent": CustomEvent<TranscriptSentDetail>;
  /** A reader of the report opened a conversation. `preventDefault()` stops a link from being followed. */
  "afterchat-conversation-opened": CustomEvent<ConversationOpenedDetail>;
  /** The settings were saved. */
  "afterchat-settings-saved": CustomEvent<SettingsSavedDetail>;
  /** A request to the API failed. */
  "afterchat-error": CustomEvent<ErrorDetail>;
}

/** The attributes of `<afterchat-rating>`. */
export interface AfterchatRatingAttributes {
  /** The API's URL. Defaults to the page's origin. */
  api?: string;
  /** The visitor's token. Without it the element shows nothing. */
  token?: string;
  /** A language tag that overrides the visitor's language, the page's and the browser's. */
  lang?: string;
  /** `off` for a page that calls `refresh()` itself. */
  polling?: "off";
}

/** The attributes of `<afterchat-actions>` and `<afterchat-thread>`. Both require the first three. */
export interface AfterchatConversationAttributes {
  /** The API's URL. Defaults to the page's origin. */
  api?: string;
  /** The agent's JWT. */
  token?: string;
  /** The conversation's id. */
  conversation?: string;
  /** A language tag that overrides the page's language. */
  lang?: string;
}

/** The attributes of `<afterchat-report>`. Invalid values of `from`, `to`, `group` and `by` count as absent. */
export interface AfterchatReportAttributes {
  /** The API's URL. Defaults to the page's origin. */
  api?: string;
  /** A JWT with the scope `ratings:read`. */
  token?: string;
  /** The first day that is shown at first, such as `2026-11-01`. */
  from?: string;
  /** The last day that is shown at first. */
  to?: string;
  /** The periods that are shown at first. */
  group?: "day" | "week" | "month";
  /** The id of the agent to show at first. */
  agent?: string;
  /** The channel to show at first. */
  channel?: string;
  /** Limits the report at first to the requests by agents or by a rule. */
  by?: "agent" | "rule";
  /** The stack's time zone, which decides what day it is until the API responds. */
  "time-zone"?: string;
  /** A URL with `{conversation_id}` in it. */
  "conversation-link"?: string;
  /** A language tag that overrides the page's language. */
  lang?: string;
}

/** The attributes of `<afterchat-settings>`. */
export interface AfterchatSettingsAttributes {
  /** The API's URL. Defaults to the page's origin. */
  api?: string;
  /** A JWT with the scope `settings:write`. The preview of mails also needs `transcripts:send`. */
  token?: string;
  /** A language tag that overrides the page's language. */
  lang?: string;
}

/**
 * `<afterchat-rating>`: asks the visitor for a rating after an agent has requested one. If the settings offer it, also
 * sends visitors their own conversation.
 */
export interface AfterchatRating extends HTMLElement {
  /** Texts that replace built-in ones. */
  texts: Replacements<RatingTexts>;
  /** Checks now for a rating request. */
  refresh(): Promise<void>;
}

/** `<afterchat-actions>`: the agent's actions, "Ask for rating" and "Send transcript". */
export interface AfterchatActions extends HTMLElement {
  /** Texts that replace built-in ones. */
  texts: Replacements<SidebarTexts>;
  /** Returns the current time in milliseconds since 1970. Defaults to the browser's clock. */
  clock: () => number;
  /** Reads the conversation now. */
  refresh(): Promise<void>;
}

/** `<afterchat-thread>`: the conversation's messages and events, and its rating. */
export interface AfterchatThread extends HTMLElement {
  /** Texts that replace built-in ones. */
  texts: Replacements<SidebarTexts>;
  /** Reads the conversation now. */
  refresh(): Promise<void>;
}

/** `<afterchat-report>`: the satisfaction report. */
export interface AfterchatReport extends HTMLElement {
  /** Texts that replace built-in ones. */
  texts: Replacements<ReportTexts>;
  /** Returns the current time in milliseconds since 1970. Defaults to the browser's clock. */
  clock: () => number;
  /** Reads the report now. */
  refresh(): Promise<void>;
}

/** `<afterchat-settings>`: the page that edits the organisation's settings. */
export interface AfterchatSettings extends HTMLElement {
  /** Texts that replace built-in ones. */
  texts: Replacements<SettingsTexts>;
  /** Whether the page contains changes that are not saved. */
  readonly hasUnsavedChanges: boolean;
  /** Reads the settings now, unless there are unsaved changes. */
  refresh(): Promise<void>;
}

/** One label for each score, from 1 to 5. */
export type FaceLabels = [string, string, string, string, string];

/** A text for each plural category of the language. */
export interface PluralTexts {
  zero?: string;
  one?: string;
  two?: string;
  few?: string;
  many?: string;
  other: string;
}

/** The texts of `<afterchat-rating>`. Words in braces are placeholders. */
export interface RatingTexts {
  question: string;
  /** `{agent}` */
  questionAbout: string;
  faces: FaceLabels;
  /** `{score}`, `{label}` */
  face: string;
  saving: string;
  thanks: string;
  /** `{time}` */
  changeable: string;
  reasons: string;
  /** `{maximum}` */
  reasonsHint: string;
  /** `{maximum}` */
  reasonsFull: string;
  comment: string;
  sendComment: string;
  commentSaved: string;
  commentRemoved: string;
  changeComment: string;
  retry: string;
  transcript: {
    button: string;
    /** `{to}` */
    to: string;
    noAddress: string;
    sending: string;
    /** `{to}` */
    sent: string;
    /** An error that has no message in `problems`. */
    failed: string;
  };
  /** Messages by error code. `transcript_limit_reached`: `{time}` */
  problems: ProblemTexts;
}

/** Messages by error code. `other` is used for every other code. */
export interface ProblemTexts {
  [code: string]: string;
  other: string;
}

/** The texts of the dialog that shows the mail of a transcript. */
export interface MailPreviewTexts {
  title: string;
  to: string;
  language: string;
  subject: string;
  messages: string;
  attachment: string;
  close: string;
}

/** The texts of `<afterchat-actions>` and `<afterchat-thread>`. Words in braces are placeholders. */
export interface SidebarTexts {
  /** The language that dates and numbers are formatted for. */
  language: string;
  actions: string;
  loading: string;
  retry: string;
  ask: {
    button: string;
    asking: string;
    hint: string;
    /** @deprecated No element shows this text. */
    asked?: string;
    /** `{duration}`, `{time}` */
    availableAt: string;
    /** `{duration}`, `{time}` */
    visitorAvailableAt: string;
    /** `{channel}` */
    unsupportedChannel: string;
  };
  transcript: {
    button: string;
    to: string;
    from: string;
    senderName: string;
    send: string;
    sending: string;
    cancel: string;
    /** `{to}` */
    sent: string;
    /** `{remaining}`, `{limit}`, `{duration}`, `{time}` */
    remaining: string;
    /** `{limit}`, `{duration}`, `{time}` */
    remainingNone: string;
    noVerifiedSender: string;
    toMissing: string;
    nameMissing: string;
    note: string;
    noteHint: string;
    /** `{maximum}`, `{count}` */
    noteTooLong: string;
    preview: MailPreviewTexts & { button: string; preparing: string };
    list: string;
    /** `{to}`, `{time}` */
    listed: string;
    /** Names of the states that a transcript can have. */
    states: Record<string, string>;
  };
  /** Names of channels. */
  channels: Record<string, string>;
  /** `{time}` */
  problems: ProblemTexts;
  thread: {
    label: string;
    empty: string;
    privateNote: string;
    privateNoteHint: string;
    roles: Record<string, string>;
    someone: string;
    /** `{name}`, `{size}` */
    attachment: string;
    /** `{agent}`, `{to}`, `{face}`, `{label}`, `{oldFace}`, `{oldLabel}`, `{type}` */
    events: { [type: string]: string; other: string };
  };
  rating: {
    title: string;
    /** `{score}` */
    score: string;
    faces: FaceLabels;
    sentiments: Record<string, string>;
  };
}

/** The texts of `<afterchat-report>`. Words in braces are placeholders. */
export interface ReportTexts {
  /** The language that dates and numbers are formatted for, unless the page has a language of its own. */
  language: string;
  title: string;
  loading: string;
  retry: string;
  none: string;
  /** `{number}`, `{days}` */
  week: string;
  /** `{points}` */
  points: string;
  /** `{count}` */
  ratings: PluralTexts;
  /** `{count}` */
  requests: PluralTexts;
  small: string;
  faces: FaceLabels;
  channels: Record<string, string>;
  filters: {
    label: string;
    presets: string;
    /** `{count}` */
    days: PluralTexts;
    year: string;
    from: string;
    to: string;
    group: string;
    groups: { day: string; week: string; month: string };
    agent: string;
    allAgents: string;
    channel: string;
    allChannels: string;
    compare: string;
    /** `{span}`, `{timeZone}` */
    shown: string;
    /** `{span}` */
    against: string;
  };
  headlines: {
    label: string;
    csat: string;
    /** `{interval}` */
    interval: string;
    /** `{count}` */
    ofRatings: PluralTexts;
    responseRate: string;
    /** `{answered}`, `{count}` */
    answered: PluralTexts;
    mean: string;
    ofFive: string;
    requests: string;
    /** `{before}`, `{difference}` */
    before: string;
    beforeNone: string;
    overlap: string;
    apart: string;
    fewRatings: string;
  };
  charts: {
    csat: string;
    csatLabel: string;
    scores: string;
    scoresLabel: string;
    responseRate: string;
    responseRateLabel: string;
    hint: string;
    /** `{period}` */
    noRatings: string;
    /** `{period}`, `{csat}`, `{interval}`, `{ratings}` */
    csatPoint: string;
    /** `{csat}` */
    csatBefore: string;
    /** `{period}`, `{ratings}`, `{scores}` */
    scoresPoint: string;
    /** `{label}`, `{count}` */
    scorePart: string;
    /** `{period}`, `{rate}`, `{ratings}`, `{requests}` */
    responseRatePoint: string;
    /** `{period}` */
    noRequests: string;
    line: string;
    band: string;
    fewRatings: string;
    fewRequests: string;
    /** @deprecated No element shows this text. */
    gap?: string;
    before: string;
    answered: string;
  };
  tables: {
    show: string;
    period: string;
    agent: string;
    channel: string;
    requests: string;
    ratings: string;
    responseRate: string;
    csat: string;
    interval: string;
    before: string;
    difference: string;
    mean: string;
    sample: string;
    enough: string;
    perAgent: string;
    perChannel: string;
    /** `{title}` */
    scroll: string;
  };
  distribution: { title: string };
  reasons: {
    title: string;
    /** `{count}` */
    of: PluralTexts;
    reason: string;
    all: string;
  };
  /** The ways of asking for a rating. */
  asked: { title: string; label: string; all: string; agent: string; rule: string };
  empty: { requests: string; ratings: string; hint: string; agents: string };
  details: {
    title: string;
    close: string;
    all: string;
    scores: string;
    /** `{shown}` */
    shown: string;
    none: string;
    more: string;
    open: string;
    /** `{id}` */
    openOf: string;
    erased: string;
    /** `{agent}`, `{channel}` */
    by: string;
    /** `{agent}`, `{channel}` */
    byRule: string;
    /** `{count}` */
    changed: PluralTexts;
    /** `{time}`, `{oldFace}`, `{oldLabel}`, `{face}`, `{label}` */
    change: string;
  };
  download: {
    label: string;
    report: string;
    ratings: string;
    running: string;
    /** `{name}` */
    done: string;
  };
  notes: {
    title: string;
    /** `{timeZone}` */
    cohort: string;
    csat: string;
    small: string;
  };
  problems: ProblemTexts;
}

/** The parts of the sentence that says what a rule does. */
export interface RuleSentenceTexts {
  atOnce: string;
  /** `{count}` */
  minutes: PluralTexts;
  /** `{count}` */
  hours: PluralTexts;
  /** `{count}` */
  days: PluralTexts;
  asking: RuleActionTexts;
  transcripts: RuleActionTexts;
  /** `{action}`, `{conditions}` */
  conditional: string;
  /** `{action}` */
  unconditional: string;
  /** `{before}`, `{clause}` */
  nextClause: string;
  /** `{before}`, `{clause}` */
  lastClause: string;
  /** `{name}` */
  name: string;
  /** `{names}` */
  channels: string;
  /** `{names}` */
  inboxes: string;
  /** `{names}` */
  teams: string;
  /** `{names}` */
  labelsAny: string;
  /** `{names}` */
  labelsNone: string;
  messages: {
    /** `{count}` */
    visitor: PluralTexts;
    /** `{count}` */
    agent: PluralTexts;
  };
  /** The conversation was not resolved by this. */
  notBy: { agent: string; bot: string; visitor: string; timeout: string };
}

/** What a rule does. */
export interface RuleActionTexts {
  /** `{time}` */
  action: string;
  /** The rule applies to half of the conversations. */
  half: string;
  /** `{percent}`: the rule applies to this share. */
  share: string;
}

/** The texts of `<afterchat-settings>`. Words in braces are placeholders. */
export interface SettingsTexts {
  /** The language of these texts, which names of languages are shown in. */
  language: string;
  title: string;
  loading: string;
  retry: string;
  /** The states of the page. */
  states: { saved: string; unsaved: string; saving: string; justSaved: string; discarded: string };
  save: string;
  discard: string;
  /** Brings discarded changes back. */
  restore: string;
  /** Follows the message about a failed save. */
  kept: string;
  brand: {
    title: string;
    name: string;
    replyTo: string;
    replyToHint: string;
    logoUrl: string;
    logoHint: string;
    logoFailed: string;
    accentColor: string;
    accentHint: string;
    pickColor: string;
  };
  languages: {
    defaultLanguage: string;
    defaultHint: string;
    edited: string;
    /** `{language}` */
    withTexts: string;
    /** `{name}` in the page's language, `{ownName}` in the language itself */
    option: string;
  };
  visitorTexts: {
    title: string;
    hint: string;
    question: string;
    questionAbout: string;
    thanks: string;
    faces: string;
    /** `{score}` */
    face: string;
    comment: string;
    mailSubject: string;
    mailIntro: string;
    /** `{names}` */
    placeholders: string;
  };
  reasons: {
    title: string;
    /** `{maximum}` */
    hint: string;
    none: string;
    add: string;
    /** `{number}`: a reason without a label */
    unnamed: string;
    /** `{language}` */
    label: string;
    id: string;
    idHint: string;
    scores: string;
    /** `{reason}` */
    remove: string;
    /** `{reason}` */
    moveUp: string;
    /** `{reason}` */
    moveDown: string;
    /** `{reason}`, `{number}`, `{count}` */
    moved: string;
    /** `{reason}` */
    removed: string;
  };
  transcripts: {
    title: string;
    from: string;
    fromHint: string;
    senderName: string;
    senderNameHint: string;
    visitorMayRequest: string;
    visitorMayRequestHint: string;
    redactCardNumbers: string;
    redactCardNumbersHint: string;
    /** The rule that sends transcripts. */
    onResolve: string;
    onResolveHint: string;
    on: string;
    off: string;
  };
  asking: {
    title: string;
    /** The rule that asks for ratings. */
    onResolve: string;
    onResolveHint: string;
    mailIfUnanswered: string;
    mailIfUnansweredHint: string;
    expires: string;
    expiresHint: string;
  };
  /** The form of a rule. */
  resolveRule: {
    title: string;
    /** The sentence about a rule that is off. */
    nothing: string;
    /** `{sentence}` */
    ifEnabled: string;
    sentence: RuleSentenceTexts;
    afterMinutes: string;
    /** `{minutes}`, `{maximum}` */
    afterMinutesHint: string;
    percent: string;
    percentHint: string;
    conditions: string;
    conditionsHint: string;
    channels: string;
    channelsHint: string;
    inboxes: string;
    teams: string;
    idsHint: string;
    labelsAny: string;
    labelsNone: string;
    labelsHint: string;
    visitorMessages: string;
    agentMessages: string;
    skipResolvedBy: string;
    resolvers: { agent: string; bot: string; visitor: string; timeout: string };
  };
  mailPreview: {
    title: string;
    hint: string;
    unsaved: string;
    conversation: string;
    button: string;
    preparing: string;
    dialog: MailPreviewTexts;
    /** Messages by error code. A code that is not here has the message of the page. */
    problems: Record<string, string>;
  };
  preview: {
    title: string;
    hint: string;
    width: string;
    phone: string;
    wide: string;
    scheme: string;
    light: string;
    dark: string;
    withAgent: string;
  };
  conflict: {
    title: string;
    intro: string;
    mine: string;
    theirs: string;
    none: string;
    order: string;
    /** `{reason}` */
    reason: string;
    /** `{language}`, `{name}` */
    text: string;
    /** `{scores}` */
    offeredFor: string;
    onlyMine: string;
    onlyTheirs: string;
    both: string;
    keepMine: string;
    takeTheirs: string;
    save: string;
    back: string;
    choose: string;
  };
  unknown: {
    /** `{names}` */
    kept: string;
    refused: string;
    remove: string;
  };
  rules: {
    /** `{maximum}`, `{count}` */
    tooLong: string;
    hidden: string;
    /** `{names}` */
    placeholders: string;
    braces: string;
    email: string;
    https: string;
    color: string;
    faces: string;
    id: string;
    repeatedId: string;
    scores: string;
    label: string;
    /** `{maximum}` */
    tooManyReasons: string;
    sender: string;
    senderOfRule: string;
    senderOfMail: string;
    senderName: string;
    /** `{minimum}`, `{maximum}` */
    wholeNumber: string;
    /** `{maximum}`, `{count}` */
    tooManyEntries: string;
    /** `{maximum}`, `{count}` */
    entryTooLong: string;
    hiddenInEntry: string;
    channel: string;
  };
  /** Messages by error code. */
  problems: ProblemTexts;
}

declare global {
  interface HTMLElementTagNameMap {
    "afterchat-rating": AfterchatRating;
    "afterchat-actions": AfterchatActions;
    "afterchat-thread": AfterchatThread;
    "afterchat-report": AfterchatReport;
    "afterchat-settings": AfterchatSettings;
  }

  // The events bubble, so that a listener on the document or on any element receives them.
  interface HTMLElementEventMap extends AfterchatEventMap {}
  interface DocumentEventMap extends AfterchatEventMap {}
}
