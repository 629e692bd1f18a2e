"""A generated project in production: two workers behind a proxy, asked over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import pytest
from newcomer import (
    AS_PROXY,
    SECRET,
    Answer,
    Project,
    clone,
    fetch,
    free_port,
    run,
    serving,
    shell,
)
from visitor import SITE, Visitor, statuses


class Server(NamedTuple):
    """A server of production: where it answers, and where it writes its log."""

    address: str
    log: Path


PASSWORD = "a long phrase of theirs 7"  # noqa: S105
PEOPLE = ("boss", "ann", "bob")


@pytest.fixture(scope="module")
def server(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A clone served as its production commands say, word for word."""
    copy = clone(project, tmp_path_factory.mktemp("production") / "copy")
    variables = {**project.production, "DATABASE_URL": f"sqlite:///{copy}/site.sqlite3"}
    *prepare, serve = project.result["next"]["production"]
    for command in prepare:
        shell(command, copy, **variables)
    if project.framework == "django":
        add = f"""
from users.models import User
for name in {PEOPLE}:
    make = User.objects.create_superuser if name == "boss" else User.objects.create_user
    make(name + "@shop.example", "{PASSWORD}")
"""
        words = ("manage.py", "shell", "--settings", "config.settings.production", "-c", add)
        run(".venv/bin/python", *words, cwd=copy, **variables)
    port = free_port()
    with serving(serve.replace(":8000", f":{port}"), copy, port, **variables) as log:
        yield Server(f"http://127.0.0.1:{port}", log)
    assert not (copy / ".env").exists(), "production never makes one"


@pytest.fixture
def production(server: Server) -> str:
    """The address of the server."""
    return server.address


@pytest.fixture
def accounts(project: Project, server: Server) -> str:
    """The address of a site that has users."""
    if project.framework != "django":
        assert fetch(f"{server.address}/accounts/login/", **AS_PROXY).status == 404
        pytest.skip("This project has no users.")
    return server.address


def every_kind(address: str) -> dict[str, Answer]:
    home = fetch(f"{address}/", **AS_PROXY)
    sheet = re.search(r'href="(/static/[^"]+\.css)"', home.body)
    assert sheet
    return {
        "home": home,
        "static": fetch(address + sheet[1], **AS_PROXY),
        "missing": fetch(f"{address}/none", **AS_PROXY),
        "forbidden": fetch(f"{address}/notes/", method="POST", data=b"a=b", **AS_PROXY),
    }


def test_production_protects_every_answer(production: str) -> None:
    answers = every_kind(production)
    assert [answers[kind].status for kind in ("home", "static", "missing")] == [200, 200, 404]
    assert answers["forbidden"].status in {302, 303, 400, 403, 404, 405}
    for kind, answer in answers.items():
        headers = answer.headers
        assert "max-age=31536000" in headers["Strict-Transport-Security"], kind
        assert headers["X-Content-Type-Options"] == "nosniff", kind
        assert headers["Referrer-Policy"] in {"same-origin", "strict-origin-when-cross-origin"}, (
            kind
        )
        assert headers["Access-Control-Allow-Origin"] is None, kind
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", kind
        assert headers["Permissions-Policy"], kind
        assert "Traceback" not in answer.body
        for cookie in headers.get_all("Set-Cookie") or []:
            assert cookie.startswith("__Host-"), cookie
            assert {"secure", "httponly", "path=/"} <= {
                part.strip().lower() for part in cookie.split(";")
            }, cookie
            assert "samesite=" in cookie.lower(), cookie
        if kind != "static":
            policy = headers["Content-Security-Policy"]
            for word in ("object-src 'none'", "base-uri 'none'", "frame-ancestors", "form-action"):
                assert word in policy, kind
            assert "unsafe-" not in policy
            assert headers["Cross-Origin-Opener-Policy"] == "same-origin", kind
    assert "immutable" in answers["static"].headers["Cache-Control"]


def test_production_minds_hosts_schemes_and_methods(production: str) -> None:
    plain = fetch(f"{production}/", Host="shop.example")
    assert plain.status in {301, 308}
    assert plain.headers["Location"] == "https://shop.example/"
    assert plain.headers["Set-Cookie"] is None
    foreign = fetch(f"{production}/", **{**AS_PROXY, "Host": "evil.example"})
    assert foreign.status == 400
    assert "evil.example" not in foreign.body
    for forged in ("X_Forwarded_Host", "X_Original_URL", "Forwarded"):
        answer = fetch(f"{production}/", **{**AS_PROXY, forged: "evil.example"})
        assert answer.status == 200
        assert "evil.example" not in answer.body
    assert fetch(f"{production}/", method="TRACE", **AS_PROXY).status == 405


