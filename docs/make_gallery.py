"""Make docs/gallery.md, its pictures and the first slide anew, by the program's own commands.

    .venv/bin/python docs/make_gallery.py [FOLDER]

plays what it needs in FOLDER, which takes about a quarter of an hour on two processors; by default in one that is
thrown away, and in one that is kept nothing is asked again that was answered. Seeds, plays and questions are fixed
below, so the same versions give the same pictures. The first slide after the cover is rendered by LibreOffice and
poppler; where they are missing it is left as it was, which is said.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from simulator.present.findings import read_findings
from simulator.present.pitch.exhibit import Exhibit
from simulator.present.pitch.story import story

DOCS = Path(__file__).parent
ROOT = DOCS.parent
GALLERY = DOCS / "gallery"
FIRST_SLIDE = DOCS / "first_slide.png"
# Of pictures in a page [px, colours]; a slide's are three times as large.
WIDTH, COLOURS = 1200, 96
MOST_BYTES = 150_000
RUN = "run"


@dataclass(frozen=True)
class Played:
    """A scenario, how it is played, and which pictures are shown of that.

    Attributes:
        scenario: Its file.
        results: The name of its result folder.
        run: Options of the run.
        asked: The questions that are put to it, each with its options.
        shown: The pictures that are shown, each with what it takes beside the run.
    """

    scenario: str
    results: str
    run: tuple[str, ...]
    shown: Mapping[str, str]
    asked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def command(self, question: str) -> tuple[str, ...]:
        """Give the words of a command; the run and `pictures` are such."""
        if question == RUN:
            return (RUN, self.scenario, *self.run)
        return (question, f"results/{self.results}", *self.asked.get(question, ()))


PLAYED = (
    Played(
        "scenarios/micro_vs_celebrity.toml",
        "micro-vs-celebrity",
        (),
        {
            **dict.fromkeys(("roi_distribution", "roi_exceedance", "reach_over_time", "waterfall", "money"), RUN),
            "split": "split",
            "frontier": "split",
            "target": "target",
            "tornado": "sensitivity",
            "variance": "sensitivity",
            "creators": "creators",
            "overlap": "creators",
            "cascade": "replay",
        },
        {
            "split": ("--steps", "11"),
            "target": ("--measure", "orders", "--at-least", "60"),
            "sensitivity": (),
            "creators": (),
            "replay": ("--strategy", "portfolio", "--replication", "17", "--trace"),
        },
    ),
    Played("scenarios/product_launch.toml", "product-launch", ("--replications", "60"), {"operations": RUN}),
    Played("scenarios/perception_builds.toml", "perception-builds", ("--replications", "60"), {"long_run": RUN}),
)


def main() -> None:
    """Play, draw and write."""
    if len(sys.argv) > 1:
        make(Path(sys.argv[1]).resolve())
        return
    with TemporaryDirectory() as folder:
        make(Path(folder))


def make(folder: Path) -> None:
    """Make the gallery from results in a folder."""
    shutil.rmtree(GALLERY, ignore_errors=True)
    GALLERY.mkdir()
    parts = [part for its in PLAYED for part in parts_of(its, folder)]
    (DOCS / "gallery.md").write_text("\n".join([*head(), *parts]) + "\n", encoding="utf-8", newline="\n")
    print(f"{len(list(GALLERY.iterdir()))} pictures, {sum(its.stat().st_size for its in GALLERY.iterdir()):,} bytes")
    slide(folder / "results" / PLAYED[0].results)


def head() -> list[str]:
    """Give the page's beginning."""
    return [
        "# Gallery",
        "",
        "Every picture that the program draws, under its conclusion, with its scenario and the commands that make it.",
        "`campaign-roi pictures` draws all that a result folder allows, as PNG and SVG, for slides and for columns.",
        "This page is made anew by `.venv/bin/python docs/make_gallery.py`.",
    ]


