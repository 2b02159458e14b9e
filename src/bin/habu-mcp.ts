/**
 * The command `habu-mcp`: reads its arguments and serves MCP over stdio. What `initialize` and `tools/list` do not need
 * is imported with the first call.
 */
import { parseArgs } from "node:util"
import * as Selection from "../mcp/Selection.js"
import { serve } from "../mcp/StdioServer.js"
import type { Surface } from "../mcp/Surface.js"
import surface from "../mcp/surface.json" with { type: "json" }
import { build, version } from "./build.js"
import { complain, print } from "./print.js"

const help = `habu-mcp ${version} (${build}): MCP server for the Habu (LiveRamp) Clean Room API

Usage: habu-mcp [options]            serve MCP over stdio
       habu-mcp sandbox [options]    serve a local Habu over HTTP, for programs in any language

  --sandbox            serve MCP over a local Habu with synthetic data; needs no account
  --read-only          offer only tools that change nothing, and send no write
  --toolsets NAMES     offer only these, by commas: rooms, data, partners, questions, results, operations, api, all
                       (default: all but api; health_check, test_connection and find_resources always)
  --tools NAMES        offer only these tools; --exclude-tools NAMES leaves some out
  --allow-destructive  where no person can be asked, let a preview and its code stand for their agreement to what
                       cannot be undone; --allow-contractual the same for what binds the organisation
  --log-level LEVEL    trace, debug, info (default), warning, error, none; logs go to stderr
  --version            print version and build, then end
  --help               print this, then end

For habu-mcp sandbox:
  --port PORT          where to listen on 127.0.0.1; 0 picks a free port (default 8787)
  --speed N            how many of its seconds pass in one (default 60)
  --seed N             the organisation and its data follow from it (default 1)
  --rows N             people in the synthetic tables (default 20000)
  --rooms N            so many clean rooms more than the seeded ones (default 0)
  --questions N        questions in each of those (default 20)
  --faults FILE        JSON, one fault or a list: what goes wrong from the start (docs/sandbox.md)
  --strict-contract    answer as the contract says, without what was seen to differ live

Settings are read from the environment: HABU_API_CLIENT and HABU_API_SECRET (or …_FILE), HABU_ORGANIZATION, HABU_API,
HABU_STATE (a folder, a Redis address, or memory). The README lists them all.
`

const levels = ["trace", "debug", "info", "warning", "error", "none"] as const
type Level = (typeof levels)[number]
const isLevel = (text: string): text is Level => levels.some((level) => level === text)

const refuse = (problem: string): never => {
  complain(`${problem}\nTry habu-mcp --help.`)
  process.exit(2)
}

const readArguments = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        sandbox: { type: "boolean", default: false },
        "read-only": { type: "boolean", default: false },
        toolsets: { type: "string" },
        tools: { type: "string" },
        "exclude-tools": { type: "string" },
        "allow-destructive": { type: "boolean", default: false },
        "allow-contractual": { type: "boolean", default: false },
        "log-level": { type: "string", default: "info" },
        port: { type: "string" },
        speed: { type: "string" },
        seed: { type: "string" },
        rows: { type: "string" },
        rooms: { type: "string" },
        questions: { type: "string" },
        faults: { type: "string" },
        "strict-contract": { type: "boolean" },
        version: { type: "boolean", default: false },
        help: { type: "boolean", default: false }
      }
    })
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

const { positionals, values } = readArguments()

const level =
  ((text: string) =>
    isLevel(text) ? text : refuse(`--log-level is ${JSON.stringify(text)}; possible: ${levels.join(", ")}`))(
      values["log-level"]
    )

const number = (name: "port" | "speed" | "seed" | "rows" | "rooms" | "questions", least: number, most: number) => {
  const text = values[name]
  if (text === undefined) return {}
  const value = Number(text)
  return text.trim() !== "" && value >= least && value <= most && (name === "speed" || Number.isInteger(value))
    ? { [name]: value }
    : refuse(`--${name} is ${JSON.stringify(text)}; possible: ${least} to ${most}`)
}

const serveSandbox = async () => {
  if (values.questions !== undefined && values.rooms === undefined) {
    refuse("--questions is for the clean rooms that --rooms adds; give both")
  }
  const options = {
    port: 8787,
    ...number("port", 0, 65_535),
    ...number("speed", 1, 1_000_000),
    ...number("seed", 0, 4_294_967_295),
    ...number("rows", 1, 10_000_000),
    ...number("rooms", 0, 10_000),
    ...number("questions", 0, 1000),
    ...(values["strict-contract"] === true && { strictContract: true })
  }
  const ending = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ending.abort())
  const { serve: serveAlone } = await import("./sandbox.js")
  process.exitCode = await serveAlone(options, values.faults, level, ending.signal)
}

const names = (text: string | undefined) =>
  text === undefined ? undefined : text.split(",").map((name) => name.trim()).filter((name) => name !== "")

const serveMcp = () => {
  const all = surface as Surface
  const choice: Selection.Choice = {
    toolsets: names(values.toolsets),
    tools: names(values.tools),
    exclude: names(values["exclude-tools"]),
    readOnly: values["read-only"]
  }
  const problem = Selection.problemWith(all, choice)
  if (problem !== undefined) return refuse(problem)
  const offered = Selection.select(all, choice)
  return serve({
    surface: offered,
    version,
    build,
    sandbox: values.sandbox,
    load: async () => {
      const runtime = await import("./runtime.js")
      return runtime.load({
        sandbox: values.sandbox,
        level,
        version,
        build,
        offered: new Set(offered.tools.map(({ name }) => name)),
        readOnly: values["read-only"],
        allow: {
          allowDestructive: values["allow-destructive"],
          allowContractual: values["allow-contractual"]
        }
      })
    }
  })
}

const [command, ...more] = positionals

if (values.help) print(help)
else if (values.version) print(`${version}+${build}\n`)
else if (more.length > 0 || (command !== undefined && command !== "sandbox")) {
  refuse(`there is no command ${JSON.stringify(positionals.join(" "))}; possible: sandbox, or none to serve MCP`)
} else if (command === "sandbox") await serveSandbox()
else await serveMcp()
