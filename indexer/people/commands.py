"""The commands `dunwatch users`: who may use the web page."""

import json
import logging
import sys
from datetime import UTC, datetime

import click

from indexer.commands import Place, WrongUse, as_json_option, command
from indexer.people import passwords
from indexer.people.audit import record_command
from indexer.people.users import ROLES, PeopleError, Role, Users
from indexer.settings import secret

log = logging.getLogger("dunwatch")

PASSWORD = "DUNWATCH_PASSWORD"
role_option = click.option(
    "--role", type=click.Choice(ROLES), required=True, help="Each may do what the ones before may."
)


@click.group()
def users() -> None:
    """Who may log in to the web page: viewers read, analysts work and export, admins see the audit log too.

    A password is asked for, or is what the environment's DUNWATCH_PASSWORD says, or what is in the file that
    DUNWATCH_PASSWORD_FILE names.
    """


@command
@click.argument("name")
@role_option
def add(place: Place, name: str, role: Role) -> None:
    """Add a user."""
    with place.data.state() as state:
        first = not Users(state).any()
        password = _password()
        with state.transaction():
            Users(state).add(name, role, password, datetime.now(UTC))
            record_command(state, "user", name, f"added as {role}")
    if first:
        log.info("from now on the web page asks for a login")


@command
@as_json_option
def listed(place: Place, as_json: bool) -> None:
    """Tell users and their roles."""
    with place.data.state() as state:
        found = Users(state).listed()
    for user in found:
        told = {"name": user.name, "role": user.role, "added_at": user.added_at.isoformat()}
        click.echo(json.dumps(told, ensure_ascii=False) if as_json else f"{user.name}  {user.role}")


@command
@click.argument("name")
def remove(place: Place, name: str) -> None:
    """Remove a user, whose sessions end."""
    with place.data.state() as state, state.transaction():
        Users(state).remove(name)
        record_command(state, "user", name, "removed")
        none_left = not Users(state).any()
    if none_left:
        log.warning("no user is left: on this machine the web page opens without login, elsewhere nobody gets in")


@command
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
def role(place: Place, name: str, role: Role) -> None:
    """Give a user another role, which counts at once."""
    with place.data.state() as state, state.transaction():
        Users(state).set_role(name, role)
        record_command(state, "user", name, f"role {role}")


@command
@click.argument("name")
def passwd(place: Place, name: str) -> None:
    """Give a user another password; their sessions end."""
    with place.data.state() as state:
        if not Users(state).get(name):
            raise PeopleError(f"there is no user {name}")
        password = _password()
        with state.transaction():
            Users(state).set_password(name, password)
            record_command(state, "user", name, "password changed")


def _password() -> str:
    """From the environment or a file it names, else asked for twice without echo. Raises WrongUse, PeopleError."""
    if given := secret(PASSWORD):
        return given
    if not sys.stdin.isatty():
        raise WrongUse(
            f"no password: give it in the environment's {PASSWORD} or in the file that {PASSWORD}_FILE names"
        )
    asked = str(click.prompt("Password", hide_input=True))
    if reason := passwords.refusal(asked):
        raise PeopleError(reason)
    if asked != click.prompt("Once more", hide_input=True):
        raise WrongUse("the two differ")
    return asked


for name, each in {"add": add, "list": listed, "remove": remove, "role": role, "passwd": passwd}.items():
    users.add_command(each, name)
