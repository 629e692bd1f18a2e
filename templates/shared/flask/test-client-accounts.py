def test_what_the_page_is_told(client, member):
    """It is what the server's own pages show."""
    told = []
    for reader, address in ((client, "/accounts/login/"), (member, CHANGE)):
        response = reader.get("/site.json")
        assert response.headers["Cache-Control"] == "no-store"
        told.append(response.json)
        menu = response.json["menu"] + response.json["accountMenu"]
        bar = reader.get(address).text.partition("<nav")[2].partition("</nav>")[0]
        shown = re.findall(r'<a href="([^"]+)"[^>]*>\s*([^<]+?)\s*</a>', bar)
        assert shown == [(entry["url"], entry["label"]) for entry in menu] + (
            [] if reader is member else [("/accounts/login/", "Sign in")]
        )
    stranger, known = told
    assert stranger["title"] == known["title"] == pages.SITE_NAME
    assert stranger["accountMenu"] == []
    assert (stranger["signIn"], stranger["signOut"]) == ("/accounts/login/", None)
    assert (known["signIn"], known["signOut"]) == ("/accounts/login/", "/accounts/logout/")


def test_the_page_signs_out_by_the_header(member):
    csrf_token = member.get("/api/v1/session/").json["csrf_token"]
    assert member.post("/accounts/logout/").status_code == 400
    assert is_signed_in(member)
    headers = {"X-CSRFToken": csrf_token}
    assert member.post("/accounts/logout/", headers=headers).headers["Location"] == "/"
    assert not is_signed_in(member)
    assert member.get("/api/v1/session/").json["user"] is None
