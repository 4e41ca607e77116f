"""The house keeps its order: who imports whom, where each outside library lives, what only one place does."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import simulator

ROOT = Path(simulator.__file__).parent

# Where each outside library may be imported. The package's door, simulator/__init__.py, imports none.
HOMES = {
    "click": ["cli"],
    "concurrent": ["study.executors"],
    "datetime": [
        "scenario.model",
        "scenario.section",
        "study.results",
        "present.deck",
        "present.workbook",
    ],  # dates; times only in the manifest
    "fontTools": ["present.brand", "present.deck.measure", "present.pictures.fonts"],
    "jinja2": ["present.report"],
    "lxml": ["present.deck"],
    "markupsafe": ["present.report"],  # what jinja2 escapes with
    "matplotlib": ["present.deck.measure", "present.pictures"],
    "numba": ["compiled"],
    "pptx": ["present.deck"],
    "pyarrow": ["study", "decide", "market.graph_file", "present.findings", "present.scales"],
    "pydantic": ["scenario"],
    "pydantic_core": ["scenario"],
    "rich": ["present.terminal"],
    "simpy": [
        "campaign.agenda",
        "campaign.approval",
        "campaign.operations",
        "campaign.play",
        "spread.reference",
        "spread.traced",
    ],
    "time": ["cli.progress"],
    "tomllib": ["scenario"],
    "xlsxwriter": ["present.workbook", "present.deck.sheet"],
}
NOWHERE = {"random", "secrets", "uuid", "pickle", "multiprocessing"}
# What is installed under another name than it is imported by; pydantic and its core are of one version.
CALLED = {"pptx": "python-pptx", "pydantic_core": "pydantic"}
# Imported inside functions only.
LAZY = {"fontTools", "jinja2", "lxml", "markupsafe", "matplotlib", "pptx", "scipy", "xlsxwriter"}


# The rooms of present, and which others each may use; all use the sentences at its top, which use none of them.
ROOMS: dict[str, set[str]] = {
    "pictures": set(),
    "pitch": set(),
    "report": {"pictures", "pitch"},
    "deck": {"pictures", "pitch"},
}


def sources() -> dict[str, str]:
    """Give the source of every module by its name below the package ("" is the package itself)."""
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path.read_text(encoding="utf-8")
    return found


SOURCES = sources()
MODULES = [name for name in SOURCES if name]  # the package itself is a door to all of them


def stages() -> list[str]:
    """Give the stages in the order of the map in simulator/__init__.py."""
    assert simulator.__doc__
    return re.findall(r"^    (\w+)(?:\.py|/) {2,}\S", simulator.__doc__, re.MULTILINE)


def imports(source: str) -> Iterator[tuple[str, bool]]:
    """Give every module that a source imports, wherever it does, and whether that happens when it is loaded."""
    tree = ast.parse(source)
    late = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) or (isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test))
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) not in late) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from ((f"{node.module}.{alias.name}", id(node) not in late) for alias in node.names)


def own(name: str) -> str | None:
    """Give the module of this package that an imported name is or stands in, "" for the package itself."""
    parts = name.split(".")
    if parts[0] != "simulator":
        return None
    for end in range(len(parts), 0, -1):
        if ".".join(parts[1:end]) in SOURCES:
            return ".".join(parts[1:end])
    raise AssertionError(f"imports {name}, which is no module")


def upward_imports(module: str, source: str) -> list[str]:
    """Give what a module imports from stages below its own."""
    place = stages().index(module.partition(".")[0])
    used = {found for name, _ in imports(source) if (found := own(name)) is not None}
    return sorted(name for name in used if name and stages().index(name.partition(".")[0]) > place)


def strangers(module: str, source: str) -> list[str]:
    """Give the outside libraries that a module imports and that live elsewhere."""
    outside = {name.partition(".")[0]: at_once for name, at_once in imports(source) if own(name) is None}
    return sorted(
        name
        for name, at_once in outside.items()
        if name in NOWHERE
        or (name in HOMES and not any(module == home or module.startswith(f"{home}.") for home in HOMES[name]))
        or (name in LAZY and at_once)
    )


def room_of(module: str) -> str:
    """Give the room of present that a module is in, "" for its top and for other stages."""
    stage, _, inner = module.partition(".")
    return inner.partition(".")[0] if stage == "present" and inner.partition(".")[0] in ROOMS else ""


def imports_from_other_rooms(module: str, source: str) -> list[str]:
    """Give what a module of present imports from rooms that are not for it."""
    here = room_of(module)
    used = {found for name, _ in imports(source) if (found := own(name))}
    return sorted(name for name in used if room_of(name) not in {"", here, *ROOMS.get(here, ())})


def calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    """Give every call of a source with the last two words of what is called ("sys.exit", "path.open")."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            words = ast.unparse(node.func).split(".")
            yield ".".join(words[-2:]), node


