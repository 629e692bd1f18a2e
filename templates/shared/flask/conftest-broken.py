@sample.get("/broken/<token>/")
@public
def broken(token):
    raise RuntimeError(f"hunter2 in {__file__}")


def token(client):
    """Return the token that a form of this client must hold."""
    return client.get("/sample/form/").text
