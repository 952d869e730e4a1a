"""The `chipwire` command.

Nothing heavy is imported before a command runs, so that `--help` answers at once. Exit code 2 is wrong use, 1 failed
work; what goes wrong is one line on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import IO

import click

from extractors import __version__
from pipelines.cli_parts import CONTACT, DATA, SOURCES_FOLDER, TOPIC, example, failing_plainly


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="chipwire", message="%(prog)s %(version)s")
def main() -> None:
    """Chinese and English tech news as tables: which company, how many GPUs, how much money."""


@main.command()
@DATA
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Leave out articles that are known to be older.")
@CONTACT
@TOPIC
@SOURCES_FOLDER
@example("chipwire nightly --source ithome --source techcrunch --since 2026-11-01")
@failing_plainly
def nightly(
    data: Path,
    sources: tuple[str, ...],
    since: datetime | None,
    contact: str | None,
    topic: tuple[str, ...],
    registry: Path | None,
) -> None:
    """Fetch what is new, extract it and write the tables: the night's job, as a Prefect flow."""
    from pipelines.run import run_flow
    from pipelines.show import closing

    report = run_flow(data, sources=sources, since=since, contact=contact, topic=topic, registry=registry)
    closing(data, report)


@main.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="Folder of the raw pages and tables.",
)
@example("chipwire demo")
@failing_plainly
def demo(data: Path) -> None:
    """Run the night's job on the bundled sample sites, served on this machine."""
    from pipelines.run import run_demo
    from pipelines.show import closing

    report = run_demo(data)
    closing(data, report, next_command=f"chipwire show --data {data}")


@main.command()
@click.option("--cron", metavar="CRON", help='When to run, as a cron line such as "0 2 * * *".')
@click.option("--every", type=click.IntRange(min=1), metavar="SECONDS", help="Run at this interval instead of --cron.")
@click.option("--tz", default="UTC", show_default=True, metavar="ZONE", help="IANA time zone in which --cron is read.")
@DATA
@click.option("--source", "sources", multiple=True, metavar="ID", help="Only this source; may be repeated.")
@CONTACT
@TOPIC
@SOURCES_FOLDER
@example('chipwire schedule --cron "0 2 * * *" --tz Asia/Shanghai --data /srv/chipwire')
@failing_plainly
def schedule(
    cron: str | None,
    every: int | None,
    tz: str,
    data: Path,
    sources: tuple[str, ...],
    contact: str | None,
    topic: tuple[str, ...],
    registry: Path | None,
) -> None:
    """Stay running and start the night's job whenever it is due. Ctrl-C ends it.

    Uses the Prefect server at PREFECT_API_URL, or starts one for itself.
    """
    from pipelines.schedule import Timetable, serve

    if (cron is None) == (every is None):
        raise click.UsageError("say either --cron or --every")
    serve(Timetable(cron, every, tz), data, sources=sources, contact=contact, topic=topic, registry=registry)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@DATA
@click.option("--diff", is_flag=True, help="Show old and new values side by side, then write.")
@click.option("--anew", is_flag=True, help="Read every stored page again, also where only the entities can differ.")
@TOPIC
@SOURCES_FOLDER
@example(
    "chipwire rerun                        (everything in the raw store of ./data)",
    "chipwire rerun saved/ crawl.warc.gz --data data",
)
@failing_plainly
def rerun(
    paths: tuple[Path, ...], data: Path, diff: bool, anew: bool, topic: tuple[str, ...], registry: Path | None
) -> None:
    """Extract again, without network: from the raw store, or from the pages at PATH.

    PATH is a data folder, a WARC file, a folder of pages or fixtures, a single page in any encoding, or a text scrape
    (headline first, paragraphs by line).
    """
    from pipelines.run import run_rerun

    if run_rerun(paths or (data,), data, diff=diff, topic=topic, anew=anew, registry=registry):
        sys.exit(1)


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--url", help="The address of the page, which helps to read links and dates.")
@click.option("--text", "only_text", is_flag=True, help="Print the article's text alone.")
@example(
    "chipwire page saved.html --url https://example.com/1", "curl -s https://example.com/1 | chipwire page --text -"
)
@failing_plainly
def page(files: tuple[str, ...], url: str | None, only_text: bool) -> None:
    """Show what is read from each FILE (- is standard input): one JSON object a line."""
    from pipelines.lines import page_lines

    ok = True
    for line in page_lines(files, url=url, only_text=only_text):
        click.echo(line.text, err=line.failed)
        ok = ok and not line.failed
    sys.exit(0 if ok else 1)