def test_production_answers_probes_by_any_name(production: str) -> None:
    for probe in ("livez", "readyz"):
        answer = fetch(f"{production}/{probe}", Host="10.0.0.9")
        assert answer.status == 200, probe
        assert answer.headers["Set-Cookie"] is None


def test_production_hands_out_no_file_of_the_project(production: str) -> None:
    for path in (".env", ".git/config", "pyproject.toml", "db.sqlite3", "site.sqlite3",
                 "static/../.env", "static/%2e%2e/.git/config", "static//etc/passwd", "static/",
                 ".copier-answers.yml", "admin/", "console", "metrics"):  # fmt: skip
        assert 300 <= fetch(f"{production}/{path}", **AS_PROXY).status < 500, path
        assert fetch(f"{production}/{path}", **AS_PROXY).status != 200, path


def test_a_page_of_one_visitor_is_kept_by_nobody(project: Project, production: str) -> None:
    page = Visitor(production).get(FORMS[project.framework])
    assert page.headers["Set-Cookie"]
    assert "no-store" in page.headers["Cache-Control"]


# A page with a form that a stranger may send, and the field that tells one sending from another.
FORMS = {"django": "/accounts/login/", "flask": "/notes/new/"}


def form(project: Project, word: str) -> dict[str, str]:
    if project.framework == "django":
        return {"username": f"{word}@nobody.example", "password": "wrong"}
    return {"title": word, "text": ""}


def test_forms_are_taken_by_each_worker_and_from_this_site_alone(
    project: Project, production: str
) -> None:
    path = FORMS[project.framework]
    taken = 200 if project.framework == "django" else 302
    ann, eve = Visitor(production), Visitor(production)
    ann.get(path)
    eve.get(path)
    for number in range(10):
        answer = ann.post(path, {**ann.token, **form(project, f"word{number}")})
        assert answer.status == taken, "each worker knows the token"
    fields = {**ann.token, **form(project, "foreign")}
    refused = [
        ann.post(path, form(project, "none")),
        ann.post(path, {**eve.token, **form(project, "other")}),
        *(
            ann.post(path, fields, Origin=origin)
            for origin in (
                "null",
                "https://evil.example",
                f"{SITE}.evil.example",
                "http://shop.example",
            )
        ),
        ann.post(path, fields, Origin="", Referer="https://evil.example/"),
    ]
    assert {answer.status for answer in refused} <= {400, 403}
    assert ann.post(path, fields).status == taken


def test_signing_out_ends_a_session_for_every_copy_of_its_cookie(accounts: str) -> None:
    boss = Visitor(accounts)
    before = dict(boss.get("/accounts/login/") and boss.cookies)
    assert boss.sign_in("boss@shop.example", PASSWORD).status == 302
    page = boss.get("/back-office-x7/")
    assert page.status == 200
    assert "no-store" in page.headers["Cache-Control"]
    assert boss.cookies["__Host-csrftoken"] != before["__Host-csrftoken"]
    copy = Visitor(accounts, cookies=dict(boss.cookies))
    assert copy.get("/back-office-x7/").status == 200
    assert boss.get("/accounts/logout/").status == 405
    ended = boss.post("/accounts/logout/", boss.token)
    assert ended.headers["Clear-Site-Data"]
    assert copy.get("/back-office-x7/").status == 302
    assert copy.get("/notes/").headers["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example",
               "http:///evil.example", "javascript:alert(1)", "///evil.example",
               "https://shop.example@evil.example"],
)  # fmt: skip
def test_nobody_is_sent_elsewhere_after_signing_in(accounts: str, target: str) -> None:
    answer = Visitor(accounts).sign_in("ann@shop.example", PASSWORD, next=target)
    assert (answer.status, answer.headers["Location"]) == (302, "/")


def test_guesses_end_over_all_workers_whatever_address_is_claimed(accounts: str) -> None:
    def guess(number: int) -> Answer:
        claimed = f"198.51.100.{number}, 203.0.113.50"
        email = ("bob@shop.example", "BOB@shop.example", " Bob@Shop.example")[number % 3]
        return Visitor(accounts, claimed).sign_in(email, f"guess {number}")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(32)))
    weighed = [answer for answer in answers if answer.status == 200]
    refused = [answer for answer in answers if answer.status == 429]
    assert len(weighed) + len(refused) == len(answers)
    assert len(weighed) == 20
    assert all(0 < int(answer.headers["Retry-After"]) <= 900 for answer in refused)
    here, elsewhere = (Visitor(accounts, f"203.0.113.{last}") for last in (50, 51))
    assert here.sign_in("bob@shop.example", PASSWORD).status == 429
    assert here.sign_in("ann@shop.example", PASSWORD).status == 302
    assert elsewhere.sign_in("bob@shop.example", PASSWORD).status == 302