def writes(source: str) -> list[str]:
    """Give the calls of a source that write files."""

    def is_write(called: str, node: ast.Call) -> bool:
        last = called.rpartition(".")[2]
        modes = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        return last in ("write_text", "write_bytes") or (
            last == "open" and any(re.fullmatch(r"[rwaxbt+]*[wax+][rwaxbt+]*", mode) for mode in modes)
        )

    return [called for called, node in calls(source) if is_write(called, node)]


def exits_and_prints(source: str) -> list[str]:
    """Give the calls of a source that print, or end the program."""
    ends = ("print", "input", "sys.exit", "os._exit", "exit", "quit", "click.echo", "breakpoint")
    return [called for called, _ in calls(source) if called in ends]


def test_the_map_names_every_stage() -> None:
    """simulator/__init__.py lists every module and folder of the package's top, and nothing else."""
    top = {name.partition(".")[0] for name in MODULES} - {"__main__"}
    assert top == set(stages())
    assert len(top) == len(stages())
    assert len(MODULES) > 30


@pytest.mark.parametrize("module", [name for name in MODULES if name != "__main__"])
def test_a_module_imports_only_from_above(module: str) -> None:
    """From its own folder and from the stages above it in the map, inside functions and for annotations too."""
    assert [] == upward_imports(module, SOURCES[module])


@pytest.mark.parametrize("module", [name for name in MODULES if name.startswith("present.")])
def test_the_rooms_of_present_keep_apart(module: str) -> None:
    """Sentences know neither pictures nor slides; pictures and pitch do not know each other, nor do report and deck."""
    assert [] == imports_from_other_rooms(module, SOURCES[module])


@pytest.mark.parametrize("module", MODULES)
def test_outside_libraries_stay_at_home(module: str) -> None:
    """Each outside library has its homes; scipy, matplotlib and others wait until they are needed."""
    assert [] == strangers(module, SOURCES[module])


def test_every_library_is_stated_and_pinned() -> None:
    """Nothing is imported that is there only because another library needs it; README's commands fix each version."""
    top = ROOT.parent
    stated = tomllib.loads((top / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    needed = {_named(line) for line in (*stated["dependencies"], *stated["optional-dependencies"]["deck"])}
    pinned = {
        _named(line) for line in (top / "constraints.txt").read_text(encoding="utf-8").splitlines() if "==" in line
    }
    names = {name.partition(".")[0] for source in SOURCES.values() for name, _ in imports(source)}
    used = {CALLED.get(name, _named(name)) for name in names - {"simulator", *sys.stdlib_module_names}}
    assert set() == used - needed
    assert set() == used - pinned


def _named(line: str) -> str:
    return re.split(r"[^\w-]", line)[0].lower().replace("_", "-")


def test_every_home_is_lived_in() -> None:
    """A home that no longer imports its library is removed from the list."""
    used = {(own_name, name.partition(".")[0]) for own_name in MODULES for name, _ in imports(SOURCES[own_name])}
    for library, homes in HOMES.items():
        for home in homes:
            assert any(library == name and (f"{m}.".startswith(f"{home}.")) for m, name in used), (library, home)


@pytest.mark.parametrize("stage", ["study", "decide", *(f"present/{room}" for room in ROOMS)])
def test_the_map_of_a_large_stage_names_every_module(stage: str) -> None:
    """Who looks for something finds its module in the first lines of the stage."""
    names = {path.name for path in (ROOT / stage).glob("*.py")} - {"__init__.py"}
    told = (ROOT / stage / "__init__.py").read_text(encoding="utf-8").replace("montecarlo.run", "montecarlo.py")
    assert names <= set(re.findall(r"\w+\.py", told))


def test_there_are_no_import_cycles() -> None:
    """No module needs itself, by whatever way round, not even lazily."""
    graph = {module: {found for name, _ in imports(SOURCES[module]) if (found := own(name))} for module in MODULES}
    order = list(TopologicalSorter(graph).static_order())
    assert set(MODULES) == set(order)


@pytest.mark.parametrize("module", SOURCES)
def test_every_module_says_what_it_is(module: str) -> None:
    """A docstring comes first."""
    docstring = ast.get_docstring(ast.parse(SOURCES[module]))
    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":"))


