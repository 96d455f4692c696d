// The main file of the subset of the bindings (subset_assembly.py). The one of the complete package loads every
// submodule; lazy-index.js loads a submodule when it is used.

// CDKTF, or CDK Terrain, which has the same files.
const FRAMEWORK = "cdktn" in require("../package.json").peerDependencies ? "cdktn" : "cdktf";

// Each token records a JavaScript stack trace, which takes a tenth of Node's time and always shows jsii.
function recordNoStackTraces() {
  process.env.CDKTN_DISABLE_CREATION_STACK = "1"; // the switch of CDK Terrain
  require(`${FRAMEWORK}/lib/tokens/private/stack-trace`).captureStackTrace = () => [];
}

// What CDKTF looks for in a text: a token, the value of a map token, or a number that may be a token.
const TOKEN = /TfToken\[| Map Token Value|[-|\d.+]e[-|\d.eE+]/;
const TEXT_TOKENS = /\$\{TfToken\[([\w:.-]+)\]\}/g;
const ONLY_A_TOKEN = new RegExp(`^${TEXT_TOKENS.source}$`);
const OTHER_EXPRESSION = /\$\{(?!TfToken\[)/;
// Numbers that are tokens are very large, and NUMBER_MAP_TOKEN_VALUE is -123456789.
const MOST = 123456789;
const MOST_DEPTH = 100; // CDKTF reports a circular reference from 200.

// CDKTF resolves each element three times, and looks for several kinds of tokens in each text, key and number. Values
// without any are copied here, and references are resolved here; everything else is left to CDKTF, value by value.
function resolveMostValuesQuickly() {
  const module_ = require(`${FRAMEWORK}/lib/tokens/private/resolve`);
  const resolve = module_.resolve;
  const resolveReferences = referenceResolver();
  module_.resolve = (value, options) => {
    const context = { options, resolve, resolveReferences };
    return resolveValue(value, [...(options.prefix ?? [])], context);
  };
}

function resolveValue(value, path, context) {
  if (value === undefined || value === null || isPlain(value)) return value;
  if (typeof value === "string") {
    const text = context.resolveReferences(value, context.options);
    if (text !== undefined) return text;
  } else if (path.length < MOST_DEPTH) {
    if (isPlainArray(value)) return resolveItems(value, path, context);
    if (isPlainObject(value)) return resolveProperties(value, path, context);
  }
  return context.resolve(value, { ...context.options, prefix: [...path] });
}

function resolveItems(items, path, context) {
  const resolved = [];
  items.forEach((item, index) => {
    path.push(`${index}`);
    const value = resolveValue(item, path, context);
    path.pop();
    if (value !== undefined) resolved.push(value);
  });
  return resolved;
}

function resolveProperties(object, path, context) {
  const resolved = {};
  for (const key of Object.keys(object)) {
    path.push(key);
    const value = resolveValue(object[key], path, context);
    path.pop();
    if (value !== undefined) resolved[key] = value;
  }
  return resolved;
}

// Nearly all tokens refer to a resource of the same stack, by an expression that never changes. CDKTF splits a text with
// a token at each brace, which every policy has, and resolves each part on its own.
function referenceResolver() {
  const { DefaultTokenResolver, StringConcat } = require(`${FRAMEWORK}/lib/tokens`);
  const { TokenMap } = require(`${FRAMEWORK}/lib/tokens/private/token-map`);
  const Reference = require(`${FRAMEWORK}/lib/tfExpression`).ref("").constructor;
  // A subclass in Python or in JavaScript has methods of its own.
  const isDefault = ({ resolveString, resolveToken, concat }) =>
    resolveString === DefaultTokenResolver.prototype.resolveString &&
    resolveToken === DefaultTokenResolver.prototype.resolveToken &&
    concat?.join === StringConcat.prototype.join;
  const expression = (key, stack) => {
    const token = TokenMap.instance().lookupToken(key);
    if (token.constructor === Reference && token.originStack === stack) return `\${${token.identifier}}`;
    if (token.constructor.name !== "Dependable") return undefined;
    // An entry of `depends_on` has a token for the resource, whose expression it contains without braces.
    const [, inner] = ONLY_A_TOKEN.exec(token.dependable.fqn) ?? [];
    const text = inner && expression(inner, stack);
    return text?.startsWith("${") ? text.slice(2, -1) : undefined;
  };
  // Returns undefined for a text that has anything else to resolve.
  return (text, { scope, resolver }) => {
    if (OTHER_EXPRESSION.test(text) || !isDefault(resolver)) return undefined;
    const resolved = text.replace(TEXT_TOKENS, (token, key) => expression(key, scope) ?? token);
    return TOKEN.test(resolved) ? undefined : resolved;
  };
}

function isPlain(value) {
  if (typeof value === "string") return !TOKEN.test(value);
  if (typeof value === "number") return Math.abs(value) < MOST;
  return typeof value === "boolean";
}

function isPlainArray(value) {
  return Array.isArray(value) && !value.some(mayBeList);
}

// A text or a number in an array may stand for a whole list.
function mayBeList(item) {
  if (typeof item === "string") return item.includes("#{TfToken[");
  return typeof item !== "object" && !isPlain(item);
}

function isPlainObject(value) {
  return (
    Object.getPrototypeOf(value) === Object.prototype &&
    typeof value.resolve !== "function" &&
    !Object.keys(value).some((key) => TOKEN.test(key))
  );
}

for (const improve of [recordNoStackTraces, resolveMostValuesQuickly]) {
  try {
    improve();
  } catch {
    // This version of CDKTF has other files. The output is the same.
  }
}
module.exports = require("./lazy-index.js");