def test_the_notes_of_another_do_not_exist(accounts: str) -> None:
    ann, bob = (Visitor(accounts, f"203.0.113.{last}") for last in (61, 62))
    for visitor, name in ((ann, "ann"), (bob, "bob")):
        assert visitor.sign_in(f"{name}@shop.example", PASSWORD).status == 302
    note = ann.fill_in("/notes/new/", title="Secret plan", text="", owner="1").headers["Location"]
    assert "Secret plan" in ann.get(note).body
    assert "Secret plan" not in bob.get("/notes/").body
    for path in (note, f"{note}edit/", f"{note}delete/"):
        assert bob.get(path).status == 404
        assert bob.post(path, {**bob.token, "title": "Mine"}).status in {404, 405}
        assert Visitor(accounts).get(path).headers["Location"].startswith("/accounts/login/")
    assert "Secret plan" in ann.get(note).body


def test_the_admin_is_found_by_nobody_else(accounts: str) -> None:
    ann = Visitor(accounts, "203.0.113.63")
    ann.sign_in("ann@shop.example", PASSWORD)
    for visitor in (Visitor(accounts), ann):
        for path in ("/", "/accounts/login/", "/admin/", "/notes/", "/robots.txt", "/livez"):
            answer = visitor.get(path)
            assert "back-office-x7" not in answer.body + str(answer.headers), path
    assert Visitor(accounts).get("/admin/").status == 404
    assert ann.get("/back-office-x7/login/").status == 404


def test_nothing_that_a_visitor_sends_is_an_error_of_the_server(
    project: Project, production: str
) -> None:
    visitor = Visitor(production, "203.0.113.64")
    if project.framework == "django":
        visitor.sign_in("ann@shop.example", PASSWORD)
    for path in (f"/notes/{2**31}/", f"/notes/{2**63}/", f"/notes/{10**30}/", "/notes/-1/",
                 f"/notes/?page={10**30}", "/notes/?page=%00", "/%00", "/%ff%fe", "/a%0d%0ab",
                 "/<script>alert(1)</script>", "//evil.example/notes"):  # fmt: skip
        answer = visitor.get(path)
        assert answer.status < 500, path
        assert "<script>alert" not in answer.body
        assert "//evil.example" not in (answer.headers["Location"] or "")
    markup = visitor.fill_in("/notes/new/", title="<script>alert(1)</script>", text="<b>bold")
    assert "<script>alert" not in visitor.get(markup.headers["Location"].removeprefix(SITE)).body
    for fields in ({"title": "no text"}, {"text": "no title"}, {"title": "a\0b"},
                   {"title": "x" * 200}, {"title": "t", "text": "a\0b"},
                   {"title": "t", "text": "x" * 20_000}):  # fmt: skip
        assert visitor.fill_in("/notes/new/", **fields).status in {200, 302}, fields
    visitor.cookies = {"__Host-session": "a.b.c", "__Host-sessionid": "x" * 200}
    assert visitor.get("/").status == 200


HEAD = b"Host: shop.example\r\nX-Forwarded-Proto: https\r\n"
FORM = b"POST /notes/new/ HTTP/1.1\r\n" + HEAD
CHUNKED = b"Transfer-Encoding: chunked\r\n"
NEXT = b"GET /livez HTTP/1.1\r\n" + HEAD + b"\r\n"
AMBIGUOUS = {
    "length and chunks": FORM + b"Content-Length: 6\r\n" + CHUNKED + b"\r\n0\r\n\r\n" + NEXT,
    "two lengths": FORM + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + NEXT,
    "a signed length": FORM + b"Content-Length: +0\r\n\r\n" + NEXT,
    "an unknown coding": FORM + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + NEXT,
    "a space before the colon": FORM + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + NEXT,
    "a folded line": FORM + b"X-A: b\r\n c\r\n\r\n" + NEXT,
    "two hosts": b"GET / HTTP/1.1\r\nHost: evil.example\r\n" + HEAD + b"\r\n",
    "a NUL": b"GET / HTTP/1.1\r\nX-A: b\0c\r\n" + HEAD + b"\r\n",
    "bare line feeds": b"GET / HTTP/1.1\nHost: shop.example\n\n" + NEXT,
}


