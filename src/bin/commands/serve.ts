/**
 * `habu-mcp` without a subcommand: serves MCP over stdio. What `initialize` and `tools/list` do not need is imported
 * with the first call.
 */
import * as Selection from "../../mcp/Selection.js"
import { serve } from "../../mcp/StdioServer.js"
import type { Surface } from "../../mcp/Surface.js"
import surface from "../../mcp/surface.json" with { type: "json" }
import * as Arguments from "../arguments.js"
import { build, version } from "../build.js"
import { print } from "../print.js"

const help = `habu-mcp ${version} (${build}): MCP server for the Habu (LiveRamp) Clean Room API

Usage: habu-mcp [options]              serve MCP over stdio, for a host to start
       habu-mcp doctor                 find out what is wrong with this set-up, with fixes
       habu-mcp tools [TOOL]           list the tools, or tell of one
       habu-mcp call TOOL [JSON]       call a tool from a terminal or a script
       habu-mcp sandbox [options]      serve a local Habu over HTTP, for programs in any language
       habu-mcp COMMAND --help         tell more of a command

Options for serving:
  --sandbox            serve MCP over a local Habu with synthetic data; needs no account
  --read-only          offer only tools that change nothing; send no write, export no file
  --toolsets NAMES     offer only these, by commas: rooms, data, partners, questions, results, operations, api, all
                       (default: all but api; health_check, test_connection and find_resources always)
  --tools NAMES        offer only these tools; --exclude-tools NAMES leaves some out
  --allow-destructive  where no person can be asked, let a preview and its code stand for their agreement to what
                       cannot be undone; --allow-contractual the same for what binds the organisation
${Arguments.loggingHelp("info")}  --version            print version and build, then end
  --help               print this, then end

${Arguments.settingsHelp}
Exit codes: 0 the host has gone; 2 arguments that cannot be used. habu-mcp call --help lists those of a call.
`

const options = {
  ...Arguments.calling,
  ...Arguments.help,
  ...Arguments.logging,
  toolsets: { type: "string" },
  tools: { type: "string" },
  "exclude-tools": { type: "string" },
  version: { type: "boolean", default: false }
} as const

const names = (text: string | undefined) =>
  text === undefined ? undefined : text.split(",").map((name) => name.trim()).filter((name) => name !== "")

export const run = async (args: ReadonlyArray<string>): Promise<void> => {
  const { values } = Arguments.parse("", { args: [...args], options })
  if (values.help) return void print(help)
  if (values.version) return void print(`${version}+${build}\n`)
  const logs = Arguments.logsOf(values, "info")
  const all = surface as Surface
  const choice: Selection.Choice = {
    toolsets: names(values.toolsets),
    tools: names(values.tools),
    exclude: names(values["exclude-tools"]),
    readOnly: values["read-only"]
  }
  const problem = Selection.problemWith(all, choice)
  if (problem !== undefined) return Arguments.refuse(problem)
  const offered = Selection.select(all, choice)
  await serve({
    surface: offered,
    version,
    build,
    sandbox: values.sandbox,
    load: async (tell) => {
      const runtime = await import("../runtime.js")
      return runtime.load({
        sandbox: values.sandbox,
        tell,
        logs,
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
