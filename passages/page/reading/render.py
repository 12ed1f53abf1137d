"""What a reader sees of Markdown -> HTML that only ever holds the tags named here.

Every character of the corpus is escaped; a link is its words, an image its description, and the
marks of dialects are gone. Marks are given as spans of the Markdown and land on the words they
cover.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import groupby, pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, NamedTuple

from markdown_it.token import Token

from passages.articles.markup import parsing
from passages.articles.markup.commonmark import as_commonmark
from passages.articles.markup.directives import open_code
from passages.articles.markup.mapped import Mapped, Span, Writer

if TYPE_CHECKING:
    from passages.articles.chunking import Passage
    from passages.articles.corpus import Article

_BLOCKS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "blockquote": "blockquote",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
    "heading": "p",  # a heading inside a list or quote is no section of the article
}
_INLINE = {"strong": "strong", "em": "em", "s": "s"}
_TAGS = {
    "best": "mark",
    "near": 'span class="near"',
    "word": 'span class="word"',
}  # outermost first


class Mark(NamedTuple):
    """What to set off: `text[start:end]`.

    `best` is the best sentence of the best hit, `near` that of another, `word` one of the question.
    """

    start: int
    end: int
    kind: Literal["best", "near", "word"]


def language_attributes(article: Article) -> str:
    """What says in which language and direction an article's words are: ` lang="ar" dir="rtl"`.

    Empty where the language is not known: the words are then taken for the page's own.
    """
    if article.language is None:
        return ""
    return f' lang="{escape(article.language)}" dir="{article.direction}"'


def render(text: str, marks: Sequence[Mark] = ()) -> str:
    """The Markdown `text` as safe HTML, with `marks` in it.

    `render("*a* b", [Mark(4, 5, "best")])` -> `<p><em>a</em> <mark>b</mark></p>`
    """
    whole = Mapped(text, ((0, 0),))
    return "".join(_Page(whole, [(0, len(text))], sorted(marks)).blocks())


def render_passage(passage: Passage, marks: Sequence[Mark] = ()) -> str:
    """A passage as safe HTML; `marks` are spans of its text. A part of a table has its head row."""
    moved = [Mark(a + passage.start, b + passage.start, kind) for a, b, kind in marks]
    page = _Page(_slice(passage), _shown(passage.visible), sorted(moved))
    return "".join(page.blocks())


def _slice(passage: Passage) -> Mapped:
    """The passage's Markdown by itself: as deep as it is indented, its lines are moved left."""
    text = passage.article.text
    out = Writer(text)
    if head := passage.head_row:
        out.keep(*head)
        out.put("\n", head[1])
    line = text.rfind("\n", 0, passage.start) + 1
    before = text[line : passage.start]
    indent = 0 if before.strip() else len(before)
    if code := open_code(text, passage.start):
        out.put(code.opening + (before[code.indent :] if indent else ""), passage.start)
        indent = code.indent
    start = passage.start
    while start < passage.end:
        end = text.find("\n", start, passage.end) + 1 or passage.end
        out.keep(start, end)
        start = end
        while start < min(end + indent, passage.end) and text[start] in " \t":
            start += 1
    if code := open_code(text, passage.end):
        out.put(code.closing, passage.end)
    return out.written()


def _shown(visible: Mapped) -> list[Span]:
    """The stretches of the article that are visible."""
    runs = [*visible.runs, (len(visible.text), 1 << 62)]
    return [
        (place, min(place + after - at, following))
        for (at, place), (after, following) in pairwise(runs)
    ]


class _Page:
    """Writes block tokens; `source` is mapped to the text that `shown` and `marks` are spans of."""

    def __init__(self, source: Mapped, shown: Sequence[Span], marks: Sequence[Mark]) -> None:
        made = as_commonmark(source.text, [])
        self._code = made.code
        self._plain = made.plain.of(source)
        self._places = parsing.Places(made.plain.text)
        self._shown = shown
        self._marks = marks

    def blocks(self) -> Iterator[str]:
        tokens, env = parsing.parse(self._plain.text)
        for token in tokens:
            if token.type == "inline":
                yield self._inline(token, env)
            elif token.type == "code_block" and token.content not in self._code:
                lines = "\n".join(line.strip() for line in token.content.strip().split("\n"))
                prose = Token("inline", "", 0, content=lines, map=token.map)
                yield f"<p>{self._inline(prose, env)}</p>"
            elif token.type in ("fence", "code_block"):
                yield f"<pre><code>{escape(token.content)}</code></pre>"
            elif token.type == "hr":
                yield "<hr>"
            elif not token.hidden:  # the paragraphs of a tight list
                yield _tag(token)

    def _inline(self, token: Token, env: parsing.Env) -> str:
        content = self._places.of(token)
        children = parsing.inline(token.content, env)
        parts = []
        for number, child in enumerate(children):
            name = _INLINE.get(child.type.rpartition("_")[0])
            if name is not None:
                parts.append(f"<{name}>" if child.nesting > 0 else f"</{name}>")
            elif child.type == "hardbreak":
                parts.append("<br>")
            else:
                words = parsing.words_of(children, number, token.content)
                html = "".join(self._words(each, content) for each in words)
                parts.append(f"<code>{html}</code>" if child.type == "code_inline" else html)
        return "".join(parts)

    def _words(self, seen: parsing.Seen, content: Mapped) -> str:
        """The words with the marks in them; without those that the passage's text hides."""
        words, first, last = seen
        if len(words) != last - first:
            place = self._plain.place(content.place(first))
            return self._around(place, escape(words), _TAGS) if self._is_shown(place) else ""
        places = [self._plain.place(content.place(at)) for at in range(first, last)]
        html = []
        letters = zip(places, words.replace("\n", " "), strict=True)
        for shown, run in groupby(letters, key=lambda letter: self._is_shown(letter[0])):
            if shown:
                html.append(self._cut(list(run), _TAGS))
        return "".join(html)

    def _is_shown(self, place: int) -> bool:
        number = bisect_right(self._shown, place, key=itemgetter(0)) - 1
        return number >= 0 and place < self._shown[number][1]

    def _cut(self, letters: Sequence[tuple[int, str]], tags: Mapping[str, str]) -> str:
        """The letters, cut where marks of the first kind begin or end."""
        if not tags:
            return escape("".join(letter for _, letter in letters))
        kind, *others = tags
        inner = {other: tags[other] for other in others}
        of_kind = [mark for mark in self._marks if mark.kind == kind]
        html = []
        for _, run in groupby(
            letters, key=lambda letter: any(m.start <= letter[0] < m.end for m in of_kind)
        ):
            part = list(run)
            html.append(self._around(part[0][0], self._cut(part, inner), {kind: tags[kind]}))
        return "".join(html)

    def _around(self, place: int, html: str, tags: Mapping[str, str]) -> str:
        """The HTML inside the tags of the marks that cover `place`."""
        kinds = {mark.kind for mark in self._marks if mark.start <= place < mark.end}
        for kind in reversed([kind for kind in tags if kind in kinds]):
            name = tags[kind].split()[0]
            html = f"<{tags[kind]}>{html}</{name}>"
        return html


def _tag(token: Token) -> str:
    name = _BLOCKS.get(token.type.rpartition("_")[0])
    if name is None:
        return ""
    if token.nesting < 0:
        return f"</{name}>"
    first = token.attrGet("start")
    return f'<{name} start="{int(first)}">' if first is not None else f"<{name}>"
