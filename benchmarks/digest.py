"""How long a digest of a large day takes to word, form by form, and how large it becomes.

    python benchmarks/digest.py [ALERTS]

Ten thousand sample alerts by default, each a story of its own, with both files attached. The first
form also makes what all forms share: the JSON form, its hash and the files.
"""

import sys
import time
from dataclasses import replace

from monitor.model import Digest, MessageForm
from monitor.render import samples as sample
from monitor.render.renderer import Renderer

FORMS = tuple(map(MessageForm, ("mail", "files", "slack", "json", "text")))


def digest_of(count: int) -> Digest:
    """Return a digest of so many alerts, of every kind that the samples have."""
    kinds = sample.ALERTS
    alerts = tuple(
        replace(each, item=replace(each.item, guid=f"{n}"), story=f"{n}", seq=n)
        for n in range(count)
        for each in (kinds[n % len(kinds)],)
    )
    sub = replace(sample.DIGEST.subscription, attach=("csv", "json"))
    return replace(sample.DIGEST, alerts=alerts, subscription=sub)


def main() -> None:
    """Print a line for each form, and the sum."""
    digest, renderer = digest_of(int((sys.argv[1:] or ["10000"])[0])), Renderer()
    renderer.digest(sample.DIGEST, MessageForm.FILES)  # templates are compiled at their first use
    print(
        f"{len(digest.alerts)} alerts\n{'form':8} {'wall s':>7} {'CPU s':>7} {'HTML KiB':>9} {'text KiB':>9}"
    )
    wall, cpu = time.perf_counter(), time.process_time()
    for form in FORMS:
        begun, busy = time.perf_counter(), time.process_time()
        (message,) = renderer.digest(digest, form)
        took, used = time.perf_counter() - begun, time.process_time() - busy
        html, text = (len(each.encode()) / 1024 for each in (message.html, message.text))
        files = ", ".join(
            f"{each.name} {len(each.text.encode()) // 1024} KiB" for each in message.attachments
        )
        print(f"{form:8} {took:7.2f} {used:7.2f} {html:9.1f} {text:9.1f}  {files}")
    print(f"{'all':8} {time.perf_counter() - wall:7.2f} {time.process_time() - cpu:7.2f}")


if __name__ == "__main__":
    main()
