#!/usr/bin/env python3
"""Shows letters in Chromium as a telephone and a desk show them, light and dark, and says what is wrong with how they look.
usage: look.py [--pictures DIR] LETTER…   LETTER is a NAME.html with its NAME.txt beside it, or a mail
Pictures: NAME-WIDTH-light.png …, for eyes. Exit 0 all is well, 1 findings, 77 no browser."""
import email, email.policy, os, re, sys, urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import browser

WIDTHS = (375, 800)
FINGER = 40  # CSS pixels
# The answers that people give most to letters of such names: all of one of the sets must be offered. Of any other, two at least.
COMMON = {
    "approval": ({"ok", "ok except"}, {"1 ok"}),
    "digest": ({"status", "pause"},),
    "receipt": ({"undo", "status"}, {"status", "help"}),
    "outcome": ({"undo"}, {"status", "help"}),
    "plan": ({"yes"}, {"ok"}, {"status", "help"}),
    "checklist": ({"ready"}, {"status"}),
    "trouble": (set(),),  # to the operator, who has the command line
}

# Pages to print and keep, with plots and no answers; only how they fit and read is judged.
PAGES = ("report", "sceptic", "transcript")

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "measure.js")) as script:
    MEASURE = script.read()


class Letter:
    def __init__(self, path):
        self.name = os.path.splitext(os.path.basename(path))[0]
        self.reply_to = None
        if path.endswith(".html"):
            self.html = open(path, encoding="utf-8").read()
            head, self.text = open(path[:-5] + ".txt", encoding="utf-8").read().split("\n", 1)
            self.subject = head.removeprefix("Subject: ")
        else:
            with open(path, "rb") as f:
                mail = email.message_from_binary_file(f, policy=email.policy.default)
            self.subject, self.reply_to = mail["Subject"], mail["Reply-To"].addresses[0].addr_spec
            self.html, self.text = mail.get_body(("html",)).get_content(), mail.get_body(("plain",)).get_content()

    def items(self):
        """Number → its lines in the text part: the number, and what is indented below."""
        found, number = {}, None
        for line in self.text.split("\n"):
            start = re.match(r" ?(\d+)\. ", line)
            if start:
                number = start.group(1)
                found[number] = line[start.end():]
            elif number and line.startswith("    "):
                found[number] += " " + line.strip()
            else:
                number = None
        return found


def minutes(text):
    return re.findall(r"(?<![\w.:/])\d+ h(?: \d\d)?(?![\w])|(?<![\w.:/])\d+ min\b", text)


def squeeze(s):
    return " ".join(s.split())


def judge_answers(letter, found, width):
    bodies = set()
    for a in found["answers"]:
        url = urllib.parse.urlsplit(a["href"])
        query = dict(urllib.parse.parse_qsl(url.query, keep_blank_values=True))
        address = urllib.parse.unquote(url.path)
        what = "answer “%s”" % a["words"]
        if not a["seen"]:
            yield what + " is out of sight"
        if not re.fullmatch(r"[^@+]+\+[0-9a-f]{8,32}@[^@]+", address) or (letter.reply_to and address != letter.reply_to):
            yield what + " goes to " + address
        if squeeze(query.get("subject", "")) != "Re: " + squeeze(letter.subject):
            yield what + " has the subject " + query.get("subject", "")
        if not query.get("body", "").strip():
            yield what + " has no words"
        if width < 600 and a["button"] and a["height"] < FINGER - 0.5:
            yield "%s is %.0f px high, too small for a finger" % (what, a["height"])
        bodies.add(query.get("body", "").strip())
    wanted = COMMON.get(re.match("[a-z]*", letter.name).group(), ())
    if not (any(bodies >= each for each in wanted) if wanted else len(bodies) >= 2):
        yield "lacks ready answers, has " + (", ".join(sorted(bodies)) or "none")


def judge_items(letter, found):
    rows = {}
    for row in filter(lambda row: row["number"].isdigit(), found["rows"]):
        if row["number"] in rows:
            yield "two items have the number " + row["number"]
        rows[row["number"]] = row
    items = letter.items()
    for number, text in items.items():
        if number not in rows:
            if not re.search(r"^\s*%s\. " % number, found["text"], re.M): # questions are numbered as sentences
                yield "item %s of the text is nowhere" % number
        elif not rows[number]["seen"]:
            yield "item %s is out of sight" % number
        else:
            for m in set(minutes(text)) - set(minutes(rows[number]["text"])):
                yield "item %s: the text says %s, the page does not: %s" % (number, m, rows[number]["text"])
    for number in rows.keys() - items.keys():
        if not re.search(r"(?<!\d)%s(?!\d)" % re.escape(number), letter.text):
            yield "item %s is not in the text" % number


def judge(letter, found, width):
    if found["scroll"] > 0:
        yield "wider than the window by %d px" % found["scroll"]
    for words in found["wide"]:
        yield "out of sight: " + words
    for words in found["faint"]:
        yield "too faint: " + words
    if letter.name in PAGES:
        return
    for words in found["small"]:
        yield "too small: " + words
    if found["images"]:
        yield "needs more than text: %d images or the like" % found["images"]
    if not found["text"].strip():
        yield "is empty"
    yield from judge_items(letter, found)
    yield from judge_answers(letter, found, width)


def main(args):
    pictures = None
    if args[:1] == ["--pictures"]:
        pictures, args = args[1], args[2:]
        os.makedirs(pictures, exist_ok=True)
    program = browser.find()
    if program is None:
        print("skipped: no Chromium (apt install chromium)")
        return 77
    findings = 0
    chromium = browser.Browser(program)
    try:
        for path in args:
            letter = Letter(path)
            for width in WIDTHS:
                for dark in (False, True):
                    chromium.show(letter.html, width, dark)
                    found = chromium.run(MEASURE)
                    name = "%s-%d-%s" % (letter.name, width, "dark" if dark else "light")
                    for line in judge(letter, found, width):
                        findings += 1
                        print("%s: %s" % (name, line))
                    if pictures:
                        chromium.picture(os.path.join(pictures, name + ".png"), min(found["height"], 4000))
    finally:
        chromium.close()
    print("%d letters, %d findings" % (len(args), findings))
    return 1 if findings else 0


sys.exit(main(sys.argv[1:]))
