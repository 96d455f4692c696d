// The main file of the subset of the bindings (subset_assembly.py). The one of the complete package loads every
// submodule; lazy-index.js loads a submodule when it is used.

// Each token records a JavaScript stack trace, which takes a tenth of Node's time and always shows jsii.
function recordNoStackTraces() {
  require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
}

// What CDKTF looks for in a text: a token, the value of a map token, or a number that may be a token.
const TOKEN = /TfToken\[| Map Token Value|[-|\d.+]e[-|\d.eE+]/;
// Numbers that are tokens are very large, and NUMBER_MAP_TOKEN_VALUE is -123456789.
const MOST = 123456789;
const MOST_DEPTH = 100; // CDKTF reports a circular reference from 200.

// CDKTF resolves each element four times, and looks for several kinds of tokens in each text, key and number. Values
// without any are copied here; everything else is left to CDKTF, value by value.
function resolvePlainValuesQuickly() {
  const module_ = require("cdktf/lib/tokens/private/resolve");
  const resolve = module_.resolve;
  module_.resolve = (value, options) => resolveValue(value, [...(options.prefix ?? [])], options, resolve);
}

function resolveValue(value, path, options, resolve) {
  if (value === undefined || value === null || isPlain(value)) return value;
  const resolveItem = (key, item) => {
    path.push(`${key}`);
    const resolved = resolveValue(item, path, options, resolve);
    path.pop();
    return resolved;
  };
  if (path.length < MOST_DEPTH) {
    if (isPlainArray(value)) {
      return value.map((item, index) => resolveItem(index, item)).filter((item) => item !== undefined);
    }
    if (isPlainObject(value)) {
      const entries = Object.keys(value).map((key) => [key, resolveItem(key, value[key])]);
      return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
    }
  }
  return resolve(value, { ...options, prefix: [...path] });
}

function isPlain(value) {
  if (typeof value === "string") return !TOKEN.test(value);
  if (typeof value === "number") return Math.abs(value) < MOST;
  return typeof value === "boolean";
}

// A text or a number in an array may stand for a whole list.
function isPlainArray(value) {
  return Array.isArray(value) && value.every((item) => typeof item === "object" || isPlain(item));
}

function isPlainObject(value) {
  return (
    Object.getPrototypeOf(value) === Object.prototype &&
    typeof value.resolve !== "function" &&
    !Object.keys(value).some((key) => TOKEN.test(key))
  );
}

for (const improve of [recordNoStackTraces, resolvePlainValuesQuickly]) {
  try {
    improve();
  } catch {
    // This version of CDKTF has other files. The output is the same.
  }
}
module.exports = require("./lazy-index.js");
