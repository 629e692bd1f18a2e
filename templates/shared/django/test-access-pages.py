@pytest.mark.django_db
def test_the_admin_has_no_sign_in_page(client: Client) -> None:
    response = client.get(ADMIN, follow=True)
    assert response.request["PATH_INFO"] == "/accounts/login/"
    data = {"username": "root@example.com", "password": PASSWORD, "next": ADMIN}
    User.objects.create_superuser("root@example.com", PASSWORD)
    assert client.post("/accounts/login/", data)["Location"] == ADMIN


def test_only_the_asker_reads_the_admin_path(client: Client, member: Client) -> None:
    path = settings.ADMIN_PATH
    for address in ("/", "/accounts/login/", "/accounts/password/change/", "/nowhere/"):
        for reader in (client, member):
            response = reader.get(address)
            assert path not in response.text + str(response.headers)


def test_members_who_are_not_staff_find_no_admin(member: Client) -> None:
    assert member.get(ADMIN, follow=True).status_code == 404
    assert member.get("/admin/").status_code == {{ '200, "the page, which shows nothing of it"' if client else 404 }}


def test_every_admin_page_opens(office: Client, user: User) -> None:
    index = office.get(ADMIN)
    assert index.status_code == 200
    for app in index.context["app_list"]:
        for model in app["models"]:
            assert office.get(model["admin_url"]).status_code == 200
            if model["add_url"]:
                assert office.get(model["add_url"]).status_code == 200


def test_the_admin_shares_the_pages_of_accounts(office: Client) -> None:
    assert office.get(f"{ADMIN}password_change/")["Location"] == "/accounts/password/change/"
    response = office.post(f"{ADMIN}logout/")
    assert response["Location"] == "/"
    assert "Clear-Site-Data" in response
