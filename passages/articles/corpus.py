"""Files of the corpus folder -> articles in Markdown.

Finds the files, names each article, and hands the bytes to the reader of the file's kind.
What a reader does with the bytes is in `passages.articles.readers`; nothing here looks inside a
text.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from passages.articles import readers
from passages.articles.left_out import LeftOutFiles, why_folder
from passages.articles.markdown import title_of
from passages.articles.readers.reading import report_line
from passages.articles.visible import document
from passages.errors import DraftLeftOut, NoCorpus, UnreadableFile
from passages.language.detection import detect
from passages.language.languages import ENGLISH, code_of, language

MAX_FILE_BYTES = 50_000_000
"""A longer file is not read: with few pictures a book has less, and a build has other work."""

# A browser saves `Page.html`, and beside it `Page_files` with the page's pictures and scripts.
_PAGES = (".html", ".htm")
_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})[-_ ]+(.*[^\W\d].*)")  # how Jekyll names posts
_FOLDER_PAGES = ("index", "readme")
_SHOWN_CHARS = 80  # of a heading, in the report


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its id (path without suffix), title, Markdown text and, if told, its origin.

    `language` is the tag that the article gives itself, such as `en` or `pt-BR`, or the code of the
    language that it reads like; None where nothing tells.
    """

    id: str
    title: str
    text: str
    source: str | None = None
    url: str | None = None
    date: str | None = None
    language: str | None = None

    @property
    def code(self) -> str:
        """The code of the language that its words are read in, English where none is known."""
        return code_of(self.language) or ENGLISH

    @property
    def direction(self) -> str:
        """`"rtl"` or `"ltr"`."""
        return language(self.code).direction


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an editor should know about one file of the corpus.

    `severity` is "error" where the file is not served as it is now, "warning" where something had
    to be guessed, and "note" for advice.
    """

    file: str
    problem: str
    severity: str = "error"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file of the corpus that is to become the article `id`; `file` is relative to the corpus."""

    id: str
    file: str
    path: Path
    size: int
    mtime_ns: int


def scan(corpus: Path) -> tuple[list[SourceFile], list[Problem]]:
    """List the files of `corpus` that a reader knows, in the order of their ids.

    What `left_out` takes for no article (hidden files, drafts, pictures) is counted in notes; every
    other file is either listed or named in a problem. None is skipped silently.

    Raises:
        NoCorpus: there is no such folder.
    """
    if not corpus.is_dir():
        raise NoCorpus(f"no corpus folder at {corpus}: name it with --corpus")
    root = corpus.resolve()
    found: dict[str, SourceFile] = {}
    problems: list[Problem] = []
    left_out = LeftOutFiles()
    for path in sorted(_files(root, problems)):
        file = path.relative_to(root).as_posix()
        if left_out.takes(PurePosixPath(file), readers.SUFFIXES):
            continue
        try:
            source = _source(path, file, root)
            if (other := found.setdefault(source.id, source)) is not source:
                raise UnreadableFile(f"same article id as {other.file}: rename one of them")
        except OSError as error:
            problems.append(Problem(_printable(file), f"cannot be read: {error.strerror}"))
        except UnreadableFile as error:
            problems.append(Problem(_printable(file), str(error)))
    problems += [
        Problem(_printable(file), _printable(note), "note") for file, note in left_out.notes()
    ]
    return sorted(found.values(), key=lambda source: source.id), problems


DRAFT = "a draft, by its front matter"


def read_article(
    source: SourceFile, data: bytes, *, drafts: bool = True
) -> tuple[Article, list[Problem]]:
    """Turn the bytes of a file into its article, with notes on what had to be guessed.

    Raises:
        DraftLeftOut: its author has not published it yet, and `drafts` are not wanted.
        UnreadableFile: the bytes cannot be read as an article; the message says why and what to do.
    """
    reading = readers.read(data, source.path.suffix)
    if reading.draft and not drafts:
        raise DraftLeftOut(f"{DRAFT}: left out; --drafts takes it in")
    name, written = _told_by_name(PurePosixPath(source.file))
    article = Article(
        id=source.id,
        title=reading.title or title_of(reading.text) or name,
        text=reading.text,
        source=reading.source,
        url=reading.url,
        date=reading.date or written,
        language=reading.language or detect(reading.text),
    )
    notes = (*reading.notes, *(report_line(each) for each in document(reading.text).problems))
    problems = [Problem(source.file, note, "warning") for note in notes]
    draft = [f"{DRAFT}, taken in"] if reading.draft else []
    advice = (*draft, *reading.advice, *map(report_line, _advice(reading.text)))
    return article, problems + [Problem(source.file, hint, "note") for hint in advice]


