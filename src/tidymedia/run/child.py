"""The child process: takes files one by one, works on them, and tells what it does.

Started by :mod:`tidymedia.run.guard` as ``python -m tidymedia.run.child PARENT``. Whatever kills it costs one
picture or one file, since the parent knows the last step that it began.
"""

from __future__ import annotations

import faulthandler
import os
import queue
import sys
import threading
from collections.abc import Mapping
from functools import partial
from typing import IO, Any

from tidymedia.errors import TidymediaError
from tidymedia.extractors.base import Extractor
from tidymedia.media.kinds import Kind
from tidymedia.models.devices import DEVICE_ENVIRONMENT
from tidymedia.run.messages import read_message, write_message
from tidymedia.run.process_control import ignore_interrupts, leave_with_parent, offer_to_out_of_memory_killer
from tidymedia.run.task import Setup, Task
from tidymedia.run.work import BugError, work_on
from tidymedia.run.work_progress import WorkProgress

__all__ = ["main"]


def main() -> None:
    """Serve the parent until it closes our standard input."""
    # Stray prints of native libraries must not garble the messages: they go where errors go.
    outbox = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    ignore_interrupts()
    leave_with_parent(int(sys.argv[1]))
    offer_to_out_of_memory_killer()
    faulthandler.enable()
    inbox: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, inbox), daemon=True).start()
    _serve(inbox, outbox)


def _listen(stream: IO[bytes], inbox: queue.SimpleQueue[dict[str, Any]]) -> None:
    """Collect messages; leave at once when the parent is gone, even in the middle of work."""
    while (message := read_message(stream)) is not None:
        inbox.put(message)
    os._exit(0)


def _serve(inbox: queue.SimpleQueue[dict[str, Any]], outbox: IO[bytes]) -> None:
    setup: Setup | None = None
    extractors: dict[str, Extractor] = {}
    marks: dict[Kind, dict[str, str]] = {}
    while True:
        message = inbox.get()
        try:
            if message["type"] == "setup":
                setup = Setup.from_dict(message["setup"])
                if setup.device is not None:
                    os.environ[DEVICE_ENVIRONMENT] = setup.device
                extractors, marks = setup.make_extractors(), {}
                for extractor in extractors.values():
                    extractor.load()
                write_message(outbox, {"type": "ready"})
            elif setup is not None:
                task, progress = Task.from_dict(message["task"]), WorkProgress.from_dict(message["progress"])
                work_on(task, setup, extractors, progress, partial(_tell, outbox), marks)
                write_message(outbox, {"type": "done"})
        except TidymediaError as error:
            write_message(outbox, {"type": "unavailable", "message": error.message, "remedy": error.remedy})
        except BugError as error:
            write_message(outbox, {"type": "bug", "message": str(error)})


def _tell(outbox: IO[bytes], message: Mapping[str, Any]) -> None:
    """Tell the parent: steps at once, before they can crash; results with the next step, which follows immediately."""
    write_message(outbox, message, at_once=message["type"] in ("step", "tick"))


if __name__ == "__main__":
    main()
