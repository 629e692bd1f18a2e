@pytest.mark.django_db
def test_staff_alone_sign_in(client: Client) -> None:
    """The admin's page is the only one, and it says nothing about who else there is."""
    users = (User.objects.create_user("eve@example.com", PASSWORD), "nobody@example.com")
    for user in users:
        response = client.post(f"{ADMIN}login/", {"username": str(user), "password": PASSWORD})
        assert "for a staff account" in response.text
        assert settings.SESSION_COOKIE_NAME not in client.cookies
    User.objects.update(is_staff=True)
    data = {"username": "eve@example.com", "password": PASSWORD, "next": ADMIN}
    assert client.post(f"{ADMIN}login/", data)["Location"] == ADMIN


@pytest.mark.django_db
def test_the_right_password_of_others_counts_as_a_wrong_one(client: Client) -> None:
    User.objects.create_user("eve@example.com", PASSWORD)
    data = {"username": "eve@example.com", "password": PASSWORD}
    tries = range(settings.FAILURES_PER_ACCOUNT + 1)
    statuses = [client.post(f"{ADMIN}login/", data).status_code for _ in tries]
    assert (set(statuses[:-1]), statuses[-1]) == ({200}, 429)


def test_only_the_admin_tells_where_it_is(client: Client, member: Client) -> None:
    path = settings.ADMIN_PATH
    for address in ("/", "/robots.txt", "/media/a.txt", "/api/v1/docs/", "/nowhere/", "/admin/"):
        for reader in (client, member):
            response = reader.get(address)
            assert path not in response.text + str(response.headers)


def test_staff_see_what_they_have_a_right_to(member: Client, user: User) -> None:
    assert member.get(ADMIN).status_code == 200
    assert member.get(f"{ADMIN}users/user/").status_code == 403
    User.objects.update(is_staff=False)
    assert member.get(ADMIN)["Location"].startswith(f"{ADMIN}login/")


def test_every_admin_page_opens(office: Client, user: User) -> None:
    index = office.get(ADMIN)
    assert index.status_code == 200
    for app in index.context["app_list"]:
        for model in app["models"]:
            assert office.get(model["admin_url"]).status_code == 200
            if model["add_url"]:
                assert office.get(model["add_url"]).status_code == 200
