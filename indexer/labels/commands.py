"""The commands by which readers correct what the analysis found, and have sentiment learned from it."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from indexer.commands import Failure, Place, WrongUse, as_json_option, command, index_waiting
from indexer.labels.label import SENTIMENTS, VOICES, Label, LabelError, Labels, lender, practice

if TYPE_CHECKING:
    from indexer.labels.learning import Labelled, Learned


@command
@click.argument("document")
@click.option("--sentiment", type=click.Choice(SENTIMENTS), help="How it feels about the lender.")
@click.option("--voice", type=click.Choice(VOICES), help="Who speaks.")
@click.option(
    "--practice", "practices", multiple=True, metavar="+ID[:STANCE]|-ID", help="A practice that it has, or not."
)
@click.option("--lender", "lenders", multiple=True, metavar="+ID|-ID", help="A lender that it is about, or not.")
@click.option("--by", "who", default="", help="Who says so.")
@click.option("--undo", is_flag=True, help="Forget what was said of it before: the analysis has the last word again.")
def label(
    place: Place,
    document: str,
    sentiment: str | None,
    voice: str | None,
    practices: tuple[str, ...],
    lenders: tuple[str, ...],
    who: str,
    undo: bool,
) -> None:
    """Correct what the analysis found in a document. It is kept, and counts over every later analysis."""
    from indexer.spool import Spool
    from indexer.web.known import Known

    known = Known.load(place.config)
    try:
        given = [practice(written, known.severity) for written in practices]
        given += [lender(written, (it.id for it in known.lenders)) for written in lenders]
    except LabelError as error:
        raise WrongUse(str(error)) from None
    given += [Label("sentiment", sentiment)] if sentiment else []
    given += [Label("voice", voice)] if voice else []
    if not given and not undo:
        raise WrongUse("nothing to correct: give --sentiment, --voice, --practice, --lender or --undo")
    with place.data.state() as state:
        spool, labels = Spool(state), Labels(state)
        with state.transaction():
            if not spool.requeue_one(document):
                raise Failure(f"there is no document {document}")
            if undo:
                labels.forget([document])
            labels.give(document, given, who, datetime.now(UTC))
        index_waiting(place, state)
        said = labels.of(document)
    click.echo(f"{document}: " + (", ".join(f"{it.label.subject or it.label.field} {it.label.value}" for it in said)
                                  or "as the analysis has it"))  # fmt: skip


@click.group()
def labels() -> None:
    """What readers corrected."""


@command
def export(place: Place) -> None:
    """Labelled documents as training data: a JSON object a line, masked as they are in the index."""
    from indexer.labels.examples import examples

    with place.data.state() as state, place.reading() as store:
        for _, example in examples(Labels(state).all(), store):
            click.echo(example.model_dump_json())


labels.add_command(export)


@command
@click.option("--switch", is_flag=True, help="Use the new model if it is better, and analyse everything once more.")
@click.option("--shipped", is_flag=True, help="Learn nothing: go back to the model that ships.")
@as_json_option
def train(place: Place, switch: bool, shipped: bool, as_json: bool) -> None:
    """Learn sentiment from what readers said, and hold the new model against the one in use on labels kept back."""
    from indexer.labels.learning import TooFew

    if shipped:
        place.data.use_sentiment(None)
        _analyse_again(place)
        return
    try:
        learned = _learn(place)
    except TooFew as error:
        raise Failure(str(error)) from None
    switched = switch and learned.better
    if switched:
        place.data.use_sentiment(learned.model)
    click.echo(json.dumps(_told(learned, switched)) if as_json else _said(learned, switched))
    if switched:
        _analyse_again(place)
    elif switch:
        raise Failure("the new model is no better: nothing was changed")


def _learn(place: Place) -> "Learned":
    from indexer.labels.examples import examples
    from indexer.labels.learning import fit, learn
    from indexer.meaning.sentiment import Sentiment

    in_use = place.data.sentiment
    with place.data.state() as state, place.reading() as store:
        labelled: list[Labelled] = [
            (document, example.sentiment)
            for document, example in examples(Labels(state).all(), store)
            if example.sentiment
        ]
        return learn(labelled, place.data.models, Sentiment(in_use) if in_use else Sentiment(), fit)


def _analyse_again(place: Place) -> None:
    from indexer.spool import Spool

    with place.data.state() as state:
        Spool(state).requeue()
        index_waiting(place, state)


def _told(it: "Learned", switched: bool) -> dict[str, object]:
    return {**asdict(it), "model": it.model.name, "better": it.better, "switched": switched}


def _said(it: "Learned", switched: bool) -> str:
    lines = [
        f"{it.model.name}: learned from {it.learned_from} documents, judged by {it.kept_back} that were kept back",
        f"  in use: {it.now.right:.0%} of the labels met, {it.now.error:.3f} off on average",
        f"  new:    {it.new.right:.0%} of the labels met, {it.new.error:.3f} off on average",
    ]
    if switched:
        lines.append("the new model is better and in use from now on")
    elif it.better:
        lines.append("the new model is better: `dunwatch train --switch` uses it")
    return "\n".join(lines)
