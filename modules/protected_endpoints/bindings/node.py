"""Run the jsii kernel in one Node process instead of two.

jsii starts a Node process that starts a second one for the kernel, so that console output does not mix with messages:
those use file descriptor 3 of the second process. Each message then wakes three processes instead of two, which takes
a tenth of the time of a large synth. Here the kernel runs in the first process: its descriptor 3 is standard input and
output, and its console output goes to standard error in the JSON format that jsii expects.
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
// CDKTF zips assets in a process of its own, but loads the library for it in each: a fifth of the time to load CDKTF.
const Module = require("module");
const load = Module._load;
Module._load = function (request, ...rest) {
  if (request !== "archiver") return load.call(this, request, ...rest);
  return (...options) => load.call(this, request, ...rest)(...options);
};
// NODE_OPTIONS has the option for Node. The kernel looks for it here: without it, it makes a hard link for each file of
// its packages in a temporary folder, and deletes them at the end.
process.execArgv.push("--preserve-symlinks");
require("../lib/program.js");
"""

# jsii is a typed package, but this class has no types.
_NodeProcess: Any = process._NodeProcess


class _DirectNode(_NodeProcess):  # type: ignore[misc]  # reason: see above
    def _jsii_runtime(self) -> str:
        # The folder of bin/jsii-runtime.js and lib/program.js, which jsii creates for this process.
        entry = Path(super()._jsii_runtime()).with_name("direct.js")
        entry.write_text(_ENTRY)
        return str(entry)

    def start(self) -> None:
        before = os.environ.get("NODE_OPTIONS", "")
        # jsii passes this option to its second process: packages are links into a cache, and import each other by link.
        os.environ["NODE_OPTIONS"] = f"{before} --preserve-symlinks"
        try:
            super().start()
        finally:
            os.environ["NODE_OPTIONS"] = before


def start() -> Any:
    """Return a running Node: one process, or the two of jsii if the kernel does not start in one."""
    if shutil.which(os.environ.get("JSII_NODE", "node")) is None:
        sys.exit("node is not on PATH, and CDKTF requires it; install Node.js 22 or newer")
    direct = _DirectNode()
    try:
        direct.start()
    except Exception as error:
        print(f"starting jsii with a second Node process, which takes longer: {error!r}", file=sys.stderr)
        with suppress(Exception):
            direct.stop()
        direct = _NodeProcess()
        direct.start()
    return direct