def _told_by_name(file: PurePosixPath) -> tuple[str, str | None]:
    """The title and the date in a file's name: `2024-03-01-mending-a-tent.md`; `tents/_index.md`.

    A page that stands for its folder has the folder's name.
    """
    match = _DATED.fullmatch(file.stem)
    date, stem = match.groups() if match else (None, file.stem)
    if stem.lower().lstrip("_") in _FOLDER_PAGES and file.parent.name:
        stem = file.parent.name
    return " ".join(re.split(r"[-_\s]+", stem)).strip() or file.stem, date


def _advice(text: str) -> list[str]:
    """What an editor may want to look at in an article, whatever kind of file it came from."""
    seen = document(text)
    headings = [block for block in seen.blocks if block.kind == "heading"]
    if not headings:
        return ["no heading: the title stands for all of it"]
    ends = [*(block.start for block in headings[1:]), len(text)]
    bare = [
        not seen.visible.text[slice(*seen.visible.within(block.end, end))].strip()
        for block, end in zip(headings, ends, strict=True)
    ]
    if all(bare) and not seen.visible.text[: seen.visible.within(0, headings[0].start)[1]].strip():
        return ["headings without any text below them"]
    advice = []
    tops = sum(block.level == 1 for block in headings)
    if tops > 1:
        advice.append(f"{tops} headings of the first level: several articles in one file?")
    following = [*(block.level for block in headings[1:]), 0]
    named = [
        repr(report_line(block.heading, _SHOWN_CHARS))
        for block, is_bare, level in zip(headings, bare, following, strict=True)
        if is_bare and level <= block.level
    ]
    if named:
        listed = ", ".join(named[:5]) + (", …" if named[5:] else "")
        advice.append(f"no text below {listed}: no question finds such a heading")
    return advice


def _files(root: Path, problems: list[Problem]) -> Iterator[Path]:
    """The files of a folder and of those in it; folders that are left out go to `problems`."""

    def left_out(folder: str | Path, why: str, severity: str = "error") -> None:
        name = _printable(Path(folder).relative_to(root).as_posix())
        problems.append(Problem(name, why, severity))

    def unreadable(error: OSError) -> None:
        left_out(error.filename, f"folder that cannot be read: {error.strerror}")

    for parent, folders, names in os.walk(root, onerror=unreadable):
        pages = {Path(name).stem for name in names if Path(name).suffix.lower() in _PAGES}
        entered = []
        for folder in (Path(parent, name) for name in sorted(folders)):
            if (why := why_folder(folder)) is not None:
                left_out(folder, why, "note")
            elif folder.is_symlink():  # what it leads to is read where it is, if it is in here
                lost = folder.suffix.lower() in readers.SUFFIXES  # once an article, maybe
                lost |= not folder.resolve().is_relative_to(root)
                why = "symbolic link to a folder: not followed"
                left_out(folder, why, "error" if lost else "note")
            elif folder.name.removesuffix("_files") in pages - {folder.name}:
                left_out(folder, "pictures and scripts of a saved page: not read", "note")
            else:
                entered.append(folder.name)
        folders[:] = entered
        yield from (Path(parent, name) for name in names)


def _source(path: Path, file: str, root: Path) -> SourceFile:
    """The file as what is to become an article.

    Raises:
        UnreadableFile: it cannot become one; the message says why.
        OSError: it cannot be looked at.
    """
    if _printable(file) != file:
        raise UnreadableFile("a line break or another unprintable character in its name: rename it")
    if path.is_symlink() and not path.exists():
        raise UnreadableFile("symbolic link that leads nowhere")
    if not path.resolve().is_relative_to(root):
        raise UnreadableFile("symbolic link that leads out of the corpus folder: not followed")
    if not path.is_file():
        raise UnreadableFile("not a regular file: not read")
    if path.suffix.lower() not in readers.SUFFIXES:
        known = ".docx, .pdf, .html, .md or .txt"
        raise UnreadableFile(f"no reader for {path.suffix}: save it as {known}")
    stat = path.stat()
    if stat.st_size > MAX_FILE_BYTES:
        mb = 1_000_000
        raise UnreadableFile(
            f"{stat.st_size // mb} MB: files of more than {MAX_FILE_BYTES // mb} MB are not read"
        )
    article_id = unicodedata.normalize("NFC", file[: -len(path.suffix)])
    return SourceFile(article_id, file, path, stat.st_size, stat.st_mtime_ns)


def _printable(name: str) -> str:
    r"""The name on one line and in valid Unicode: a line break in it becomes `\n`."""
    return "".join(
        char.encode("unicode_escape").decode()
        if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
        else char
        for char in name
    )
