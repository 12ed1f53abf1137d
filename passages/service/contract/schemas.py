"""The schemas of what the API answers with; objects may have more fields than they name."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_TEXT_OR_NONE = {"type": ["string", "null"]}
_COUNT = {"type": "integer", "minimum": 0}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_TRUTH = {"type": "boolean"}
_SPAN = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}


def _list(of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": of}


def _named(schema: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{schema}"}


def _object(fields: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(fields),
        "properties": {**fields, **(optional or {})},
    }


_PLACE = {
    "key": {**_TEXT, "description": "Permalink within the article; outlives edits elsewhere."},
    "headings": _list(_TEXT),
    "anchor": _TEXT,
    "start": _COUNT,
    "end": _COUNT,
}
_CUT = {
    **_PLACE,
    "prefix": {**_TEXT, "description": "Title and headings as the encoder reads them."},
    "words": {**_TEXT, "description": "What a reader sees of the passage."},
    "runs": {**_list(_SPAN), "description": "Offsets in words, each with one in the article."},
    "sentences": {**_list(_SPAN), "description": "Offsets in words."},
    "is_links": _TRUTH,
}

SCHEMAS: dict[str, Any] = {
    "Answer": _object(
        {
            "question": _TEXT,
            "covered": {**_TRUTH, "description": "Whether the articles answer the question."},
            "confidence": {**_SHARE, "description": "Calibrated probability that they do."},
            "measured": {**_TRUTH, "description": "Whether it was measured in that language."},
            "wording": _object(
                {"text": _TEXT, "replaced": _list(_object({"typed": _TEXT, "read": _TEXT}))}
            ),
            "stems": {**_list(_TEXT), "description": "The words that bring a passage up."},
            "hits": _list(_named("Hit")),
        },
        {
            "verdict": {"enum": ["answered", "related", "not found"]},
            "unknown": {"description": "What the question names and no article has."},
        },
    ),
    "Answers": _object({"answers": _list(_named("Answer"))}),
    "Hit": _object(
        {
            "rank": {"type": "integer", "minimum": 1},
            "score": {"type": "number", "description": "Comparable within one answer only."},
            "article": _TEXT,
            "title": _TEXT,
            "source": _TEXT_OR_NONE,
            "url": _TEXT_OR_NONE,
            "date": _TEXT_OR_NONE,
            "language": _TEXT_OR_NONE,
            **_PLACE,
            "text": {**_TEXT, "description": "The passage as the article has it, Markdown."},
            "words": {**_TEXT, "description": "What a reader sees of it."},
            "sentence": {**_TEXT, "description": "Of words, the one nearest to the question."},
            "span": {**_SPAN, "description": "Where the sentence stands in text."},
        },
        {
            "probability": {"type": ["number", "null"], "minimum": 0, "maximum": 1},
            "strong": {"type": "boolean", "description": "Hits like this one did answer."},
            "missing": {"description": "Words and names of the question that it lacks."},
            "numbers": {"description": "Numbers asked for, and what the passage says instead."},
            "other_places": _list(_object({"article": _TEXT, "title": _TEXT, **_PLACE})),
            "signals": {"type": ["object", "null"], "description": "What brought it up."},
        },
    ),
    "Articles": _object(
        {"articles": _list(_object({"id": _TEXT, "title": _TEXT})), "next": _TEXT_OR_NONE}
    ),
    "Article": _object(
        {
            "id": _TEXT,
            "title": _TEXT,
            "text": _TEXT,
            "source": _TEXT_OR_NONE,
            "url": _TEXT_OR_NONE,
            "date": _TEXT_OR_NONE,
            "language": _TEXT_OR_NONE,
            "passages": _list(_object(_CUT)),
        }
    ),
    "FoundPassage": _object({"article": _TEXT, "title": _TEXT, "text": _TEXT, **_CUT}),
    "Suggestions": _object(
        {
            "suggestions": _list(
                _object(
                    {
                        "text": _TEXT,
                        "kind": {"enum": ["heading", "question"]},
                        "article": _TEXT_OR_NONE,
                        "title": _TEXT_OR_NONE,
                        "anchor": _TEXT_OR_NONE,
                    }
                )
            )
        }
    ),
    "About": _object(
        {
            "snapshot": _TEXT,
            "created": _TEXT,
            "articles": _COUNT,
            "sections": _COUNT,
            "passages": _COUNT,
            "sentences": _COUNT,
            "model": _object({"name": _TEXT, "precision": _TEXT, "fingerprint": _TEXT}),
            "calibration": {"type": "object"},
            "version": _TEXT,
        }
    ),
    "Problem": _object(
        {"type": _TEXT, "title": _TEXT, "status": {"type": "integer"}, "detail": _TEXT}
    ),
}
