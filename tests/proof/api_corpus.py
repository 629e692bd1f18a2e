"""Bad input for the API of a project: requests that get a problem, alike with both frameworks.

Pure data: name, method, path, headers, body, expected status. `{id}` in a path is a note that is
there; a request carries a token that may write, unless its headers have an Authorization of their
own. A body under `Transfer-Encoding: chunked` is sent in chunks, without a length.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import NamedTuple

LIMIT = 5 * 1024 * 1024
NOTES = "/api/v1/notes/"
NOTE = "/api/v1/notes/{id}/"
JSON = {"Content-Type": "application/json"}
CHUNKED = {**JSON, "Transfer-Encoding": "chunked"}
GOOD = b'{"title": "Milk"}'


class Bad(NamedTuple):
    """A request, and the status of its problem."""

    name: str
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    status: int


def title(value: str) -> bytes:
    """A note whose title is written so, in JSON."""
    return b'{"title": ' + value.encode() + b"}"


# --- bodies that are no JSON -----------------------------------------------------------------

BROKEN = {
    "empty": b"",
    "white space": b" \r\n\t ",
    "open object": b'{"title": "Milk"',
    "open string": b'{"title": "Milk',
    "open list": b"[",
    "lone brace": b"}",
    "two documents": b'{"title": "Milk"}{"title": "Milk"}',
    "text behind": b'{"title": "Milk"} x',
    "trailing comma": b'{"title": "Milk",}',
    "single quotes": b"{'title': 'Milk'}",
    "no quotes": b"{title: 1}",
    "comment": b'{"title": "Milk" /* a */}',
    "words of Python": b'{"title": None}',
    "undefined": b"undefined",
    "NaN": title("NaN"),
    "NaN alone": b"NaN",
    "Infinity": title("Infinity"),
    "minus Infinity": title("-Infinity"),
    "leading zero": title("01"),
    "plus sign": title("+1"),
    "hexadecimal": title("0x10"),
    "bare fraction": title(".5"),
    "control character": b'{"title": "a\nb"}',
    "raw NUL": b'{"title": "a\x00b"}',
    "NUL behind": b'{"title": "Milk"}\x00',
    "bad escape": b'{"title": "\\x41"}',
    "short escape": b'{"title": "\\u12"}',
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "UTF-16": GOOD.decode().encode("utf-16"),
    "UTF-16 without mark": GOOD.decode().encode("utf-16-le"),
    "UTF-32": GOOD.decode().encode("utf-32"),
    "Latin-1": b'{"title": "caf\xe9"}',
    "overlong UTF-8": b'{"title": "\xc0\xaf"}',
    "surrogate in UTF-8": b'{"title": "\xed\xa0\x80"}',
    "cut UTF-8": b'{"title": "\xe2\x82"}',
    "compressed": gzip.compress(GOOD, mtime=0),
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "deep open list": b"[" * 200_000,
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep title": title("[" * 100_000 + "]" * 100_000),
    "title twice": b'{"title": "Milk", "title": "Bread"}',
    "unknown twice": b'{"title": "Milk", "a": 1, "a": 2}',
    "twice within": b'{"title": {"a": 1, "a": 2}}',
    "number of 5000 digits": title("9" * 5000),
    "form": b"title=Milk",
    "HTML": b"<p>Milk</p>",
    "YAML": b"title: Milk",
}

# --- JSON that is no note ----------------------------------------------------------------------

WRONG = {
    "string": b'"AAA"',
    "string with a title": b'"title"',
    "list": b'[{"title": "Milk"}]',
    "empty list": b"[]",
    "pairs": b'[["title", "Milk"]]',
    "null": b"null",
    "true": b"true",
    "number": b"1",
    "fraction": b"1.5",
    "empty object": b"{}",
    "text alone": b'{"text": "Two bottles"}',
    "title null": title("null"),
    "title true": title("true"),
    "title number": title("1"),
    "title huge number": title("1" * 400),
    "title overflow": title("1e400"),
    "title minus zero": title("-0.0"),
    "title list": title('["Milk"]'),
    "title object": title('{"a": "Milk"}'),
    "title empty": title('""'),
    "title blank": title('"   "'),
    "title white space": title('"\\t\\n\\r"'),
    "title no-break space": title('"\\u00a0\\u2003"'),
    "title too long": title('"' + "x" * 121 + '"'),
    "title far too long": title('"' + "x" * 100_000 + '"'),
    "title too long with blanks": title('"' + " " * 120 + 'x"'),
    "title control": title('"\\u0007"'),
    "title NUL": title('"\\u0000"'),
    "title with NUL": title('"Milk\\u0000"'),
    "title high surrogate": title('"\\ud800"'),
    "title low surrogate": title('"a\\udc00b"'),
    "title surrogates swapped": title('"\\udc00\\ud800"'),
    "text null": b'{"title": "Milk", "text": null}',
    "text number": b'{"title": "Milk", "text": 1}',
    "text list": b'{"title": "Milk", "text": []}',
    "text too long": b'{"title": "Milk", "text": "' + b"x" * 10_001 + b'"}',
    "text NUL": b'{"title": "Milk", "text": "a\\u0000"}',
    "text surrogate": b'{"title": "Milk", "text": "\\udfff"}',
    "unknown": b'{"title": "Milk", "colour": "red"}',
    "unknown empty": b'{"title": "Milk", "": 1}',
    "unknown surrogate": b'{"title": "Milk", "\\ud800": 1}',
    "unknown NUL": b'{"title": "Milk", "\\u0000": 1}',
    "unknown slash": b'{"title": "Milk", "a/b~c": 1}',
    "unknown dunder": b'{"title": "Milk", "__class__": "Note"}',
    "unknown prototype": b'{"title": "Milk", "__proto__": {"a": 1}}',
    "other case": b'{"title": "Milk", "Title": "Milk"}',
    "id": b'{"title": "Milk", "id": 1}',
    "created": b'{"title": "Milk", "created": "2026-01-01T00:00:00Z"}',
    "owner": b'{"title": "Milk", "owner": 1}',
    "owner_id": b'{"title": "Milk", "owner_id": 1}',
    "thousand unknown": json.dumps({"title": "Milk"} | {f"a{n}": n for n in range(1000)}).encode(),
    "no title but unknown": b'{"name": "Milk"}',
    "NUL too deep for a field": b'{"title": {"a": ["\\u0000"]}}',
}

# --- content types -------------------------------------------------------------------------------

TYPES = {
    "none": "",
    "text": "text/plain",
    "text with JSON's charset": "text/plain;charset=UTF-8",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data; boundary=a",
    "multipart without boundary": "multipart/form-data",
    "XML": "application/xml",
    "HTML": "text/html",
    "JSON of text": "text/json",
    "merge patch": "application/merge-patch+json",
    "JSON:API": "application/vnd.api+json",
    "problem": "application/problem+json",
    "lines of JSON": "application/json-seq",
    "Latin-1": "application/json; charset=iso-8859-1",
    "UTF-16": "application/json; charset=utf-16",
    "unknown charset": "application/json; charset=nothing",
    "any": "*/*",
    "binary": "application/octet-stream",
    "broken": "application",
    "two": "text/plain, application/json",
}

# --- addresses ---------------------------------------------------------------------------------

NOWHERE = {
    "root": "/api/",
    "version": "/api/v1/",
    "version without slash": "/api/v1",
    "other version": "/api/v2/notes/",
    "unknown": "/api/v1/nothing/",
    "list without slash": "/api/v1/notes",
    "note without slash": "/api/v1/notes/{id}",
    "two slashes": "/api/v1/notes//",
    "below a note": "/api/v1/notes/{id}/more/",
    "word": "/api/v1/notes/abc/",
    "zero": "/api/v1/notes/0/",
    "minus": "/api/v1/notes/-1/",
    "plus": "/api/v1/notes/+1/",
    "fraction": "/api/v1/notes/1.0/",
    "exponent": "/api/v1/notes/1e0/",
    "hexadecimal": "/api/v1/notes/0x1/",
    "underscore": "/api/v1/notes/1_0/",
    "space": "/api/v1/notes/%201/",
    "line break": "/api/v1/notes/1%0A/",
    "NUL": "/api/v1/notes/%00/",
    "Arabic digit": "/api/v1/notes/%D9%A1/",
    "superscript": "/api/v1/notes/%C2%B9/",
    "no UTF-8": "/api/v1/notes/%ff/",
    "next after 63 bits": "/api/v1/notes/9223372036854775808/",
    "64 bits": "/api/v1/notes/18446744073709551616/",
    "200 digits": "/api/v1/notes/" + "9" * 200 + "/",
    "SQL": "/api/v1/notes/1%20OR%201=1/",
    "markup": "/api/v1/%3Cscript%3E/",
    "other case": "/api/v1/Notes/",
    "no such note": "/api/v1/notes/999999999/",
}
QUERIES = {
    "limit zero": "limit=0",
    "limit minus": "limit=-1",
    "limit over": "limit=101",
    "limit huge": "limit=" + "9" * 30,
    "limit of 3000 digits": "limit=" + "9" * 3000,
    "limit word": "limit=all",
    "limit empty": "limit=",
    "limit plus": "limit=%2B5",
    "limit space": "limit=%205",
    "limit fraction": "limit=5.0",
    "limit exponent": "limit=1e1",
    "limit underscore": "limit=1_0",
    "limit Arabic": "limit=%D9%A5",
    "limit superscript": "limit=%C2%B2",
    "limit full width": "limit=%EF%BC%95",
    "limit twice": "limit=5&limit=5",
    "limit list": "limit=5,6",
    "limit NUL": "limit=5%00",
    "other NUL": "other=%00",
    "other twice": "other=1&other=2",
    "limit no UTF-8": "limit=%ff",
    "limit null": "limit=null",
    "limit true": "limit=true",
    "offset minus": "offset=-1",
    "offset over": "offset=1000000001",
    "offset beyond 63 bits": "offset=9223372036854775808",
    "offset huge": "offset=" + "9" * 100,
    "offset word": "offset=first",
    "offset empty": "offset=",
    "offset NaN": "offset=NaN",
    "offset Infinity": "offset=Infinity",
    "offset twice": "offset=0&offset=1",
    "offset hexadecimal": "offset=0x1",
}
METHODS = {
    "PUT on the list": ("PUT", NOTES),
    "PATCH on the list": ("PATCH", NOTES),
    "DELETE on the list": ("DELETE", NOTES),
    "POST on a note": ("POST", NOTE),
    "PUT on a note": ("PUT", NOTE),
    "TRACE": ("TRACE", NOTES),
    "unknown method": ("PURGE", NOTES),
    "POST on the session": ("POST", "/api/v1/session/"),
    "DELETE on the session": ("DELETE", "/api/v1/session/"),
    "POST on the schema": ("POST", "/api/v1/openapi.json"),
    "POST on the page": ("POST", "/api/v1/docs/"),
}
CREDENTIALS = {
    "empty": "",
    "scheme alone": "Bearer",
    "scheme and space": "Bearer ",
    "no scheme": "api_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "unknown token": "Bearer api_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "Basic": "Basic YWRhOnNlY3JldA==",
    "Token": "Token api_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "Digest": 'Digest username="ada"',
    "two tokens": "Bearer a b",
    "long": "Bearer " + "a" * 4000,
    "quoted": 'Bearer "api_A"',
    "SQL": "Bearer ' OR '1'='1",
    "high bytes": "Bearer \xe9\xff",
}
KEYS = {
    "empty": "",
    "blank within": "a b",
    "256 characters": "a" * 256,
    "high bytes": "\xe9\xe9",
    "tab": "a\tb",
}


def corpus() -> list[Bad]:
    """All of them, each with a name of its own."""
    found = [
        Bad(f"no JSON: {name}", "POST", NOTES, JSON, body, 400) for name, body in BROKEN.items()
    ]
    found += [
        Bad(f"no note: {name}", "POST", NOTES, JSON, body, 422) for name, body in WRONG.items()
    ]
    # A change may leave out the title.
    partial = {"empty object", "text alone"}
    found += [
        Bad(f"no change: {name}", "PATCH", NOTE, JSON, body, 422)
        for name, body in WRONG.items()
        if name not in partial
    ]
    for name, kind in TYPES.items():
        headers = {"Content-Type": kind} if kind else {}
        found.append(Bad(f"type: {name}", "POST", NOTES, headers, GOOD, 415))
        found.append(Bad(f"type of a change: {name}", "PATCH", NOTE, headers, GOOD, 415))
    found += [Bad(f"nowhere: {name}", "GET", path, {}, b"", 404) for name, path in NOWHERE.items()]
    found.append(Bad("nowhere to trace", "TRACE", "/api/v1/nowhere/", {}, b"", 404))
    found += [
        Bad(f"nowhere to delete: {name}", "DELETE", NOWHERE[name], {}, b"", 404)
        for name in ("zero", "200 digits", "no such note", "next after 63 bits")
    ]
    found += [
        Bad(f"query: {name}", "GET", f"{NOTES}?{query}", {}, b"", 422)
        for name, query in QUERIES.items()
    ]
    found += [
        Bad(f"method: {name}", method, path, JSON, GOOD, 405)
        for name, (method, path) in METHODS.items()
    ]
    for name, value in CREDENTIALS.items():
        who = {"Authorization": value}
        found.append(Bad(f"credentials: {name}", "GET", NOTES, who, b"", 401))
        found.append(Bad(f"credentials to write: {name}", "POST", NOTES, JSON | who, GOOD, 401))
    found += [
        Bad(f"key: {name}", "POST", NOTES, JSON | {"Idempotency-Key": key}, GOOD, 422)
        for name, key in KEYS.items()
    ]
    for name, value in {
        "another": '"0"',
        "several": '"0", "1"',
        "weak": 'W/"0"',
        "no quotes": "0",
        "empty": '""',
    }.items():
        seen = {"If-Match": value}
        found.append(Bad(f"seen: {name}", "PATCH", NOTE, JSON | seen, b'{"text": "x"}', 412))
        found.append(Bad(f"seen before deletion: {name}", "DELETE", NOTE, seen, b"", 412))
    large = title('"' + "x" * LIMIT + '"')
    found += [
        Bad("large: JSON", "POST", NOTES, JSON, large, 413),
        Bad("large: a change", "PATCH", NOTE, JSON, large, 413),
        Bad("large: of white space", "POST", NOTES, JSON, GOOD + b" " * LIMIT, 413),
        Bad("large: in chunks", "POST", NOTES, CHUNKED, large, 413),
        Bad("large: but one byte less", "POST", NOTES, JSON, large[:LIMIT], 400),
        Bad("chunks: no JSON", "POST", NOTES, CHUNKED, b'{"title"', 400),
        Bad("chunks: no note", "POST", NOTES, CHUNKED, b'{"title": 1}', 422),
        Bad("chunks: nothing", "POST", NOTES, CHUNKED, b"", 400),
    ]
    return found
