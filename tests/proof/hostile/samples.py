"""Texts and names as somebody would choose them who wants the window to do or to show something else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

KINDS: Mapping[str, Sequence[str]] = {
    "picture": ("<img src='file://{folder}/pixel.png'>", '<img src="http://127.0.0.1:{port}/a.png">'),
    "picture without quotes": (
        "<img src=file://{folder}/pixel.png>",
        "<IMG\nSRC=file://{folder}/pixel.png />",
    ),
    "markdown picture": ("![x](file://{folder}/pixel.png)", "![](http://127.0.0.1:{port}/b.png)"),
    "html link": ("<a href='file://{folder}/note.txt'>here</a>", "<a href=http://127.0.0.1:{port}/>bank</a>"),
    "html page": ("<html><body background='file://{folder}/pixel.png'><h1>Hi</h1>", "<qt><b>bold</b></qt>"),
    "style": ("<style>* {{ background: url(file://{folder}/pixel.png) }}</style>", "QLabel {{ color: red }}"),
    "import of style": (
        "<link rel=stylesheet href='file://{folder}/style.css'>",
        "@import url(file://{folder}/style.css);",
    ),
    "object": ("<object data='file://{folder}/pixel.png'></object>", "<iframe src=file://{folder}/note.txt>"),
    "svg": ("<svg><image href='file://{folder}/pixel.png'/></svg>", "<svg onload=alert(1)>"),
    "script": ("<script>fetch('http://127.0.0.1:{port}/')</script>", "javascript:alert(1)"),
    "entity": ("&amp; &lt;b&gt; &#60;b&#62;", "&nbsp;&shy;&#x202e;abc"),
    "table": ("<table><tr><td background=file://{folder}/pixel.png>x</td></tr></table>", "<pre>  x  </pre>"),
    "file address": ("file://{folder}/note.txt", "FILE://{folder}/note.txt"),
    "share": ("\\\\127.0.0.1\\share\\x.png", "smb://127.0.0.1/share"),
    "data address": ("data:text/html,<b>x</b>", "<img src='data:image/png;base64,iVBORw0KGgo='>"),
    "resource": ("<img src=':/qt-project.org/styles/commonstyle/images/up-32.png'>", "qrc:/x.png"),
    "invitation": ("tact://join?engine=00&at=127.0.0.1:{port}&name=x", "<tact://join?engine=00>"),
    "web address": ("http://127.0.0.1:{port}/x", "https://bank.example@127.0.0.1:{port}/"),
    "look-alike address": ("https://\u0430pple.example/", "http://\u2488example.example/"),
    "mail address": ("mailto:a@b.example?attach={folder}/note.txt", "mailto:a@b.example%0Abcc:c@d.example"),
    "key": ("&Delete &&all", "R&D & &Tom"),
    "format": ("%s %n %1 {{x}} {{0.__class__}}", "%(name)s ${{HOME}} `id`"),
    "title": ("Bob[*]", "[*][*] modified"),
    "zero": ("a\x00b", "\x00<b>"),
    "terminal": ("\x1b[31mred\x1b[0m\x07", "a\x9b31mb\x08\x08c"),
    "line ends": ("first\r\nsecond\rthird\u2028fourth\u2029fifth\x85sixth", "Bob\n✓ Delivered"),
    "tabs and spaces": ("a\t\tb   c\u00a0\u3000d", "   lead and trail   "),
    "override": ("photo\u202egpj.exe", "\u202dabc\u202e def \u202c"),
    "embedding": ("\u202bab\u202a cd", "\u202c\u202c\u202c x"),
    "isolates": ("\u2067\u2066\u2068 open", "closed \u2069\u2069\u2069 too often"),
    "right to left": ("שלום עולם 123", "مرحبا (b) 45"),
    "zero width": ("Ma\u200bry\u200d\u2060\ufeff", "\u200e\u200f\u061c"),
    "unseen letters": ("\u3164\u115f\u1160\u2800", "a\u034f\u00adb"),
    "pile of marks": ("Z{marks}algo", "{marks}"),
    "long word": ("{word}", "x" * 200 + "\n" + "y" * 300),
    "emoji": (
        "👩\u200d👩\u200d👧\u200d👦 🏴\U000e0067\U000e0062\U000e007f ❤\ufe0f 1\ufe0f\u20e3",
        "👍🏽" * 30,
    ),
    "words of ours": ("✓ Delivered", "Mary is verified"),
    "more words of ours": ("You: yes. 09:02. Read", "Engine “Office” cannot be reached"),
    "half a sign": ("a\ud800b", "\udfff\ud83d"),
    "tags and controls": ("\U000e0001\U000e0041x", "\ufff9a\ufffab\ufffb"),
}
"""Each kind with what it may look like; braces are filled in."""
NAMES = tuple(KINDS)


@dataclass(frozen=True)
class Sample:
    """What one hostile colleague writes, and what they call themselves."""

    number: int
    kind: str
    text: str
    name: str
    status: str


def sample(number: int, folder: str, port: int) -> Sample:
    """The one called `number`; what it plants is in `folder` and at a port of this computer."""
    random = Random(number)
    kind = NAMES[number % len(NAMES)]

    def fill(form: str) -> str:
        return form.format(
            folder=folder,
            port=port,
            marks="\u0301" * random.choice((5, 60, 60, 60, 10_000)),
            word="w" * 2_000,
        )

    def some(most: int) -> str:
        other = [random.choice(KINDS[random.choice(NAMES)]) for _ in range(random.randrange(most))]
        parts = [fill(part) for part in (random.choice(KINDS[kind]), *other)]
        random.shuffle(parts)
        return random.choice(("", " ", "\n", "\u202e", "\u2067")).join(parts)

    return Sample(number, kind, some(4), some(2), some(2))
