def check(response, status, detail):
    """Expect a problem document, and return it."""
    assert response.status_code == status
    assert response.mimetype == "application/problem+json"
    problem = response.json
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["detail"] == detail
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert problem["title"] == PHRASES.get(status, HTTPStatus(status).phrase)
    assert ("errors" in problem) is (status == 422)
    return problem
