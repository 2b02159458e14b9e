/**
 * The command `habu-mcp`: reads its arguments and serves MCP over stdio. What `initialize` and `tools/list` do not need
 * is imported with the first call.
 */
import { parseArgs } from "node:util"
import { serve } from "../mcp/StdioServer.js"
import type { Surface } from "../mcp/Surface.js"
import surface from "../mcp/surface.json" with { type: "json" }
import { build, version } from "./build.js"
import { print } from "./print.js"

const help = `habu-mcp ${version} (${build}): MCP server for the Habu (LiveRamp) Clean Room API

Usage: habu-mcp [options]

  --sandbox            serve a local Habu with synthetic data; needs no account
  --log-level LEVEL    trace, debug, info (default), warning, error, none; logs go to stderr
  --version            print version and build, then end
  --help               print this, then end

Settings are read from the environment: HABU_API_CLIENT and HABU_API_SECRET (or …_FILE), HABU_ORGANIZATION, HABU_API,
HABU_STATE (a folder, or memory). The README lists them all.
`

const levels = ["trace", "debug", "info", "warning", "error", "none"] as const
type Level = (typeof levels)[number]
const isLevel = (text: string): text is Level => levels.some((level) => level === text)

const refuse = (problem: string): never => {
  process.stderr.write(`habu-mcp: ${problem}\nTry habu-mcp --help.\n`)
  process.exit(2)
}

const readArguments = () => {
  try {
    return parseArgs({
      options: {
        sandbox: { type: "boolean", default: false },
        "log-level": { type: "string", default: "info" },
        version: { type: "boolean", default: false },
        help: { type: "boolean", default: false }
      }
    }).values
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

const values = readArguments()
const level = values["log-level"]

if (values.help) {
  print(help)
} else if (values.version) {
  print(`${version}+${build}\n`)
} else if (!isLevel(level)) {
  refuse(`--log-level is ${JSON.stringify(level)}; possible: ${levels.join(", ")}`)
} else {
  await serve({
    surface: surface as Surface,
    version,
    build,
    sandbox: values.sandbox,
    load: async () => {
      const runtime = await import("./runtime.js")
      return runtime.load({ sandbox: values.sandbox, level, version, build })
    }
  })
}
