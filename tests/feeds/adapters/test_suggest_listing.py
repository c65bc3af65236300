import pytest

from monitor.feeds.adapters.suggest_listing import suggest_selectors

HEADLINE = "A headline that is long enough {}"


def page(row: str, around: str = "{}") -> str:
    rows = "".join(row.format(HEADLINE.format(number), number) for number in range(4))
    menu = "".join(f"<li><a href=/m{number}>An entry of the menu with words</a></li>" for number in range(9))
    return f"<!doctype html><html><body><nav><ul>{menu}</ul></nav>{around.format(rows)}</body></html>"


@pytest.mark.parametrize(
    ("row", "around", "items", "date"),
    [
        ("<li class='news big'><time>x</time><a href=/{1}>{0}</a></li>", "<ul>{}</ul>", "li.news", "time"),
        ("<article><h2><a href=/{1}>{0}</a></h2></article>", "{}", "article", ""),
        ("<li><a href=/{1}>{0}</a></li>", "<ul class=list>{}</ul>", "ul.list > li", ""),
        ("<tr><td>1</td><td><a href=/{1}>{0}</a></td></tr>", "<table class=t>{}</table>", "table.t > tr", ""),
        ("<div><a class=head href=/{1}>{0}</a></div>", "{}", "a.head", ""),
    ],
)
def test_the_elements_that_hold_one_headline_each_are_suggested(
    row: str, around: str, items: str, date: str
) -> None:
    best = suggest_selectors(page(row, around))[0]
    assert (best.items, best.date) == (items, date)


@pytest.mark.parametrize(
    "text", ["", "<!doctype html>", page("<p>{0} {1}</p>"), page("<a href=/{1}>short</a>")]
)
def test_a_page_without_headlines_has_no_suggestion(text: str) -> None:
    assert suggest_selectors(text) == ()
