"""What the page is made of: nothing from elsewhere, nothing that reads text as markup, colours with enough contrast."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from sim.report import canvas
from sim.warroom.app import PAGE
from sim.warroom.doors import new_code

OURS = sorted(path for path in PAGE.rglob("*") if path.is_file() and "vendor" not in path.parts)
SCRIPTS = [path for path in OURS if path.suffix == ".js"]
assert SCRIPTS
# put in words that a browser would act on; `textContent` and attributes of `dom.js` are what there is instead
MARKUP = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc\s*="
CODE = r"\beval\(|new Function|setTimeout\(\s*[\"'`]|javascript:"
STYLE = r"setAttribute\(\s*[\"']style|\.cssText"
ELSEWHERE = r"(https?:)?//(?!www\.w3\.org/)[a-z0-9.-]+\.[a-z]{2,}"

PARSED = """
const {SourceTextModule} = require("vm"), {readFileSync} = require("fs"), names = process.argv.slice(1);
for (const name of names) new SourceTextModule(readFileSync(name, "utf8"), {identifier: name});
console.log(names.length);
"""


def name(path):
    return path.relative_to(PAGE).as_posix()


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_makes_neither_markup_nor_code_of_text(path):
    source = path.read_text(encoding="utf-8")
    assert not re.findall("|".join((MARKUP, CODE, STYLE)), source)
    assert len(source.splitlines()) <= 400


@pytest.mark.parametrize("path", OURS, ids=name)
def test_nothing_is_fetched_from_elsewhere(path):
    if path.suffix in (".js", ".css", ".html", ".svg"):
        source = re.sub(r"(?m)^\s*(//|\*).*$", "", path.read_text(encoding="utf-8"))
        assert not re.findall(ELSEWHERE, source)
        assert not re.findall(r"@import|@font-face", source)


@pytest.mark.parametrize("path", [path for path in OURS if path.suffix == ".html"], ids=name)
def test_a_page_holds_no_script_and_no_style_of_its_own(path):
    source = path.read_text(encoding="utf-8")
    assert not re.findall(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", source)


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_every_import_leads_to_a_file(path):
    source = path.read_text(encoding="utf-8")
    for target in re.findall(r"(?m)^(?:import|export|\}).*from [\"']([^\"']+)[\"'];$", source):
        place = PAGE / target.removeprefix("/page/") if target.startswith("/page/") else path.parent / target
        assert target.startswith(("/page/", "./", "../")) and place.resolve().is_file(), target
        assert place.resolve().is_relative_to(PAGE)


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed: scripts are read by the browser alone")
def test_scripts_can_be_read():
    command = ["node", "--experimental-vm-modules", "--no-warnings", "-e", PARSED, *map(str, SCRIPTS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) == len(SCRIPTS)


def tokens():
    """Return the colours of the page by name."""
    return dict(
        re.findall(r"--([a-z-]+):\s*(#[0-9A-Fa-f]{6}|#fff)\b", (PAGE / "css/base.css").read_text(encoding="utf-8"))
    )


def luminance(colour):
    """Return the relative luminance of a colour (WCAG 2.2)."""
    digits = "".join(letter * 2 for letter in colour[1:]) if len(colour) == 4 else colour[1:]
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ink", ["ink", "soft", "campaign", "counter-ink", "contested-ink", "good"])
@pytest.mark.parametrize("ground", ["paper", "pale"])
def test_letters_stand_out_from_their_ground(ink, ground):
    assert contrast(tokens()[ink], tokens()[ground]) >= 4.5


def test_edges_and_lines_of_charts_stand_out_from_white():
    for colour in ("edge", "campaign", "counter"):
        assert contrast(tokens()[colour], "#ffffff") >= 3.0, colour


def test_the_frames_have_the_colours_of_every_figure():
    chart = (PAGE / "js/chart.js").read_text(encoding="utf-8")
    for frame, colour in (
        ("campaign", canvas.CAMPAIGN),
        ("counter", canvas.COUNTER),
        ("contested", canvas.VERDICT_COLOUR["contested"]),
    ):
        assert tokens()[frame] == colour
        assert re.search(rf'{frame}: {{ stroke: "{colour}"', chart)


def test_a_vendored_library_travels_with_its_licence():
    vendored = [path for path in (PAGE / "vendor").iterdir() if path.is_dir()]
    assert vendored
    assert all((path / "LICENSE").is_file() for path in vendored)


def test_a_code_fits_the_field_into_which_it_is_typed():
    home = (PAGE / "js/views/home.js").read_text(encoding="utf-8")
    assert int(re.search(r"maxlength: (\d+)", home).group(1)) >= len(" ".join(new_code()))
