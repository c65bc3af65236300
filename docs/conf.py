"""Configure Sphinx for the documentation: `make docs` builds it into dist/docs, without a network."""

from pathlib import Path

from sphinx.application import Sphinx

from monitor import __version__

project = "sanctions-monitor"
author = "the contributors"
copyright = author
release = version = __version__

extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"sanctions-monitor {release}"
html_copy_source = html_show_sourcelink = html_show_sphinx = False
html_static_path = ["_static"]
html_css_files = ["pages.css"]
smartquotes = False  # quotes in tables of settings are those of TOML
suppress_warnings = ["myst.header"]  # changelogs and tables of stories begin sections at their own level

myst_heading_anchors = 4
myst_enable_extensions = ["deflist", "fieldlist"]
pygments_style = "friendly"
highlight_language = "none"

#: Files beside docs/ that are pages of the site, by the page that includes each.
INCLUDED = {
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
}


def link_to_pages(text: str) -> str:
    """Return a page whose links to files beside docs/ lead to the pages that include them."""
    for file, page in INCLUDED.items():
        text = text.replace(f"](../{file}", f"]({page}").replace(f"]({file}", f"]({page}")
    return text


def read_page(app: Sphinx, name: str, source: list[str]) -> None:
    """Change the links of a page that is read."""
    source[0] = link_to_pages(source[0])


def read_included(app: Sphinx, path: Path, parent: str, source: list[str]) -> None:
    """Change the links of a file that a page includes."""
    source[0] = link_to_pages(source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Register with Sphinx."""
    app.connect("source-read", read_page)
    app.connect("include-read", read_included)
    return {"parallel_read_safe": True}
