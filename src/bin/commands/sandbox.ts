/** `habu-mcp sandbox`: reads its options and serves a local Habu until it is told to end. */
import * as Arguments from "../arguments.js"
import { print } from "../print.js"

const help = `Usage: habu-mcp sandbox [options]

Serves a local Habu over HTTP, for programs in any language: the contract, Habu's rules and limits on a clock that can
run faster, questions that really execute over synthetic data, and faults on demand. Prints one line of JSON with its
address and credentials, and serves until it gets a signal. docs/sandbox.md says what it emulates and how to steer it.

  --port PORT          where to listen on 127.0.0.1; 0 picks a free port (default 8787)
  --speed N            how many of its seconds pass in one (default 60)
  --seed N             the organisation and its data follow from it (default 1)
  --rows N             people in the synthetic tables (default 20000)
  --rooms N            so many clean rooms more than the seeded ones (default 0)
  --questions N        questions in each of those (default 20)
  --faults FILE        JSON, one fault or a list: what goes wrong from the start (docs/sandbox.md)
  --strict-contract    answer as the contract says, without what was seen to differ live
${Arguments.loggingHelp("info")}  --help               print this, then end

To use it from habu-mcp: set HABU_API to its url, HABU_API_CLIENT and HABU_API_SECRET to its credentials, and
HABU_SANDBOX_SPEED to its speed.

Exit codes: 0 told to end; 1 cannot listen; 2 arguments that cannot be used.
`

const options = {
  ...Arguments.help,
  ...Arguments.logging,
  port: { type: "string" },
  speed: { type: "string" },
  seed: { type: "string" },
  rows: { type: "string" },
  rooms: { type: "string" },
  questions: { type: "string" },
  faults: { type: "string" },
  "strict-contract": { type: "boolean" }
} as const

const numberOf = (
  name: "port" | "speed" | "seed" | "rows" | "rooms" | "questions",
  text: string | undefined,
  least: number,
  most: number
) => {
  if (text === undefined) return {}
  const value = Number(text)
  return text.trim() !== "" && value >= least && value <= most && (name === "speed" || Number.isInteger(value))
    ? { [name]: value }
    : Arguments.refuse(`--${name} is ${JSON.stringify(text)}; possible: ${least} to ${most}`, "sandbox")
}

export const run = async (args: ReadonlyArray<string>): Promise<void> => {
  const { values } = Arguments.parse("sandbox", { args: [...args], options })
  if (values.help) return void print(help)
  if (values.questions !== undefined && values.rooms === undefined) {
    Arguments.refuse("--questions is for the clean rooms that --rooms adds; give both", "sandbox")
  }
  const logs = Arguments.logsOf(values, "info")
  const chosen = {
    port: 8787,
    ...numberOf("port", values.port, 0, 65_535),
    ...numberOf("speed", values.speed, 1, 1_000_000),
    ...numberOf("seed", values.seed, 0, 4_294_967_295),
    ...numberOf("rows", values.rows, 1, 10_000_000),
    ...numberOf("rooms", values.rooms, 0, 10_000),
    ...numberOf("questions", values.questions, 0, 1000),
    ...(values["strict-contract"] === true && { strictContract: true })
  }
  const ending = new AbortController()
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ending.abort())
  const { serve } = await import("../sandbox.js")
  process.exitCode = await serve(chosen, values.faults, logs, ending.signal)
}
