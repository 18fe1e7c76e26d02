"""The commands `dunwatch tokens`: which programs may use the API."""

import json
from datetime import UTC, datetime, timedelta

import click

from indexer.commands import Place, as_json_option, command
from indexer.people.audit import record_command
from indexer.people.commands import role_option
from indexer.people.tokens import Tokens
from indexer.people.users import Role


@click.group()
def tokens() -> None:
    """Tokens by which programs use the API: `Authorization: Bearer TOKEN`."""


@command
@click.argument("name")
@role_option
@click.option("--days", type=click.IntRange(1, 3650), help="How long it is good for; without it, until it is revoked.")
def add(place: Place, name: str, role: Role, days: int | None) -> None:
    """Make a token and tell it, this once: only its hash is kept."""
    now = datetime.now(UTC)
    with place.data.state() as state, state.transaction():
        key = Tokens(state).add(name, role, now, now + timedelta(days=days) if days else None)
        record_command(state, "token", name, f"added as {role}")
    click.echo(key)


@command
@as_json_option
def listed(place: Place, as_json: bool) -> None:
    """Tell tokens, their roles, and when they were last used."""
    with place.data.state() as state:
        found = Tokens(state).listed()
    for it in found:
        moments = {"added_at": it.added_at, "expires_at": it.expires_at, "used_at": it.used_at}
        if as_json:
            times = {name: at.isoformat() if at else None for name, at in moments.items()}
            click.echo(json.dumps({"name": it.name, "role": it.role, **times}, ensure_ascii=False))
        else:
            zone = place.settings.zone
            times = {name: f"{at.astimezone(zone):%Y-%m-%d %H:%M}" if at else "never" for name, at in moments.items()}
            click.echo(f"{it.name}  {it.role}  expires {times['expires_at']}  last used {times['used_at']}")


@command
@click.argument("name")
def revoke(place: Place, name: str) -> None:
    """Make a token useless, at once."""
    with place.data.state() as state, state.transaction():
        Tokens(state).revoke(name)
        record_command(state, "token", name, "revoked")


for name, each in {"add": add, "list": listed, "revoke": revoke}.items():
    tokens.add_command(each, name)
