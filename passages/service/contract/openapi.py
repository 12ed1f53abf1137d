"""The OpenAPI document of the HTTP API; what it says of a field is what the code checks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from passages.search.query import MAX_QUESTION
from passages.service.contract.asked import DEFAULT_K, MAX_ARTICLES, MAX_ID, MAX_IN
from passages.service.contract.schemas import SCHEMAS
from passages.service.operating.limits import MAX_K, MAX_QUESTIONS
from passages.version import VERSION

Json = dict[str, Any]

_QUESTION = {"type": "string", "minLength": 1, "maxLength": MAX_QUESTION, "pattern": r"\S"}
_ID = {"type": "string", "minLength": 1, "maxLength": MAX_ID}
_K = {"type": "integer", "minimum": 1, "maximum": MAX_K, "default": DEFAULT_K}

_PROBLEMS = {
    "400": "The request cannot be read, or names a host that is not served.",
    "401": "The token is missing or another one.",
    "404": "There is no such article or passage.",
    "413": "The body is too long.",
    "415": "The body is not application/json.",
    "422": "A value means nothing.",
    "429": "Too many questions; Retry-After says when to ask again.",
    "500": "A fault of the service.",
    "503": "There is no index to answer from; Retry-After says when to ask again.",
}


def document() -> Json:
    """The whole document, as JSON values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Passages",
            "version": VERSION,
            "description": "Questions answered with the passages of articles, word for word.",
        },
        "servers": [{"url": "/"}],
        "security": [{}, {"token": []}],
        "paths": _paths(),
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths() -> Json:
    article = _parameter("article", _ID, "the id of the article", required=True)
    key = {"name": "key", "in": "path", "required": True, "schema": {"type": "string"}}
    return {
        "/api/search": {"get": _search_get(), "post": _search_post()},
        "/api/articles": {"get": _articles()},
        "/api/articles/{id}": {
            "get": _operation(
                "article",
                "An article and its passages",
                "Article",
                [{"name": "id", "in": "path", "required": True, "schema": _ID}],
                "404",
            )
        },
        "/api/passages/{key}": {
            "get": _operation(
                "passage",
                "A passage by its permalink, wherever an edit moved it",
                "FoundPassage",
                [key, article],
                "404",
                "422",
            )
        },
        "/api/suggest": {"get": _suggest()},
        "/api/about": {"get": _operation("about", "What serves", "About", [])},
    }


def _search_get() -> Json:
    narrowed = {"type": "array", "items": _ID, "maxItems": MAX_IN}
    return _operation(
        "tryOut",
        "One question, to try out: it stands in the address, so in logs",
        "Answer",
        [
            _parameter("q", _QUESTION, "the question", required=True),
            _parameter("k", _K, "passages to find"),
            _parameter("in", narrowed, "the id of an article to search in; may be repeated"),
        ],
        "404",
        "422",
        "429",
    )


def _search_post() -> Json:
    operation = _operation("search", "One question or many", "", [], *sorted(_PROBLEMS))
    operation["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": _asked()}},
    }
    either = {"anyOf": [_reference("Answer"), _reference("Answers")]}
    operation["responses"]["200"] = _response("The answer, or one for each question.", either)
    return operation


def _asked() -> Json:
    shared = {
        "k": _K,
        "articles": {"type": "array", "items": _ID, "minItems": 1, "maxItems": MAX_ARTICLES},
        "whole": {"type": "boolean", "default": False},
    }
    many = {"type": "array", "items": _QUESTION, "minItems": 1, "maxItems": MAX_QUESTIONS}
    return {"oneOf": [_strict("question", _QUESTION, shared), _strict("questions", many, shared)]}


def _strict(name: str, schema: Mapping[str, Any], shared: Json) -> Json:
    return {
        "type": "object",
        "required": [name],
        "properties": {name: schema, **shared},
        "additionalProperties": False,
    }


def _articles() -> Json:
    limit = {"type": "integer", "minimum": 1, "maximum": 1000, "default": 1000}
    return _operation(
        "articles",
        "Ids and titles of the articles",
        "Articles",
        [
            _parameter("after", {"type": "string"}, "the last id of the list before"),
            _parameter("limit", limit, "articles to list"),
        ],
        "422",
    )


def _suggest() -> Json:
    n = {"type": "integer", "minimum": 1, "maximum": 20, "default": 10}
    return _operation(
        "suggest",
        "Headings, and questions that an editor approved",
        "Suggestions",
        [
            _parameter("q", {"type": "string"}, "what is typed so far"),
            _parameter("n", n, "suggestions to give"),
        ],
        "422",
    )


def _operation(name: str, summary: str, schema: str, parameters: list[Json], *fail: str) -> Json:
    responses = {"200": _response(summary, _reference(schema))}
    for status in sorted({*fail, "400", "401", "500", "503"}):
        responses[status] = {
            "description": _PROBLEMS[status],
            "content": {"application/problem+json": {"schema": _reference("Problem")}},
        }
    if name != "search":
        responses["304"] = {"description": "Unchanged since the ETag that was sent."}
    return {
        "operationId": name,
        "summary": summary,
        "parameters": parameters,
        "responses": responses,
    }


def _response(description: str, schema: Json) -> Json:
    return {
        "description": description,
        "headers": {
            "Passages-Snapshot": {
                "schema": {"type": "string"},
                "description": "The snapshot that answered.",
            }
        },
        "content": {"application/json": {"schema": schema}},
    }


def _parameter(name: str, schema: Mapping[str, Any], text: str, *, required: bool = False) -> Json:
    return {
        "name": name,
        "in": "query",
        "required": required,
        "schema": schema,
        "description": text,
    }


def _reference(schema: str) -> Json:
    return {"$ref": f"#/components/schemas/{schema}"}
