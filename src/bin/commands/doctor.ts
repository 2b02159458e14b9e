/** `habu-mcp doctor`: looks at the set-up in the order in which a call needs its parts. */
import * as Arguments from "../arguments.js"
import { print, reader } from "../print.js"
import * as Terminal from "../terminal.js"

const help = `Usage: habu-mcp doctor [options]

Looks at everything that a call needs, in the order in which it needs it, and says how to mend what is wrong: Node, the
settings, the state store, Habu's API, the limits that are left, signing in, what the API key may do, and the optional
parts. Run it with the environment that your MCP host gives. On a terminal as text, in a pipe or with --json as JSON.

Signing in takes one of the 2 access tokens that Habu gives in 24 h, unless the state store still holds a good one.

  --no-sign-in         leave signing in and the rights of the key out
  --sandbox            look at a local Habu with synthetic data
  --json               JSON on a terminal too
${Arguments.loggingHelp("none")}  --help               print this, then end

${Arguments.settingsHelp}
Exit codes: 0 all that is needed is there; 1 something is wrong; 2 arguments that cannot be used.
`

const marks = { ok: "✓", note: "i", wrong: "✗", skipped: "-" }

export const run = async (args: ReadonlyArray<string>): Promise<void> => {
  const { values } = Arguments.parse("doctor", {
    args: [...args],
    options: {
      ...Arguments.help,
      ...Arguments.logging,
      "no-sign-in": { type: "boolean", default: false },
      sandbox: { type: "boolean", default: false },
      json: { type: "boolean", default: false }
    }
  })
  if (values.help) return void print(help)
  const logs = Arguments.logsOf(values, "none")
  const { examine } = await import("../examination.js")
  const checks = await examine({ sandbox: values.sandbox, signIn: !values["no-sign-in"], logs })
  const wrong = checks.filter(({ result }) => result === "wrong")
  const summary = wrong.length === 0
    ? "All that a call needs is there."
    : `${wrong.length === 1 ? "One thing is" : `${wrong.length} things are`} wrong; begin with: ${wrong[0]?.check}.`
  const lines = checks.flatMap(({ check, fix, found, result }) => [
    ...Terminal.wrapped(`${marks[result]} ${check}: ${found}`, ""),
    ...Terminal.wrapped(fix ?? "", "    ")
  ])
  print(
    reader.isPerson && !values.json
      ? `${[...lines, "", summary].join("\n")}\n`
      : `${JSON.stringify({ status: wrong.length === 0 ? "done" : "failed", summary, checks })}\n`
  )
  process.exitCode = wrong.length === 0 ? Arguments.exitCode.done : Arguments.exitCode.failed
}
