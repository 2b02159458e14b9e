// The rules of this house as a lint plugin. Which files are let off which rule is said in .oxlintrc.json.
import * as Module from "node:module"
import * as Path from "node:path"
import { fileURLToPath } from "node:url"

const src = fileURLToPath(new URL("../src", import.meta.url))

const belowMcp = ["workflows", "results", "runs", "audit", "habu", "state"]
const allButBin = ["mcp", ...belowMcp, "duckdb", "sandbox", "testing"]

/** What each folder of src may import besides itself; "" stands for the files directly in src. */
export const mayImport = {
  "": allButBin,
  bin: allButBin,
  testing: allButBin,
  mcp: belowMcp,
  workflows: ["results", "runs", "audit", "habu", "state"],
  results: ["habu", "state", "duckdb"],
  runs: ["habu", "state"],
  audit: ["habu", "state"],
  habu: ["state"],
  sandbox: ["habu/api", "duckdb"],
  duckdb: [],
  state: []
}

const withinSrc = (file) => Path.relative(src, file).replaceAll(Path.sep, "/")
const folderOf = (file) => file.includes("/") ? file.slice(0, file.indexOf("/")) : ""

/** Why `from` may not import `to`, both relative to src; undefined where it may. */
const whyNotImport = (from, to) => {
  const folder = folderOf(from)
  if (to.startsWith("..")) return "src imports nothing of the project outside src"
  if (folderOf(to) === folder || mayImport[folder]?.some((name) => to.startsWith(`${name}/`))) return undefined
  return `src/${from} may not import src/${to}: imports point down, see scripts/house.mjs`
}

/** The value of a text that is known before the program runs. */
const textOf = (node) => {
  if (node.type === "Literal") return node.value
  return node.type === "TemplateLiteral" && node.expressions.length === 0 ? node.quasis[0].value.cooked : undefined
}

/** A rule over every way to name a module. `complain` gets the name, undefined where it is computed, and the file. */
const modules = (complain) => (context) => {
  const visit = (node) => {
    if (node.source === null) return
    const message = complain(textOf(node.source), context.filename)
    if (message !== undefined) context.report({ node, message })
  }
  return {
    ImportDeclaration: visit,
    ExportNamedDeclaration: visit,
    ExportAllDeclaration: visit,
    ImportExpression: visit,
    TSImportType: visit
  }
}

/** A rule over modules by pattern. */
const modulesLike = (pattern, message) => modules((name) => pattern.test(name ?? "") ? message : undefined)

/** The names under which a global is used here, as `process` and `process.env`, less a `globalThis` before them. */
const namesOf = (node, name = node.name) => {
  const { parent } = node
  if (parent.type === "MemberExpression" && parent.object === node) {
    const key = parent.computed ? textOf(parent.property) : parent.property.name
    return name === "globalThis" ? namesOf(parent, key) : [name, `${name}.${key}`]
  }
  const taken = parent.type === "VariableDeclarator" && parent.id.type === "ObjectPattern" ? parent.id.properties : []
  return [name, ...taken.map((property) => `${name}.${property.key?.name}`)]
}

/** A rule over globals: a message by name (`console`) or by name and member (`Date.now`). */
const globals = (messages) => (context) => ({
  Identifier: (node) => {
    if (!context.sourceCode.isGlobalReference(node)) return
    const found = namesOf(node).find((name) => Object.hasOwn(messages, name))
    if (found !== undefined) context.report({ node, message: messages[found] })
  }
})

/** A rule over the shape of the code: a message by selector. */
const syntax = (messages) => (context) =>
  Object.fromEntries(
    Object.entries(messages).map(([selector, message]) => [selector, (node) => context.report({ node, message })])
  )

/** A rule made of rules that visit different nodes. */
const rule = (...parts) => ({ create: (context) => Object.assign({}, ...parts.map((part) => part(context))) })

const notStdout = "stdout is the protocol's: use Effect's logger"
const notNode = "this file runs wherever Effect runs, not only in Node"

const notRun = "every test runs, always"

export default {
  meta: { name: "house" },
  rules: {
    direction: rule(modules((name, file) => {
      if (name === undefined) return "a computed import() hides its direction"
      if (/^habu-mcp(\/|$)/.test(name)) return "src imports its own files by relative paths"
      return name.startsWith(".")
        ? whyNotImport(withinSrc(file), withinSrc(Path.resolve(Path.dirname(file), name)))
        : undefined
    })),
    narrow: rule(modulesLike(
      /^(effect|@effect\/(platform|platform-node|platform-node-shared|experimental))$/,
      "this loads the whole package: import the one module, as \"effect/Effect\""
    )),
    platform: rule(
      modules((name) => {
        const isBound = /^(@effect\/platform-node(-shared)?|lmdb|@duckdb\/[^/]+)(\/|$)/.test(name ?? "")
        return isBound || Module.isBuiltin(name ?? "") ? notNode : undefined
      }),
      globals({ process: notNode, Buffer: notNode, require: notNode, setImmediate: notNode })
    ),
    sdk: rule(modulesLike(/^@modelcontextprotocol\//, "only src/mcp/StdioServer.ts and src/bin know the SDK")),
    stdout: rule(
      modulesLike(/^(effect\/Console|(node:)?(console|process))$/, notStdout),
      globals({ console: notStdout, "process.stdout": notStdout }),
      syntax({
        "MemberExpression[object.name='NodeSink'][property.name='stdout']": notStdout,
        "CallExpression[callee.property.name=/^write/][arguments.0.value=1]": notStdout,
        "CallExpression[callee.name=/^write/][arguments.0.value=1]": notStdout,
        "Literal[value=/^.dev.(stdout|fd.1)$/]": notStdout
      })
    ),
    determinism: rule(
      globals({ "Date.now": "use Clock", "performance.now": "use Clock", "Math.random": "use Random" }),
      syntax({
        "NewExpression[callee.name='Date'][arguments.length=0]": "use DateTime.now",
        "CallExpression[callee.name='Date']": "use DateTime.now"
      })
    ),
    config: rule(globals({ "process.env": "use Config" })),
    effect: rule(syntax({
      TryStatement: "use Effect.try and typed failures",
      ThrowStatement: "use Effect.fail",
      ":function[async=true]": "use Effect.gen"
    })),
    types: rule(syntax({
      "TSAsExpression > TSAnyKeyword.typeAnnotation": "`as any` gives up the types",
      TSNonNullExpression: "`!` asserts what a check would show"
    })),
    tests: rule(syntax({
      "MemberExpression[property.name=/^(only|skip|todo)$/][object.name=/^(it|test|describe)$/]": notRun,
      "MemberExpression[property.name=/^(only|skip|todo)$/][object.object.name=/^(it|test|describe)$/]": notRun
    }))
  }
}