@pytest.mark.parametrize("message", AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_what_two_servers_may_read_in_two_ways_is_refused(production: str, message: bytes) -> None:
    # An answer to the second request would be a request smuggled past the proxy.
    (status,) = statuses(production, message)
    assert status in {400, 501}


def test_large_bodies_are_refused_however_they_are_sent(project: Project, production: str) -> None:
    body = b"a" * (6 * 1024 * 1024)
    form = FORM.replace(b"/notes/new/", FORMS[project.framework].encode())
    message = form + b"Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
    length = b"Content-Length: %d\r\n\r\n" % len(body)
    assert statuses(production, message + length + body) in ([413], [])
    chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body)
    assert set(statuses(production, message + CHUNKED + b"\r\n" + chunk)) <= {400, 403, 413}
    assert fetch(f"{production}/livez").status == 200


def test_the_log_is_one_object_a_line_and_holds_no_secret(project: Project, server: Server) -> None:
    visitor = Visitor(server.address, "203.0.113.65")
    fields = {**form(project, "logged"), "password": "typed-s3cret", "text": "typed-s3cret"}
    visitor.fill_in(FORMS[project.framework], **fields)
    visitor.post(
        FORMS[project.framework], {"password": "typed-s3cret"}, Origin="https://evil.example"
    )
    visitor.get("/none%0a%7B%22event%22%3A%22forged%22%7D?reset=typed-s3cret")
    text = server.log.read_text()
    lines = [json.loads(line) for line in text.splitlines() if line != "0 problems found."]
    assert "typed-s3cret" not in text
    for secret in (SECRET, *visitor.cookies.values(), *visitor.token.values()):
        assert secret not in text
    assert not [line for line in lines if line.get("event") == "forged"]
    (missing,) = [line for line in lines if "forged" in str(line.get("path"))]
    assert missing["status"] == 404
    assert missing["address"] == "203.0.113.65"
    assert missing["request_id"]
    assert missing["timestamp"].endswith("Z")


REFUSED = {
    "without a secret": {"SECRET_KEY": ""},
    "with a short secret": {"SECRET_KEY": "short"},
    "with a monotonous secret": {"SECRET_KEY": "a" * 64},
    "with the sample of a framework": {"SECRET_KEY": "django-insecure-" + "k" * 50},
    "without hosts": {"ALLOWED_HOSTS": ""},
    "without a database": {"DATABASE_URL": ""},
    "in debug mode": {"DEBUG": "1"},
    "with a former secret that is short": {"SECRET_KEY_FALLBACKS": "short"},
    "for any host": {"ALLOWED_HOSTS": "*"},
}


@pytest.mark.parametrize("fault", REFUSED)
def test_production_refuses_to_start(project: Project, fault: str) -> None:
    variables = {**project.production, **REFUSED[fault]}
    variables = {name: value for name, value in variables.items() if value}
    port = free_port()
    command = project.result["next"]["production"][-1].replace(":8000", f":{port}")
    done = run("timeout", "40", "sh", "-c", command, cwd=project.path, check=False, **variables)
    assert done.returncode not in {0, 124}, done.stdout
    (name,) = REFUSED[fault]
    assert name in done.stdout, f"the message names no {name}:\n{done.stdout[-2000:]}"


def test_the_deployment_check_is_clean(project: Project) -> None:
    for step in project.result["next"]["production"][2:-1]:
        shell(step, project.path, **project.production)
    if project.framework == "django":
        command = (
            ".venv/bin/python manage.py check --deploy --fail-level WARNING "
            "--settings config.settings.production"
        )
    else:
        command = ".venv/bin/flask --app wsgi check --deploy"
    shell(command, project.path, **project.production)


def test_what_the_process_has_counts_though_a_file_has_it_too(
    project: Project, tmp_path: Path
) -> None:
    """As with `EnvironmentFile=.env` of systemd, `env_file:` of Compose, or `. ./.env`."""
    copy = clone(project, tmp_path / "copy")
    (copy / ".venv").symlink_to(project.path / ".venv")
    lines = [f"{name}={value}\n" for name, value in project.production.items()]
    (copy / ".env").write_text("".join(lines))
    command = project.result["next"]["production"][2]
    shell(command, copy, **project.production)
    done = run("sh", "-c", command, cwd=copy, check=False)
    assert done.returncode != 0, "the file fed production"
    assert "SECRET_KEY" in done.stdout