def parts_of(its: Played, folder: Path) -> Iterator[str]:
    """Play a scenario, draw it, and tell of each picture."""
    results = folder / "results" / its.results
    for question in (RUN, *its.asked, "pictures"):
        if not is_answered(question, results):
            call(its.command(question), folder)
    told = {exhibit.picture: exhibit for exhibit in story(read_findings(results)).exhibits if exhibit.picture}
    for name, question in its.shown.items():
        shown(results / "figures" / f"{name}.png")
        yield from part(its, name, question, told.get(name), results)


def is_answered(question: str, results: Path) -> bool:
    """Say whether a question was asked before."""
    if question == RUN:
        return (results / "summary.json").exists()
    if question == "replay":
        return any((results / "decisions" / "replay").glob("*/cascades.parquet"))
    return (results / "decisions" / f"{question}.json").exists()


def part(its: Played, name: str, question: str, exhibit: Exhibit | None, results: Path) -> Iterator[str]:
    """Tell of a picture: its conclusion, itself, and what made it."""
    title, says = (exhibit.title, exhibit.alt) if exhibit else described(results / "figures" / f"{name}.svg", name)
    commands = [its.command(RUN), *([its.command(question)] if question != RUN else []), its.command("pictures")]
    yield from ("", f"## {title}", "", f"![{bracketed(says)}](gallery/{name}.png)", "")
    yield from (f"`figures/{name}`, of [{Path(its.scenario).stem}](../{its.scenario}):", "")
    yield from (f"    campaign-roi {' '.join(words)}" for words in commands)


def described(svg: Path, name: str) -> tuple[str, str]:
    """Give title and description that a picture holds itself."""
    text = svg.read_text(encoding="utf-8")
    title, says = (re.search(f"<{tag}[^>]*>(.*?)</{tag}>", text, re.DOTALL) for tag in ("title", "desc"))
    words = name.replace("_", " ").capitalize()
    told = title.group(1).strip() if title else words
    return told, says.group(1).strip() if says else told


def bracketed(text: str) -> str:
    """Make a text safe between the brackets of a picture."""
    return re.sub(r"\s+", " ", text).replace("[", "(").replace("]", ")")


def call(words: tuple[str, ...], folder: Path) -> None:
    """Give a command of the program as it is told, results being in a folder."""
    print("campaign-roi", *words, flush=True)
    placed = [str(folder / word) if word.startswith("results/") else word for word in words]
    if words[0] == RUN:
        results = next(its.results for its in PLAYED if its.scenario == words[1])
        placed += ["--out", str(folder / "results" / results)]
    quiet = [] if words[0] in ("pictures", "deck", "replay") else ["--quiet"]
    subprocess.run(
        [sys.executable, "-m", "simulator", *placed, *quiet], cwd=ROOT, check=True, stdout=subprocess.DEVNULL
    )


def shown(picture: Path) -> None:
    """Copy a picture as a page shows it: no larger than it is looked at."""
    with Image.open(picture) as full:
        height = round(full.height * WIDTH / full.width)
        small = full.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    path = GALLERY / picture.name
    small.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        sys.exit(f"{path}: {path.stat().st_size:,} bytes; a picture of the gallery may have {MOST_BYTES:,}.")


def slide(results: Path) -> None:
    """Render the first slide after the cover, which is the answer, where there are the programs for it."""
    call(("deck", f"results/{results.name}", "--force"), results.parents[1])
    missing = [name for name in ("soffice", "pdftoppm") if shutil.which(name) is None]
    if missing:
        print(f"{FIRST_SLIDE.name} is left as it was: {' and '.join(missing)} not found (LibreOffice, poppler).")
        return
    silently("soffice", "--headless", "--convert-to", "pdf", "--outdir", results, results / "deck.pptx")
    after_cover = ("-r", "96", "-f", "2", "-l", "2", "-singlefile")
    silently("pdftoppm", "-png", *after_cover, results / "deck.pdf", FIRST_SLIDE.with_suffix(""))


def silently(*words: str | Path) -> None:
    """Give a command of another program."""
    subprocess.run([str(word) for word in words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main()
