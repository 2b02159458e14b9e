/** What `habu-mcp doctor` finds, check by check. */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { Result } from "../mcp/Answers.js"
import * as ExportFolder from "../results/ExportFolder.js"
import type * as HealthCheck from "../workflows/HealthCheck.js"
import type * as TestConnection from "../workflows/TestConnection.js"
import { build, version } from "./build.js"
import type { Logs } from "./logging.js"
import { load } from "./runtime.js"

/** `note`: it works, with something to know. `skipped`: it could not be tried before another thing is mended. */
export interface Check {
  readonly check: string
  readonly result: "ok" | "note" | "wrong" | "skipped"
  readonly found: string
  readonly fix?: string
}

const ok = (check: string, found: string): Check => ({ check, result: "ok", found })
const note = (check: string, found: string, fix?: string): Check => ({
  check,
  result: "note",
  found,
  ...(fix !== undefined && { fix })
})
const wrong = (check: string, found: string, fix: string): Check => ({ check, result: "wrong", found, fix })
const skipped = (check: string, found: string): Check => ({ check, result: "skipped", found })

const oldestNode = 20

const node = Number(process.versions.node.split(".")[0]) >= oldestNode
  ? ok("node", `version ${process.versions.node}`)
  : wrong("node", `version ${process.versions.node}`, `Install Node ${oldestNode} or later.`)

const settings = ({ credentials }: HealthCheck.Output) =>
  credentials.usable
    ? ok("settings", "the API key is set")
    : wrong("settings", credentials.problem ?? "the API key cannot be used", credentials.advice ?? "Set it.")

const state = ({ sandbox, state_store: { advice, durable, kind, location, problem } }: HealthCheck.Output) =>
  problem !== undefined
    ? wrong("state store", problem, advice ?? "Check HABU_STATE.")
    : durable || sandbox
    ? ok("state store", `${kind}, ${location}`)
    : note(
      "state store",
      "memory: every start takes another access token, and what was started is forgotten",
      "Set HABU_STATE to a folder or a Redis address, unless that is meant."
    )

const api = ({ api: { advice, http_status, milliseconds, problem, reachable, url } }: HealthCheck.Output) =>
  reachable && problem === undefined
    ? ok("Habu's API", `${url} answers in ${milliseconds} ms`)
    : wrong("Habu's API", problem ?? `status ${http_status}`, advice ?? "Try again later.")

const limits = ({ breaker, budgets = [] }: HealthCheck.Output) => {
  const spent = budgets.filter(({ left }) => left <= 0)
  return breaker.state === "open"
    ? note("limits", `calls are held back until ${breaker.calls_again_at}, because several failed in a row`)
    : spent.length > 0
    ? note(
      "limits",
      spent.map(({ budget, limit, next_slot_at: at }) => `all ${limit} of ${budget} are used, next at ${at}`).join("; ")
    )
    : ok("limits", budgets.map(({ budget, left, limit }) => `${budget} ${left} of ${limit}`).join(", ") || "unknown")
}

const signedIn = (answer: TestConnection.Output): ReadonlyArray<Check> => {
  const parts = [...answer.access, ...(answer.clean_rooms ?? []).flatMap(({ access }) => access)]
  const named = (outcome: string) =>
    [...new Set(parts.filter((part) => part.outcome === outcome).map(({ part }) => part))].join(", ")
  const denied = named("denied")
  const failed = named("failed")
  return [
    ok("signing in", answer.summary),
    ...(answer.warnings ?? []).filter((warning) => warning.startsWith("HABU_ORGANIZATION")).map((warning) =>
      wrong("organisation", warning, "Correct HABU_ORGANIZATION, or use the key of the organisation that you mean.")
    ),
    failed !== ""
      ? note("rights", `not answered: ${failed}`, "Try again later.")
      : denied !== ""
      ? note(
        "rights",
        `denied in places: ${denied}`,
        "The administrator of a clean room can change the API user's role."
      )
      : ok("rights", "every part that was tried answers")
  ]
}

const loads = (check: string, what: string, packages: string, importing: () => Promise<unknown>) =>
  importing().then(
    () => ok(check, `${what} can be loaded`),
    () =>
      note(
        check,
        `${what} is not there; the rest works without`,
        `Add it with npm install ${packages} beside habu-mcp.`
      )
  )

const exports = Effect.map(
  Effect.either(ExportFolder.folder),
  Either.match({
    onLeft: ({ advice, message }) => note("exports", message, advice),
    onRight: (folder) => ok("exports", `files go to ${folder}`)
  })
)

const answered = <A>({ failure, structuredContent }: Result) =>
  failure === undefined ? { answer: structuredContent as unknown as A } : { failure }

/** Looks at everything, in the order in which a call needs it. */
export const examine = async (options: {
  readonly sandbox: boolean
  readonly signIn: boolean
  readonly logs: Logs
}): Promise<ReadonlyArray<Check>> => {
  const runtime = load({
    sandbox: options.sandbox,
    logs: options.logs,
    version,
    build,
    offered: new Set(["health_check", "test_connection"]),
    readOnly: true,
    allow: {}
  })
  const { signal } = new AbortController()
  const call = (name: string) => runtime.call(name, {}, { signal, onProgress: async () => undefined, ask: undefined })
  try {
    const health = answered<HealthCheck.Output>(await call("health_check"))
    const parts = await Promise.all([
      loads(
        "results",
        "the engine for results and the sandbox (DuckDB)",
        "@duckdb/node-api",
        () => import("@duckdb/node-api")
      ),
      loads(
        "charts",
        "the chart renderer",
        "vega@6.4.0 vega-lite@6.4.1 @resvg/resvg-js@2.6.2",
        () => Promise.all([import("vega"), import("vega-lite"), import("@resvg/resvg-js")])
      ),
      Effect.runPromise(exports)
    ])
    // A setting that cannot be right, or a store that cannot be opened, stops every call.
    if (health.failure !== undefined) {
      const { advice, message } = health.failure
      return [
        node,
        wrong("settings", message, advice),
        skipped("the rest", "not tried before that is mended"),
        ...parts
      ]
    }
    const { answer } = health
    const before = [node, settings(answer), state(answer), api(answer), limits(answer)]
    const blocked = before.find(({ result }) => result === "wrong")
    if (!options.signIn) return [...before, skipped("signing in", "left out, as asked"), ...parts]
    if (blocked !== undefined) {
      return [...before, skipped("signing in", `not tried before this is mended: ${blocked.check}`), ...parts]
    }
    const connection = answered<TestConnection.Output>(await call("test_connection"))
    return [
      ...before,
      ...(connection.failure === undefined
        ? signedIn(connection.answer)
        : [wrong("signing in", connection.failure.message, connection.failure.advice)]),
      ...parts
    ]
  } finally {
    await runtime.close()
  }
}
