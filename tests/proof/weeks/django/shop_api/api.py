from django.db import transaction
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Query, Router
from pydantic import BaseModel, ConfigDict

from api.conditional import check_unchanged, created
from api.fields import Change, Input, Page
from api.idempotency import DESCRIBED, idempotent

from .models import Category

router = Router(tags=["categories"])


class CategoryOut(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    id: int
    name: str


class CategoryNew(Input):
    name: str


class CategoryChange(Change):
    name: str = ""


@router.get("", response=list[CategoryOut], operation_id="list_categories")
def list_categories(request, page: Query[Page]):
    part = Category.objects.order_by("pk")[page.offset : page.offset + page.limit]
    return [CategoryOut.model_validate(category) for category in part]


@router.post(
    "", response={201: CategoryOut}, operation_id="create_category", openapi_extra=DESCRIBED
)
@idempotent
def create_category(request, data: CategoryNew):
    category = Category.objects.create(name=data.name)
    return created(
        CategoryOut.model_validate(category), reverse("api:read_category", args=[category.pk])
    )


@router.get("{int:category_id}/", response=CategoryOut, operation_id="read_category")
def read_category(request, category_id: int):
    return CategoryOut.model_validate(get_object_or_404(Category, pk=category_id))


@router.patch("{int:category_id}/", response=CategoryOut, operation_id="change_category")
@transaction.atomic
def change_category(request, category_id: int, data: CategoryChange):
    category = get_object_or_404(Category.objects.select_for_update(), pk=category_id)
    check_unchanged(request, CategoryOut.model_validate(category))
    category.name = data.name or category.name
    category.save()
    return CategoryOut.model_validate(category)
