"""Run the jsii kernel in one Node process instead of two.

jsii starts a Node process that starts a second one for the kernel, so that console output does not mix with messages:
those use file descriptor 3 of the second process. Each message then wakes three processes instead of two, which takes
a tenth of the time of a large synth. Here the kernel runs in the first process: its descriptor 3 is standard input and
output, and its console output goes to standard error in the JSON format that jsii expects.
"""

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from jsii._kernel.providers import process
from jsii._stack_trace import is_enabled
from jsii.errors import ErrorType, JavaScriptError, JSIIError

from protected_endpoints.bindings.messages import quick_response, read_message, request_line

_ENTRY = """
const fs = require("fs");
const { readSync, writeSync } = fs;
fs.readSync = (descriptor, ...rest) => readSync(descriptor === 3 ? 0 : descriptor, ...rest);
// V8 optimizes functions that run often, on threads of its own. For 100 endpoints that takes a third of the time of
// Node, and the synth ends before it pays off; for 500 it pays off.
const v8 = require("v8");
v8.setFlagsFromString("--no-opt");
let messages = 0;
fs.writeSync = (descriptor, ...rest) => {
  if (descriptor === 3 && ++messages === 10000) v8.setFlagsFromString("--opt"); // about 170 endpoints
  return writeSync(descriptor === 3 ? 1 : descriptor, ...rest);
};
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
// The kernel writes out the type of each value, for an error about a type that is missing.
const util = require("util");
const { inspect } = util;
const isType = ({ type }) => type?.primitive || type?.fqn || type?.collection || type?.union;
const inspectOthers = (value, ...rest) => (value && isType(value) ? "a type" : inspect(value, ...rest));
util.inspect = Object.assign(inspectOthers, inspect);
// NODE_OPTIONS has the option for Node. The kernel looks for it here: without it, it makes a hard link for each file of
// its packages in a temporary folder, and deletes them at the end.
process.execArgv.push("--preserve-symlinks");
require("../lib/program.js");
"""

# At its end the kernel deletes what it has unpacked for one run only: thousands of files, which a slow disk delays.
_MAX_SECONDS_OF_END = 60
_MAX_SECONDS_OF_MESSAGES = 5

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

    def stop(self) -> None:
        """End Node. jsii kills it after 5 seconds, which leaves its files in the temporary folder."""
        if not self._process.stdin.closed:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=_MAX_SECONDS_OF_END)
        super().stop()

    def send(self, request: Any, response_type: Any) -> Any:
        """Send a request as jsii does, but with the faster conversion of `messages` where it has one."""
        line = request_line(request)
        if line is None or is_enabled():
            return super().send(request, response_type)
        self._process.stdin.write(line)
        self._process.stdin.flush()
        message = read_message(self._process.stdout.readline())
        response = quick_response(message, response_type)
        return self._other_response(message, response_type) if response is None else response

    def _other_response(self, message: Any, response_type: Any) -> Any:
        response = self._serializer.structure(message, process._ProcessResponse)
        if isinstance(response, process._OkayResponse):
            return self._serializer.structure(response.ok, response_type)
        if isinstance(response, process._CallbackResponse):
            return response.callback
        error = JSIIError if response.name == ErrorType.JSII_FAULT.value else RuntimeError
        cause: Any = JavaScriptError
        raise error(response.error) from cause(response.stack)


def start() -> Any:
    """Return a running Node: one process, or the two of jsii if the kernel does not start in one."""
    if shutil.which(os.environ.get("JSII_NODE", "node")) is None:
        sys.exit("node is not on PATH, and CDKTF requires it; install Node.js 22 or newer")
    direct = _DirectNode()
    try:
        direct.start()
    except Exception as error:
        print(f"starting jsii with a second Node process, which takes longer: {error!r}", file=sys.stderr)
        _end(direct)
        return _start_two()
    return direct


def _start_two() -> Any:
    node = _NodeProcess()
    try:
        node.start()
    except Exception:
        _end(node)
        options = os.environ.get("NODE_OPTIONS")
        setting = f"; NODE_OPTIONS is {options}" if options else ""
        sys.exit(f"Node.js did not start jsii, for the reason above{setting}")
    return node


def _end(node: Any) -> None:
    """End what has started, after its messages."""
    with suppress(Exception):
        node.stop()
    with suppress(Exception):
        node.sink_thread.join(timeout=_MAX_SECONDS_OF_MESSAGES)
