"""Pages of a query."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import abort
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

PER_PAGE = 20

Item = TypeVar("Item")


@dataclass(frozen=True)
class Page(Generic[Item]):
    """One page of a list, and how many there are."""

    items: list[Item]
    number: int
    last: int


def paginate(session: Session, query: Select[Item], number: int) -> Page[Item]:
    """Return page `number` of `query`, which must have an order; abort with 404 past the end."""
    total = session.scalar(select(func.count()).select_from(query.order_by(None).subquery())) or 0
    last = max(1, -(-total // PER_PAGE))
    if not 1 <= number <= last:
        abort(404)
    rows = session.scalars(query.limit(PER_PAGE).offset((number - 1) * PER_PAGE))
    return Page(list(rows), number, last)
