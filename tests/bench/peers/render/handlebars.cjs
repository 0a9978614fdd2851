// A transcript's e-mail by Handlebars: the same mail as the function's, from the same thread.
//
//     node handlebars.cjs MESSAGES TIME_ZONE REPEATS OUTPUT
//
// reads a thread of one JSON object on each line, and writes the mail REPEATS times. It prints the time
// of each and the peak memory, and stores the last mail in the folder OUTPUT.
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const handlebars = require('handlebars');

const BODY_LIMIT = 90_000;
const FALLBACKS = { visitor: 'Visitor', agent: 'Agent', bot: 'Bot', system: 'System' };
const CONTROLS = /[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]/g;
const LINE_BREAKS = /\r\n|[\r\x0b\x0c\x85\u2028\u2029]/g;
const RIGHT_TO_LEFT = /[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]/;
const UNITS = ['kB', 'MB', 'GB'];
const NUMBERS = new Intl.NumberFormat('en-GB');

handlebars.registerHelper('afterBlank', (text) =>
  RIGHT_TO_LEFT.test(text) ? `\u2068 ${text} \u2069` : ` ${text}`,
);
// The attribute of a right-to-left text. In the thread, only texts of one line are right-to-left.
handlebars.registerHelper('direction', (text) => {
  if (!RIGHT_TO_LEFT.test(text)) return '';
  const first = text.match(/\p{L}/u)?.[0] ?? 'a';
  return new handlebars.SafeString(` dir="${RIGHT_TO_LEFT.test(first) ? 'rtl' : 'ltr'}"`);
});

const compile = (name, options) =>
  handlebars.compile(fs.readFileSync(path.join(__dirname, name), 'utf8').trimEnd(), options);
const pageTemplate = compile('page.hbs');
const messagesTemplate = handlebars.compile(
  fs.readFileSync(path.join(__dirname, 'messages.hbs'), 'utf8'),
);
const textTemplate = compile('text.hbs', { noEscape: true });

const clean = (text) => text.replace(LINE_BREAKS, '\n').replace(CONTROLS, '');
const cleanLine = (text) => clean(text).split(/\s+/).filter(Boolean).join(' ');

function fileSize(bytes) {
  if (bytes === undefined) return null;
  let size = bytes;
  let unit;
  for (unit of UNITS) {
    size /= 1000;
    if (size < 999.5) break;
  }
  return `${size < 9.95 ? size.toFixed(1) : size.toFixed(0)} ${unit}`;
}

const showFile = (file) => ({
  name: cleanLine(file.name) || 'file without a name',
  link: file.url.startsWith('https://') ? file.url : null,
  size: fileSize(file.bytes),
});

/** The calendar of a time zone: formatters are costly to make and are made once. */
function calendarOf(timeZone) {
  const format = (options) => new Intl.DateTimeFormat('en-GB', { timeZone, ...options });
  const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const date = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const weekday = format({ weekday: 'long' });
  const offset = format({ timeZoneName: 'shortOffset' });
  return {
    time: (at) => clock.format(at),
    date: (at) => date.format(at),
    weekday: (at) => weekday.format(at),
    offset: (at) =>
      offset.formatToParts(at).find(({ type }) => type === 'timeZoneName').value.replace(/^GMT(\+0)?/, 'UTC'),
  };
}

function showMessage(message, calendar) {
  const { author } = message;
  const text = clean(message.text);
  return {
    at: message.sentAt,
    time: calendar.time(message.sentAt),
    author: cleanLine(author.name ?? '') || FALLBACKS[author.kind],
    kind: author.kind,
    text,
    lines: text === '' ? [] : text.split('\n'),
    files: (message.attachments ?? []).map(showFile),
  };
}

