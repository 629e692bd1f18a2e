def browser(app: Flask) -> FlaskClient:
    """Return a client that says where its requests come from, as browsers do."""
    client = app.test_client()
    client.environ_base["HTTP_ORIGIN"] = "https://localhost"
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    return client
