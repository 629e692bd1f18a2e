def send(client, **fields):
    return client.post("/word-counts/", data={"csrf_token": token(client), **fields}).text


def test_a_page_counts_what_its_form_sends(client):
    assert "characters" not in client.get("/word-counts/").text
    page = send(client, text="<b>Two</b> words,\r\none more", other="x")
    assert "4 words, 26 characters" in page
    assert "&lt;b&gt;Two" in page
    assert "<b>" not in page


def test_nothing_and_too_much_are_refused_with_a_reason(client):
    for text in (" ", "x" * (TEXT_LENGTH + 1)):
        page = send(client, text=text)
        assert 'aria-describedby="text_error"' in page
        assert "Error: Word counts" in page