@main.command()
@click.argument("file", type=click.File("rb"), default="-")
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of records that do not say theirs.")
@example("""echo '{"id": 1, "text": "xAI计划连接10万块英伟达H100"}' | chipwire entities""")
@failing_plainly
def entities(file: IO[bytes], lang: str | None) -> None:
    """Find the entities of texts: JSON lines in ({"id", "text"}, optionally "lang"), JSON lines out, in order."""
    from pipelines.lines import entity_lines

    ok = True
    for line in entity_lines(file, lang):
        click.echo(line.text, err=line.failed)
        ok = ok and not line.failed
    sys.exit(0 if ok else 1)


@main.command()
@DATA
@example("chipwire show --data demo-data")
@failing_plainly
def show(data: Path) -> None:
    """Show what the tables hold, per day, source and language."""
    from pipelines.show import overview

    overview(data)


@main.command()
@DATA
@example("chipwire check --data data")
@failing_plainly
def check(data: Path) -> None:
    """Verify a data folder: schemas, keys, offsets, raw pages; exit code 1 with a list of what is wrong."""
    from pipelines.run import run_check

    if run_check(data):
        sys.exit(1)


@main.command()
@DATA
@SOURCES_FOLDER
@example("chipwire repair --data data")
@failing_plainly
def repair(data: Path, registry: Path | None) -> None:
    """Rebuild the index and all tables of a data folder from its WARC files alone."""
    from pipelines.run import run_repair

    run_repair(data, registry)


@main.group(invoke_without_command=True)
@DATA
@click.pass_context
@example("chipwire sources --data data", "chipwire sources check")
@failing_plainly
def sources(context: click.Context, data: Path) -> None:
    """Show the registry of sources, and what each last did."""
    if context.invoked_subcommand is None:
        from pipelines.show import registry

        registry(data)


@sources.command(name="check")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@example("chipwire sources check", "chipwire sources check my-sources/")
@failing_plainly
def sources_check(folder: Path | None) -> None:
    """Validate every source file (those of the bundled registry, or of FOLDER)."""
    from pipelines.registry import SOURCES
    from pipelines.registry import check as problems_of

    problems = problems_of(folder or SOURCES)
    _fail_with(f"{problem}" for problem in problems)
    click.echo(f"{len(list((folder or SOURCES).glob('*.toml')))} source files, no problems")


@sources.command(name="add")
@click.argument("url")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the draft here, not to the screen.")
@CONTACT
@example("chipwire sources add https://www.example.com/ --out pipelines/sources/example.toml")
@failing_plainly
def sources_add(url: str, out: Path | None, contact: str | None) -> None:
    """Write the draft of a source file: find the feeds of URL, guess the rest from one article."""
    from pipelines.run import draft_source

    draft = draft_source(url, contact)
    if out is None:
        click.echo(draft, nl=False)
    else:
        out.write_text(draft, encoding="utf-8")
        click.echo(f"{out}: a draft; read it, then: chipwire sources check")


def _fail_with(problems: Iterable[str]) -> None:
    found = list(problems)
    for problem in found:
        click.echo(problem, err=True)
    if found:
        sys.exit(1)


if __name__ == "__main__":
    main()
