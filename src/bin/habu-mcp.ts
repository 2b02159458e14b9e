/**
 * The command `habu-mcp`. Serving is the one subcommand that a host waits for, so it is here at once; the others are
 * imported when they are asked for.
 */
import { refuse } from "./arguments.js"
import { run as serve } from "./commands/serve.js"

const subcommands: { readonly [name: string]: () => Promise<{ run: (args: ReadonlyArray<string>) => unknown }> } = {
  call: () => import("./commands/call.js"),
  doctor: () => import("./commands/doctor.js"),
  sandbox: () => import("./commands/sandbox.js"),
  tools: () => import("./commands/tools.js")
}

// What Node writes of a crash holds the environment, and so the secret, unless it is told not to.
if (process.report !== undefined && "excludeEnv" in process.report) process.report.excludeEnv = true

const args = process.argv.slice(2)
const [first, ...rest] = args

if (first === undefined || first.startsWith("-")) await serve(args)
else {
  const subcommand = Object.entries(subcommands).find(([name]) => name === first)?.[1]
  await (subcommand === undefined
    ? refuse(
      `there is no command ${JSON.stringify(first)}; possible: ${Object.keys(subcommands).join(", ")}, or none to ` +
        "serve MCP"
    )
    : (await subcommand()).run(rest))
}
