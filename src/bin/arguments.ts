/**
 * What every subcommand shares: reading its arguments, refusing what cannot be used, and the exit codes.
 */
import { parseArgs, type ParseArgsConfig } from "node:util"
import { complain } from "./print.js"

/**
 * How the command ends. `unfinished`: only a part is done, or nobody can tell. `waiting`: nothing was done, the answer
 * says what to give. `interrupted` is what shells use for Ctrl-C.
 */
export const exitCode = { done: 0, failed: 1, usage: 2, waiting: 3, denied: 4, unfinished: 5, interrupted: 130 }

export const exitCodesHelp =
  `Exit codes: 0 done, or under way at Habu; 1 failed; 2 arguments that cannot be used; 3 nothing done, input or
confirmation needed; 4 denied, by Habu or by the person asked; 5 done in part, or unknown; 130 interrupted.
`

/** Ends the command over arguments that cannot be used; `command` is the subcommand whose help may help. */
export const refuse = (problem: string, command = ""): never => {
  complain(`${problem}\nTry habu-mcp ${command === "" ? "" : `${command} `}--help.`)
  process.exit(exitCode.usage)
}

/** Reads arguments by their declaration, or refuses them. */
export const parse = <T extends ParseArgsConfig>(command: string, config: T) => {
  try {
    return parseArgs(config)
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error), command)
  }
}

const levels = ["trace", "debug", "info", "warning", "error", "none"] as const
const formats = ["logfmt", "json"] as const

const oneOf = <T extends string>(name: string, possible: ReadonlyArray<T>, text: string): T =>
  possible.find((one) => one === text) ??
    refuse(`${name} is ${JSON.stringify(text)}; possible: ${possible.join(", ")}`)

/** The options of logging; a subcommand says what its level is without one. */
export const logging = { "log-level": { type: "string" }, "log-format": { type: "string" } } as const

export const loggingHelp = (usual: string) =>
  `  --log-level LEVEL    ${
    levels.map((level) => level === usual ? `${level} (default)` : level).join(", ")
  }; logs go to stderr
  --log-format FORMAT  logfmt (default), json; or HABU_LOG_FORMAT
`

/** How to log, as the options say or the environment, or else as is usual. */
export const logsOf = (
  values: { readonly "log-level"?: string | undefined; readonly "log-format"?: string | undefined },
  usual: (typeof levels)[number]
) => ({
  level: oneOf("--log-level", levels, values["log-level"] ?? usual),
  format: values["log-format"] === undefined
    ? oneOf("HABU_LOG_FORMAT", formats, process.env["HABU_LOG_FORMAT"] || "logfmt")
    : oneOf("--log-format", formats, values["log-format"])
})

/** Options of every subcommand that calls tools. */
export const calling = {
  sandbox: { type: "boolean", default: false },
  "read-only": { type: "boolean", default: false },
  "allow-destructive": { type: "boolean", default: false },
  "allow-contractual": { type: "boolean", default: false }
} as const

export const help = { help: { type: "boolean", default: false } } as const

export const settingsHelp =
  `Settings are read from the environment: HABU_API_CLIENT and HABU_API_SECRET (or …_FILE), HABU_ORGANIZATION, HABU_API,
HABU_STATE (a folder, a Redis address, or memory). The README lists them all.
`
