def test_a_page_needs_its_session_and_its_token(client):
    session = client.get("/api/v1/session/").json
    assert session["user"] is None
    header = {"X-CSRFToken": session["csrf_token"]}
    assert client.get(THINGS).status_code == 200
    assert client.post(THINGS, json={"name": "x"}, headers=header).status_code == 201
    foreign = {"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"}
    for headers in ({}, {"X-CSRFToken": "x"}, header | foreign):
        response = client.post(THINGS, json={"name": "x"}, headers=headers)
        check(response, 403, "The CSRF token is missing or wrong.")
    check(client.get(SCHEMA), 401, UNKNOWN)


def test_the_header_decides_alone(client):
    """A header that is not good is refused, whatever session there is."""
    client.get("/api/v1/session/")
    for path in (THINGS, "/api/v1/session/"):
        check(client.get(path, headers={"Authorization": "Bearer api_x"}), 401, UNKNOWN)


@pytest.mark.parametrize("public", [True, False])
def test_who_tries_it_by_the_session_of_the_page_has_its_token(make_app, public):
    variables = {"API_DOCS_PUBLIC": "1"} if public else {"production": False}
    page = make_app(**variables).test_client().get(DOCS)
    assert re.search(r'"X-CSRFToken"\] = "(.+?)"', page.text)
    assert "__Host-session" in page.headers["Set-Cookie"] or not public


def test_a_program_needs_no_csrf_token(program):
    foreign = {"Origin": "https://other.example", "Sec-Fetch-Site": "cross-site"}
    assert program.post(THINGS, json={"name": "x"}, headers=foreign).status_code == 201


def test_errors_of_pages_are_pages(client):
    page = client.get("/nowhere", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
