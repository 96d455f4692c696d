"""Node with jsii's program in it, and no second Node in between.

jsii runs its program in a child of the Node that Python talks to, so that what the program prints does not mix with the
messages: those go to the child through descriptor 3. Each message then wakes three processes instead of two, which is a
tenth of a large synth. Here the program runs in the first Node. Its descriptor 3 is the standard input and output, and
what it prints goes to Python in the envelope in which the first Node would have put it.
"""

import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jsii._kernel.providers import process

_ENTRY = """
const fs = require("fs");
const { readSync, writeSync } = fs;
fs.readSync = (descriptor, ...rest) => readSync(descriptor === 3 ? 0 : descriptor, ...rest);
fs.writeSync = (descriptor, ...rest) => writeSync(descriptor === 3 ? 1 : descriptor, ...rest);
const { Writable } = require("stream");
for (const name of ["stdout", "stderr"]) {
  const write = (chunk, _, done) => {
    writeSync(2, JSON.stringify({ [name]: Buffer.from(chunk).toString("base64") }) + "\\n");
    done();
  };
  Object.defineProperty(process, name, { value: new Writable({ write }) });
}
require("../lib/program.js");
"""

# jsii says that it is typed, but this class of it is not.
_NodeProcess: Any = process._NodeProcess


class _DirectNode(_NodeProcess):  # type: ignore[misc]  # reason: see above
    def _jsii_runtime(self) -> str:
        # bin/jsii-runtime.js, beside lib/program.js in a folder that jsii makes for this process.
        entry = Path(super()._jsii_runtime()).with_name("direct.js")
        entry.write_text(_ENTRY)
        return str(entry)

    def start(self) -> None:
        before = os.environ.get("NODE_OPTIONS", "")
        # jsii's child has it too: packages are links into a cache, and find each other where the links are.
        os.environ["NODE_OPTIONS"] = f"{before} --preserve-symlinks"
        try:
            super().start()
        finally:
            os.environ["NODE_OPTIONS"] = before


def start() -> Any:
    """Return a running Node: the direct one, or jsii's own where that does not answer as expected."""
    if shutil.which(os.environ.get("JSII_NODE", "node")) is None:
        sys.exit("there is no node on PATH, and CDKTF runs in it; install Node.js 22 or newer")
    direct = _DirectNode()
    try:
        direct.start()
    except Exception as surprise:
        print(f"starting jsii with a second Node, which takes longer: {surprise!r}", file=sys.stderr)
        with suppress(Exception):
            direct.stop()
        direct = _NodeProcess()
        direct.start()
    return direct