function showDays(thread, calendar) {
  const days = [];
  for (const message of thread) {
    const sentAt = new Date(message.at);
    const date = calendar.date(sentAt);
    let day = days.at(-1);
    if (day?.date !== date) {
      day = { date, heading: `${calendar.weekday(sentAt)}, ${date}`, messages: [] };
      days.push(day);
    }
    day.messages.push(showMessage({ ...message, sentAt }, calendar));
  }
  days.forEach((day) => tellOffsets(day, calendar));
  return days;
}

/** On a day on which the clocks change each time has its offset. */
function tellOffsets(day, calendar) {
  const noon = day.messages[0].at.getTime();
  const offsets = [-26, 26].map((hours) => calendar.offset(new Date(noon + hours * 3_600_000)));
  if (offsets[0] === offsets[1]) return;
  if (!changesClocks(day, calendar)) return;
  for (const message of day.messages) message.time += ` (${calendar.offset(message.at)})`;
}

function changesClocks(day, calendar) {
  const hour = 3_600_000;
  let start = Math.floor(day.messages[0].at.getTime() / hour) * hour;
  while (calendar.date(new Date(start - 1)) === day.date) start -= hour / 4;
  let end = start;
  while (calendar.date(new Date(end)) === day.date) end += hour / 4;
  return calendar.offset(new Date(start)) !== calendar.offset(new Date(end - 1));
}

/** As many of the latest messages as fit, with the heading of the first one's day. */
function shorten(messages, frameSize) {
  const encoded = Buffer.from(messages);
  let [shown, start, heading] = [0, 0, null];
  for (let place = encoded.length; ; ) {
    place = encoded.lastIndexOf('<div class="message ', place - 1);
    if (place < 0) break;
    const headingStart = encoded.lastIndexOf('<h2>', place);
    const candidate = encoded.subarray(headingStart, encoded.indexOf('\n', headingStart) + 1);
    if (frameSize + candidate.length + encoded.length - place >= BODY_LIMIT) break;
    [shown, start, heading] = [shown + 1, place, candidate];
  }
  return [shown, heading.toString() + encoded.subarray(start).toString()];
}

function writeMail(thread, zone) {
  const title = 'Your conversation with Acme';
  const days = showDays(thread, calendarOf(zone));
  const [first, last, total] = [days[0].date, days.at(-1).date, thread.length];
  const span = first === last ? `on ${first}.` : `from ${first} to ${last}.`;
  const counted = (count) => NUMBERS.format(count);
  const summary = `${counted(total)} messages ${span} Times are in the time zone ${zone}.`;

  const text = textTemplate({ title, summary, days });
  const messages = messagesTemplate({ days });
  const whole = pageTemplate({ title, summary, messages });
  if (Buffer.byteLength(whole) < BODY_LIMIT) return { text, html: whole };

  const note = (shown) =>
    `This e-mail shows the latest ${counted(shown)} of ${counted(total)} messages. The whole conversation is attached as transcript.html.`;
  const frame = pageTemplate({ title, summary, note: note(total), messages: '' });
  const [shown, latest] = shorten(messages, Buffer.byteLength(frame));
  const html = pageTemplate({ title, summary, note: note(shown), messages: latest });
  return { text, html, attachment: whole };
}

function memoryMb(name) {
  const line = fs.readFileSync('/proc/self/status', 'utf8').match(new RegExp(`^${name}:\\s+(\\d+)`, 'm'));
  return Number(line[1]) / 1000;
}

const [source, zone, repeats, output] = process.argv.slice(2);
const lines = fs.readFileSync(source, 'utf8').trimEnd().split('\n');
const thread = lines.map((line) => JSON.parse(line));
const ms = [];
let mail;
for (let repeat = 0; repeat < Number(repeats); repeat += 1) {
  const start = performance.now();
  mail = writeMail(thread, zone);
  ms.push(performance.now() - start);
}
console.log(JSON.stringify({ ms, peak_mb: memoryMb('VmHWM') }));
for (const [part, content] of Object.entries(mail)) {
  fs.writeFileSync(path.join(output, part), content);
}
