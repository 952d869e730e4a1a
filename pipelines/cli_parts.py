"""What the commands share: options, examples in their help, and errors told in one line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

from extractors.errors import ChipwireError

P = ParamSpec("P")

DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("data"),
    show_default=True,
    help="Folder of the raw pages and tables.",
)
CONTACT = click.option(
    "--contact", metavar="ADDRESS", help="Mail or page by which a site's owner reaches you; sent with requests."
)
TOPIC = click.option(
    "--topic", multiple=True, metavar="WORD", help="Keep only articles that name this word, or another --topic."
)
SOURCES_FOLDER = click.option(
    "--registry",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of source files instead of the bundled ones (or, to extract again, those that the nights used).",
)


def example(*lines: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Adds examples to a command's help, as they would be typed."""

    def add(command: Callable[P, None]) -> Callable[P, None]:
        shown = "\n".join(f"  {line}" for line in lines)
        command.__doc__ = f"{command.__doc__ or ''}\n\n\b\nExample:\n{shown}\n"
        return command

    return add


def failing_plainly(command: Callable[P, None]) -> Callable[P, None]:
    """Errors that an input or the disk can cause end as one line and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except BrokenPipeError:  # the reader of our output has seen enough
            sys.stderr.close()
            sys.exit(0)
        except (ChipwireError, OSError) as error:
            raise click.ClickException(" ".join(str(error).split())) from error

    return run