@pytest.mark.parametrize("module", MODULES)
def test_only_the_commands_print_and_exit(module: str) -> None:
    """Everything else raises and returns."""
    assert module.partition(".")[0] == "cli" or [] == exits_and_prints(SOURCES[module])


@pytest.mark.parametrize("module", MODULES)
def test_only_one_place_writes_files(module: str) -> None:
    """Files are written whole or not at all, which is one function's work."""
    assert module == "study.disk" or [] == writes(SOURCES[module])


@pytest.mark.parametrize("module", MODULES)
def test_randomness_is_made_in_one_place(module: str) -> None:
    """No generator is made anywhere but in streams.py, and none has a global state."""
    assert module == "streams" or ".random." not in re.sub(r"np\.random\.Generator\b(?!\()", "", SOURCES[module])


WRONG = """
import random
from matplotlib import pyplot
def late():
    import numba, scipy.stats
    from simulator.cli import main
    from simulator.study.results import Study
    print("x"); sys.exit(1); Path("a").write_text("b"); open("a", "w"); Path("c").open("rb")
"""


def test_these_checks_see_what_is_wrong() -> None:
    """The same checks fail for a module that breaks every rule."""
    assert ["cli", "study.results"] == upward_imports("market.wrong", WRONG)
    assert ["matplotlib", "numba", "random"] == strangers("market.wrong", WRONG)
    room = "from simulator.present.pictures import page"
    assert ["present.pictures.page"] == imports_from_other_rooms("present.words", room)
    assert ["present.pictures.page"] == imports_from_other_rooms("present.pitch.story", room)
    assert [] == imports_from_other_rooms("present.report.page", room)
    assert ["print", "sys.exit"] == exits_and_prints(WRONG)
    assert 2 == len(writes(WRONG))
    assert ["matplotlib"] == strangers("present.pictures.plots", "import matplotlib")
    assert [] == strangers("present.pictures.plots", "def late():\n    import matplotlib")
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


SIDE_EFFECTS = """
import click, matplotlib, multiprocessing, numba, numpy, os, pyarrow.parquet, pydantic, rich, scipy.special, simpy
import decimal, importlib, locale, logging, random, signal, sys, threading, warnings
import pyarrow.compute, rich.console, rich.table

def state():
    return {
        "warnings": list(warnings.filters),
        "start method": multiprocessing.get_start_method(allow_none=True),
        "matplotlib": (dict(matplotlib.rcParams), "matplotlib.pyplot" in sys.modules),
        "numba": (numba.config.CACHE_DIR, numba.config.THREADING_LAYER),
        "numpy errors": numpy.geterr(),
        "numpy random": numpy.random.get_state()[1].tolist(),
        "random": random.getstate(),
        "environment": dict(os.environ),
        "folder": os.getcwd(),
        "path": list(sys.path),
        "signals": [signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)],
        "logging": (logging.root.level, list(logging.root.handlers)),
        "threads": threading.active_count(),
        "locale": locale.setlocale(locale.LC_ALL),
        "hooks": (sys.excepthook, threading.excepthook),
        "decimal": repr(decimal.getcontext()),
        "recursion": sys.getrecursionlimit(),
    }

before = state()
for name in sys.argv[1:]:
    importlib.import_module("simulator." + name)
after = state()
print("\\n".join(key for key in before if before[key] != after[key]))
"""


def changed_by(modules: Iterable[str], cwd: Path, code: str = SIDE_EFFECTS) -> list[str]:
    """Import modules in a new process and give what that changed."""
    arguments = [sys.executable, "-c", code, *modules]
    done = subprocess.run(arguments, cwd=cwd, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    return done.stdout.split()


def test_importing_changes_nothing_but_the_list_of_modules(tmp_path: Path) -> None:
    """No warning filter, start method, backend, signal, stream of randomness, variable or file is touched."""
    assert [] == changed_by(MODULES, tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_changes_on_import_are_seen(tmp_path: Path) -> None:
    """The same check fails where a module touches the filters or the environment."""
    wrong = SIDE_EFFECTS.replace(
        "after = state()", "warnings.simplefilter('error'); os.environ['A'] = '1'; after = state()"
    )
    assert ["warnings", "environment"] == changed_by([], tmp_path, wrong)
