"""The pages of the admin: lists, records, forms, and questions before anything is done."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import structlog
from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.wrappers import Response

from app.access import current_user
from app.accounts.roles import STAFF, require_role
from app.admin.forms import can_make, choices_of, fill, form_of, text_of
from app.admin.models import LABEL_LENGTH, LogEntry
from app.admin.registry import Section, registered, shown, target_of
from app.database import Base
from app.extensions import db

REFUSED = "The database refuses this: another record has the same, or one that is needed is gone."
STILL_NEEDED = "Nothing was done: other records still refer to what you chose."

blueprint = Blueprint("admin", __name__, template_folder="templates")
log = structlog.get_logger(__name__)


def require_staff() -> Response | None:
    return require_role(STAFF) if request.blueprint == blueprint.name else None


@blueprint.context_processor
def of_templates() -> dict[str, Any]:
    functions = (actions_of, can_make, referred, shown, text_of)
    return {function.__name__: function for function in functions}


@blueprint.get("/")
def index() -> str:
    return render_template("admin/index.html", sections=registered(current_app).values())


@blueprint.get("/<slug>/")
def records(slug: str) -> str:
    """List records, of which the address says which and how they are ordered."""
    section = found(slug)
    filters = {key: choices_of(section.known[key]) or [] for key in section.filters}
    names = ["q", "order", *(f"is-{key}" for key in filters)]
    asked = {name: request.args[name] for name in names if request.args.get(name)}
    page = db.paginate(listing(section, filters, asked), request.args.get("page", 1, type=int))
    values = {"section": section, "filters": filters, "asked": asked, "page": page}
    return render_template("admin/records.html", **values)


def listing(section: Section, filters: dict[str, Any], asked: dict[str, str]) -> Select[Any]:
    """Select what was asked for; abort with 404 where that is not there."""
    query = select(section.model)
    columns = {key: getattr(section.model, key) for key in section.known}
    if words := asked.get("q", "").replace("\0", "").strip():
        texts = (columns[key].icontains(words, autoescape=True) for key in section.search)
        query = query.where(or_(False, *texts))
    for key in (key for key in filters if f"is-{key}" in asked):
        known = {text_of(value): value for value, _label in filters[key]}
        if (value := known.get(asked[f"is-{key}"])) is None:
            abort(404)
        query = query.where(columns[key] == value)
    order = asked.get("order", section.order)
    column = columns.get(order.removeprefix("-")) or abort(404)
    parts = [column.desc() if order.startswith("-") else column]
    return query.order_by(*parts, columns[section.primary].desc())


@blueprint.get("/<slug>/<key>/")
def record(slug: str, key: str) -> str:
    """Show a record, and what was done to it here."""
    section = found(slug)
    values = {"section": section, "record": section.record(key)}
    done = select(LogEntry).where(LogEntry.model == slug, LogEntry.record == key)
    entries = db.session.scalars(done.order_by(LogEntry.id.desc()).limit(10)).all()
    return render_template("admin/record.html", entries=entries, **values)


@blueprint.route("/<slug>/new/", methods=["GET", "POST"])
@blueprint.route("/<slug>/<key>/change/", methods=["GET", "POST"])
def edit(slug: str, key: str = "") -> str | Response:
    """Change a record, or make one."""
    section = found(slug)
    if not ("change" in section.can if key else can_make(section)):
        abort(404)
    record = section.record(key) if key else None
    if record and (reason := section.guard(record)):
        flash(reason, "error")
        return redirect(url_for(".record", slug=slug, key=key))
    form = form_of(section, record)
    kept = save(section, record, form) if form.validate_on_submit() else None
    if kept is None:
        return render_template("admin/form.html", section=section, record=record, form=form)
    flash(f"{section.name} saved.", "success")
    return redirect(url_for(".record", slug=slug, key=section.key(kept)))


def save(section: Section, before: Any, form: Any) -> Any:
    """Keep what a form has; returns nothing where the model or the database refuses it."""
    record = before or section.model()
    changed = fill(section, record, form, new=before is None)

    def keep() -> None:
        db.session.add(record)
        db.session.flush()
        section.saved(record)
        note(section, record, "Change" if before else "Create", changed)

    if form.errors:
        db.session.rollback()
    elif committed(keep):
        return record
    else:
        form.form_errors.append(REFUSED)
    return None


@blueprint.get("/<slug>/<key>/delete/")
def delete(slug: str, key: str) -> str:
    """Ask whether a record shall go."""
    section = found(slug)
    return question(section, "Delete", [section.record(key)])


@blueprint.post("/<slug>/actions/")
def act(slug: str) -> str | Response:
    """Ask whether something shall be done to the records that were chosen; once sure, do it."""
    section, action = found(slug), request.form.get("action", "")
    chosen = [section.record(key) for key in dict.fromkeys(request.form.getlist("key"))]
    reasons = [reason for record in chosen if (reason := section.guard(record))]
    do = actions_of(section).get(action) or abort(404)

    def work() -> None:
        for record in chosen:
            note(section, record, action)
            do(record)

    if reasons or not chosen:
        flash(reasons[0] if reasons else "Choose at least one.", "error")
    elif "sure" not in request.form:
        return question(section, action, chosen)
    elif committed(work):
        flash(f"{action}: {section.count(len(chosen))}.", "success")
    else:
        flash(STILL_NEEDED, "error")
    return redirect(url_for(".records", slug=slug))


def question(section: Section, action: str, chosen: Sequence[Any]) -> str:
    if action not in actions_of(section):
        abort(404)
    lost = list(losses(section, chosen)) if action == "Delete" else []
    values = {"section": section, "action": action, "chosen": chosen, "losses": lost}
    return render_template("admin/question.html", **values)


def losses(section: Section, chosen: Sequence[Any]) -> Iterator[str]:
    """Say what is deleted along with records."""
    keys = [section.key(record) for record in chosen]
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is section.model.__table__ and key.ondelete == "CASCADE":
                rows = select(func.count()).select_from(table).where(key.parent.in_(keys))
                if number := db.session.scalars(rows).one():
                    yield f"{table.name.replace('_', ' ')} ({number})"


def committed(work: Callable[[], None]) -> bool:
    """Do the whole of a work, or nothing of it where the database refuses a part."""
    with suppress(DataError, IntegrityError):
        work()
        db.session.commit()
        return True
    db.session.rollback()
    return False


def note(section: Section, record: Any, action: str, fields: Sequence[str] = ()) -> None:
    """Write into the log who does what to which record."""
    what = {"action": action, "model": section.slug, "record": str(section.key(record))}
    label = section.label(record)[:LABEL_LENGTH]
    who = {"user_id": current_user.id, "email": current_user.email}
    db.session.add(LogEntry(**who, **what, label=label, fields=", ".join(fields)))
    log.info("changed in the admin", user=current_user.id, **what)


def found(slug: str) -> Section:
    return registered(current_app).get(slug) or abort(404)


def actions_of(section: Section) -> dict[str, Callable[[Any], None]]:
    built_in = {"Delete": db.session.delete} if "delete" in section.can else {}
    return {**section.actions, **built_in}


def referred(section: Section, record: Any, key: str) -> tuple[str, str]:
    """Return what the record is called that another one refers to, and where it is shown."""
    target, value = target_of(section.known[key]), getattr(record, key)
    other = db.session.get(target.model, value) if target and value is not None else None
    if target is None or other is None:
        return "", ""
    return target.label(other), url_for(".record", slug=target.slug, key=target.key(other))
