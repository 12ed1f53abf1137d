"""What a question names: weighty words, names, numbers, each with all that it may be found as."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import regex

from passages.index.words.vocabulary import Vocabulary
from passages.language.detection import nearest
from passages.language.kinds import names_something
from passages.language.languages import ENGLISH, language
from passages.language.quantities import Quantity, quantities
from passages.language.word_lists import is_commonplace, is_misspelt, is_near_stop_word, word_list
from passages.language.words import Word, language_of, stems_of, term, words_of
from passages.search.query import Query

_COMMON_SHARE = 0.1
"""Share of the passages from which on a word is what the articles are about, and no detail."""

_COMMONEST, _COMMONEST_UNKNOWN = 2_000, 1_000
"""So many words are commonplace in a language, and so many where no article has the word."""

_COMMONEST_NO_NAME = 10_000
"""So many words of a language name nothing in particular: what no article has beyond them is a
drug, an illness, an occupation, a thing."""

_ONE = frozenset({"one", "ein"})
"""Number words that are mostly none."""

SHORTEST_FORM = 5
"""Letters that two forms of one word begin with at least: `treat` and `treatment`."""

_CONTRACTED = regex.compile(r"\p{L}{1,3}['’]\p{L}+")
_NO_WORD = "\0"
_CAPITAL = regex.compile(r"\p{Lu}")


@dataclass(frozen=True, slots=True)
class Named:
    """A weighty word of a question, as it was typed.

    A passage has it if it has one of `terms`, or all of `parts` as a longer word that holds it
    does (`Bibliothek` in `Stadtbibliothek`), or a word that begins with `root`, which is empty for
    a name, or that `stem` begins with.
    `known` says whether any passage has it. `rarity` is its idf as a share of that of an unknown
    word; `name` says that it is a name, which nothing else stands for.
    """

    text: str
    stem: str
    terms: frozenset[str]
    parts: frozenset[str]
    root: str
    known: bool
    rarity: float
    name: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question in the language `code` names; `text` is the question."""

    text: str
    code: str
    words: tuple[Named, ...]
    numbers: tuple[Quantity, ...]
    unknown: tuple[str, ...]


def asked_of(query: Query, vocabulary: Vocabulary) -> Asked:
    """What the question of a query names."""
    instead = dict(query.wording.replaced)
    code = nearest(query.text, vocabulary.languages)
    found = quantities(query.text, code)
    numbers = tuple(q for q in found if query.text[q.start :].casefold().split()[0] not in _ONE)
    words: list[Named] = []
    for word in words_of(query.text, code):
        if not any(_is_part(word, each) for each in numbers):
            named = _named(word, query.text, code, vocabulary, instead)
            if named is not None and named.text not in [each.text for each in words]:
                words.append(named)
    missing = [each.text for each in words if not each.known]
    missing += [
        query.text[each.start : each.end]
        for each in numbers
        if each.measured and _unknown_number(query.text[each.start : each.end], code, vocabulary)
    ]
    return Asked(query.text, code, tuple(words), numbers, tuple(missing))


def _is_part(word: Word, number: Quantity) -> bool:
    """Whether a word is the number, or its unit where that is one of the table."""
    inside = number.start <= word.start < number.end
    return inside and (number.measured or any(map(str.isdigit, word.form)))


def _named(
    word: Word, question: str, code: str, vocabulary: Vocabulary, instead: Mapping[str, str]
) -> Named | None:
    """The word if it has any weight: it is a name, or neither common here nor in the language."""
    text = question[word.start : word.end].removesuffix("'s").removesuffix("’s")
    if _CONTRACTED.fullmatch(text):  # I've, don't
        return None
    read_as = next((to for typed, to in instead.items() if text in typed.split()), None)
    terms = {word.term, *(stems_of(read_as, code) if read_as else ())}
    terms.update(vocabulary.synonyms_of([word.term]))
    known = [each for each in terms if each in vocabulary]
    name = _is_name(word, question) or names_something(text, code)
    passages = vocabulary.languages.get(code, 0)
    highest = vocabulary.idf(term(_NO_WORD, code))
    idf = min((vocabulary.idf(each) for each in known), default=highest)
    n = _COMMON_SHARE * passages
    if known and idf < math.log1p((passages - n + 0.5) / (n + 0.5)):
        return None
    if not name and _says_little(text, code, bool(known)):
        return None
    root = "" if name or any(map(str.isdigit, text)) else _root(word.term)
    is_known = bool(known) or (bool(root) and _has_form(vocabulary, word.term, root))
    parts = frozenset(word.parts) if language(code).compounds else frozenset()
    is_known = is_known or (bool(parts) and all(part in vocabulary for part in parts))
    rarity = idf / max(highest, 1e-9)
    name = name or (not is_known and _is_rare(text, code))
    return Named(text, word.term, frozenset(terms), parts, root, is_known, rarity, name)


def _says_little(text: str, code: str, known: bool) -> bool:
    if is_commonplace(text, code, _COMMONEST if known else _COMMONEST_UNKNOWN):
        return True
    if code == ENGLISH and text.endswith("ly"):
        return True
    return not known and is_near_stop_word(text, code)


def _is_rare(text: str, code: str) -> bool:
    if word_list(code) is None or is_commonplace(text, code, _COMMONEST_NO_NAME):
        return False
    if is_misspelt(text, code):
        return False
    return not any(is_commonplace(form, code, _COMMONEST_NO_NAME) for form in _shorter(text))


def _shorter(text: str) -> Iterator[str]:
    """The word without an ending, where one may be: `lozenges`, `dissolved`."""
    return (text[:-size] for size in (1, 2, 3) if len(text) - size >= SHORTEST_FORM - 1)


def _is_name(word: Word, question: str) -> bool:
    """Whether a word stands out by a capital or a digit in it.

    Not where most words have a capital, nor for the first word of a sentence, nor in a language
    that gives one to every noun.
    """
    text = question[word.start : word.end]
    if any(map(str.isdigit, text)):
        return True
    if language(language_of(word.term)).compounds:
        return False
    words = regex.findall(r"[\p{L}][\p{L}\p{M}'’]*", question)
    capitals = sum(bool(_CAPITAL.match(each)) for each in words)
    if len(words) > 2 and capitals > 0.6 * len(words):
        return False
    if len(text) > 1 and _CAPITAL.search(text[1:]):
        return True
    before = question[: word.start].rstrip(" \"'“‘(")
    return bool(_CAPITAL.match(text)) and bool(before) and before[-1] not in ".!?:;\n"


def _root(stem: str) -> str:
    """What forms of a word begin with that a stemmer keeps apart: `pregnanc` -> `pregna`."""
    return stem[: max(SHORTEST_FORM, len(stem) - 2)] if len(stem) >= 7 and stem.isalpha() else ""


def _has_form(vocabulary: Vocabulary, stem: str, root: str) -> bool:
    """Whether a passage has another form of a word."""
    place = bisect_left(vocabulary.words, root)
    if place < len(vocabulary.words) and vocabulary.words[place].startswith(root):
        return True
    return any(stem[:size] in vocabulary for size in range(SHORTEST_FORM, len(stem)))


def _unknown_number(text: str, code: str, vocabulary: Vocabulary) -> bool:
    stems: Sequence[str] = stems_of(text, code)
    return any(stem not in vocabulary for stem in stems if any(map(str.isdigit, stem)))
