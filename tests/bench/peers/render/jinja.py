"""A transcript's e-mail by Jinja2: the same mail as the function's, from the same thread.

    jinja.py MESSAGES TIME_ZONE REPEATS OUTPUT

reads a thread of one JSON object on each line, and writes the mail REPEATS times. It prints the time
of each and the peak memory, and stores the last mail in the folder OUTPUT.
"""

import json
import pathlib
import re
import sys
import time
from datetime import datetime, time as clock_time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

BODY_LIMIT = 90_000
FALLBACKS = {"visitor": "Visitor", "agent": "Agent", "bot": "Bot", "system": "System"}
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc]")
UNITS = ["kB", "MB", "GB"]

here = pathlib.Path(__file__).parent
loader = FileSystemLoader(here)


def after_blank(text):
    return f"\u2068 {text} \u2069" if RIGHT_TO_LEFT.search(text) else f" {text}"


def direction(text):
    """The attribute of a right-to-left text. In the thread, only texts of one line are right-to-left."""
    if not RIGHT_TO_LEFT.search(text):
        return ""
    first = next((letter for letter in text if letter.isalpha()), "a")
    return Markup(' dir="rtl"' if RIGHT_TO_LEFT.search(first) else ' dir="ltr"')


pages = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
texts = Environment(loader=loader)
pages.filters["direction"] = direction
texts.filters["after_blank"] = after_blank
page_template = pages.get_template("page.jinja.html")
page_template.environment.keep_trailing_newline = False
messages_template = pages.get_template("messages.jinja.html")
text_template = texts.get_template("text.jinja.txt")


def clean(text):
    return CONTROLS.sub("", LINE_BREAKS.sub("\n", text))


def clean_line(text):
    return " ".join(clean(text).split())


def file_size(count):
    if count is None:
        return None
    size = float(count)
    for unit in UNITS:
        size /= 1000
        if size < 999.5:
            break
    return f"{size:.1f} {unit}" if size < 9.95 else f"{size:.0f} {unit}"


def show_file(file):
    url = file["url"]
    return {
        "name": clean_line(file["name"]) or "file without a name",
        "link": url if url.startswith("https://") else None,
        "size": file_size(file.get("bytes")),
    }


def offset_name(offset):
    minutes = int(offset.total_seconds()) // 60
    sign = "-" if minutes < 0 else "+"
    hours, rest = divmod(abs(minutes), 60)
    if not hours and not rest:
        return "UTC"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def changes_clocks(date, zone):
    start = datetime.combine(date, clock_time(), zone)
    end = datetime.combine(date + timedelta(days=1), clock_time(), zone)
    return start.utcoffset() != end.utcoffset()


def show_message(message, at, is_changed):
    author = message["author"]
    time_of_day = at.strftime("%H:%M")
    text = clean(message["text"])
    return {
        "time": f"{time_of_day} ({offset_name(at.utcoffset())})" if is_changed else time_of_day,
        "author": clean_line(author.get("name", "")) or FALLBACKS[author["kind"]],
        "kind": author["kind"],
        "text": text,
        "lines": text.split("\n") if text else [],
        "files": [show_file(file) for file in message.get("attachments", [])],
    }


def show_days(thread, zone):
    local = [(datetime.fromisoformat(it["at"]).astimezone(zone), it) for it in thread]
    days = []
    for date, messages in groupby(local, key=lambda it: it[0].date()):
        is_changed = changes_clocks(date, zone)
        days.append(
            {
                "date": f"{date.day} {date:%B %Y}",
                "heading": f"{date:%A}, {date.day} {date:%B %Y}",
                "messages": [show_message(it, at, is_changed) for at, it in messages],
            }
        )
    return days


def shorten(whole_messages, frame_size):
    """The latest messages that fit, after the heading of the first one's day."""
    encoded = whole_messages.encode()
    shown, start, heading = 0, None, b""
    place = len(encoded)
    while (place := encoded.rfind(b'<div class="message ', 0, place)) >= 0:
        heading_start = encoded.rfind(b"<h2>", 0, place)
        candidate = encoded[heading_start : encoded.index(b"\n", heading_start) + 1]
        if frame_size + len(candidate) + len(encoded) - place >= BODY_LIMIT:
            break
        shown, start, heading = shown + 1, place, candidate
    return shown, (heading + encoded[start:]).decode()


def write_mail(thread, zone_name):
    title = "Your conversation with Acme"
    days = show_days(thread, ZoneInfo(zone_name))
    first, last, total = days[0]["date"], days[-1]["date"], len(thread)
    span = f"on {first}." if first == last else f"from {first} to {last}."
    summary = f"{total:,} messages {span} Times are in the time zone {zone_name}."

    text = text_template.render(title=title, summary=summary, days=days)
    messages = messages_template.render(days=days)
    whole = page_template.render(title=title, summary=summary, note=None, messages=messages)
    if len(whole.encode()) < BODY_LIMIT:
        return {"text": text, "html": whole, "attachment": None}

    def note(shown):
        latest = f"{shown:,} of {total:,} messages"
        return f"This e-mail shows the latest {latest}. The whole conversation is attached as transcript.html."

    frame = page_template.render(title=title, summary=summary, note=note(total), messages="")
    shown, latest = shorten(messages, len(frame.encode()))
    body = page_template.render(title=title, summary=summary, note=note(shown), messages=latest)
    return {"text": text, "html": body, "attachment": whole}


def memory_mb(name):
    for line in pathlib.Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1000
    raise KeyError(name)


def main():
    source, zone_name, repeats, output = sys.argv[1:]
    with open(source, encoding="utf-8") as lines:
        thread = [json.loads(line) for line in lines]
    milliseconds = []
    for _ in range(int(repeats)):
        start = time.perf_counter()
        mail = write_mail(thread, zone_name)
        milliseconds.append((time.perf_counter() - start) * 1000)
    print(json.dumps({"ms": milliseconds, "peak_mb": memory_mb("VmHWM")}))
    for part, content in mail.items():
        if content is not None:
            (pathlib.Path(output) / part).write_text(content, encoding="utf-8", newline="")


main()
