import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from shop.models import Category, Product


@pytest.fixture
def tea(db):
    return Category.objects.create(name="Tea")


def test_everybody_sees_the_products(client, tea):
    Product.objects.create(category=tea, name="Oolong", price="3.50")
    assert "Oolong" in client.get("/shop/").text


def test_members_add_products(member, tea):
    manual = SimpleUploadedFile("brewing.pdf", b"%PDF-1.7")
    data = {"category": tea.pk, "name": "Oolong", "price": "3.50", "manual": manual}
    page = member.post("/shop/new/", data, follow=True)
    assert "Tea, 3.50" in page.text
    assert [message.subject for message in mail.outbox] == ["A new product"]
    manual = member.get(Product.objects.get().manual.url)
    assert b"".join(manual) == b"%PDF-1.7"


def test_programs_read_the_products(member, client, tea):
    Product.objects.create(category=tea, name="Oolong", price="3.50")
    assert member.get("/shop/api/products/").json()["products"][0]["name"] == "Oolong"
    assert client.get("/shop/api/products/", headers={"accept": "application/json"}).status_code == 401


def test_the_payment_service_calls(client):
    response = client.post("/shop/paid/", {"order": "a1"}, content_type="application/json")
    assert response.text == "a1"


def test_the_report_is_mailed(tea):
    call_command("report")
    assert mail.outbox[0].body == "0 products."


def test_the_sales_page_opens(member):
    assert "Sales" in member.get("/shop/sales/").text
