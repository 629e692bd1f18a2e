ADDRESS = "/api/v1/word-counts/"


@pytest.mark.parametrize(
    ("text", "words", "characters"),
    [("Hello, world!", 2, 13), ("", 0, 0), (" a\n\tb ", 2, 6), ("ÄÖ 🦄", 2, 4)],
)
def test_words_and_characters_are_counted(reader, text, words, characters):
    counted = reader.post(ADDRESS, json={"text": text})
    assert (counted.status_code, counted.json) == (200, {"words": words, "characters": characters})


@pytest.mark.parametrize("fields", [{}, {"text": None}, {"text": 5}, {"text": "a", "more": "b"}])
def test_a_program_sends_a_text_and_nothing_else(program, fields):
    check(program.post(ADDRESS, json=fields), 422, "The request is not valid.")
