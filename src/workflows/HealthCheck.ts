/**
 * Whether the parts that a call needs are there: Habu's API, the limits that are left, the store that remembers them.
 *
 * Needs no credentials and spends nothing.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { HabuBreaker, type State } from "../habu/HabuBreaker.js"
import { HabuBudget, type Status } from "../habu/HabuBudget.js"
import { HabuCache } from "../habu/HabuCache.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import type { StateUnavailable } from "../habu/HabuError.js"
import { HabuProbe } from "../habu/HabuProbe.js"
import { type Service as Store, StateStore } from "../state/StateStore.js"
import { About } from "./About.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

/**
 * What `health_check` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({})

export type Input = typeof Input.Type

const Api = Schema.Struct({
  url: Schema.String,
  reachable: Schema.Boolean,
  http_status: Workflow.maybe(Schema.Number),
  milliseconds: Workflow.maybe(Schema.Number),
  request_id: Workflow.maybe(Schema.String),
  problem: Workflow.maybe(Schema.String),
  advice: Workflow.maybe(Schema.String)
}).annotations({ description: "Habu's API; any HTTP answer counts as reachable" })

const Credentials = Schema.Struct({
  usable: Schema.Boolean,
  problem: Workflow.maybe(Schema.String),
  advice: Workflow.maybe(Schema.String)
}).annotations({ description: "Whether credentials are set; test_connection tells whether Habu accepts them" })

const Breaker = Schema.Struct({
  state: Schema.Literal("closed", "half_open", "open"),
  failures_in_a_row: Workflow.maybe(Schema.Number),
  calls_again_at: Workflow.maybe(Schema.String)
}).annotations({
  description: "open: Habu failed so often that calls are held back for a while; half_open: the next call tries again"
})

const Budget = Schema.Struct({
  budget: Schema.String,
  left: Schema.Number,
  limit: Schema.Number,
  window_seconds: Schema.Number,
  next_slot_at: Workflow.maybe(Schema.String)
})

const StateStoreView = Schema.Struct({
  kind: Schema.String,
  location: Schema.String,
  durable: Schema.Boolean,
  usable: Schema.Boolean,
  problem: Workflow.maybe(Schema.String),
  advice: Workflow.maybe(Schema.String)
}).annotations({ description: "Where tokens, budgets and the run ledger are kept" })

/**
 * `status` is failed where Habu cannot be reached, and partial where something else is amiss.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  version: Schema.String,
  build: Schema.String,
  sandbox: Schema.Boolean.annotations({ description: "Whether this is a sandbox with synthetic data" }),
  api: Api,
  credentials: Credentials,
  breaker: Breaker,
  budgets: Workflow.maybe(
    Schema.Array(Budget).annotations({
      description: "What is left of Habu's limits, as far as this state store knows"
    })
  ),
  cache: Schema.Struct({ entries: Schema.Number, hits: Schema.Number, misses: Schema.Number }),
  state_store: StateStoreView,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

const apiView = Effect.gen(function*() {
  const { apiUrl: url } = yield* HabuConfig
  const probe = yield* HabuProbe
  return yield* Effect.match(probe.reach, {
    onSuccess: ({ millis, requestId, status }): typeof Api.Type =>
      Workflow.compact({
        url,
        reachable: true,
        http_status: status,
        milliseconds: millis,
        request_id: requestId,
        problem: status >= 500 ? `Habu answers, but with status ${status}: it has trouble of its own.` : undefined
      }),
    onFailure: ({ advice, message }): typeof Api.Type => ({ url, reachable: false, problem: message, advice })
  })
})

const credentialsView = Effect.map(HabuConfig, ({ credentials }): typeof Credentials.Type =>
  Either.match(credentials, {
    onLeft: ({ advice, message }) => ({ usable: false, problem: message, advice }),
    onRight: () => ({ usable: true })
  }))

const breakerView = (state: State, now: number): typeof Breaker.Type => {
  switch (state._tag) {
    case "Closed":
      return { state: "closed", ...(state.failures > 0 && { failures_in_a_row: state.failures }) }
    case "HalfOpen":
      return { state: "half_open" }
    case "Open":
      return state.until > now ? { state: "open", calls_again_at: Words.iso(state.until) } : { state: "half_open" }
  }
}

const budgetView = ({ budget, limit, nextAt, remaining, windowSeconds }: Status): typeof Budget.Type =>
  Workflow.compact({
    budget,
    left: remaining,
    limit,
    window_seconds: windowSeconds,
    next_slot_at: nextAt === undefined ? undefined : Words.iso(nextAt)
  })

// Reading the budgets reads and locks the store as every call does, so it tells whether the store works.
const storeView = (
  { durable, kind, location }: Store,
  budgets: Either.Either<unknown, StateUnavailable>
): typeof StateStoreView.Type => ({
  kind,
  location,
  durable,
  usable: Either.isRight(budgets),
  ...Either.match(budgets, {
    onLeft: ({ advice, problem }) => ({ problem, advice }),
    onRight: () => ({})
  })
})

const warningsOf = (store: Store, breaker: typeof Breaker.Type): ReadonlyArray<string> => [
  ...(store.durable
    ? []
    : [
      "The state is kept in memory and forgotten at the end of this process: another start asks Habu for another " +
      "access token (2 in 24 h), and runs started before are not known any more."
    ]),
  ...store.notices,
  ...(breaker.state === "open"
    ? [`Calls to Habu are held back until ${breaker.calls_again_at}, because several failed in a row.`]
    : [])
]

const budgetWords: { readonly [budget in Status["budget"]]: string } = {
  token: "access tokens",
  question_run_start: "question run starts",
  flow_run_start: "flow run starts"
}

const leftOf = (budgets: ReadonlyArray<Status>) =>
  `Left: ${
    budgets.map(({ budget, limit, remaining }) => `${remaining} of ${limit} ${budgetWords[budget]}`).join(", ")
  }.`

const nextStepsOf = (
  api: typeof Api.Type,
  credentials: typeof Credentials.Type
): ReadonlyArray<Workflow.NextStep> => {
  if (!api.reachable) {
    return [{ tool: "health_check", arguments: {}, why: "See whether Habu answers again.", after_seconds: 60 }]
  }
  return credentials.usable
    ? [{ tool: "test_connection", arguments: {}, why: "Sign in and see what the API user may do." }]
    : []
}

/**
 * Looks at everything at once. It never fails: what does not work is what it tells of.
 *
 * @since 0.1.0
 * @category workflows
 */
export const run = Effect.fn("HealthCheck")(function*(_input: Input) {
  const about = yield* About
  const { sandbox } = yield* HabuConfig
  const store = yield* StateStore
  const [api, budgets] = yield* Effect.all(
    [apiView, Effect.flatMap(HabuBudget, ({ status }) => Effect.either(status))],
    { concurrency: "unbounded" }
  )
  const credentials = yield* credentialsView
  const now = yield* Clock.currentTimeMillis
  const breaker = breakerView(yield* Effect.flatMap(HabuBreaker, ({ state }) => state), now)
  const { entries, hits, misses } = yield* Effect.flatMap(HabuCache, ({ stats }) => stats)
  const stateStore = storeView(store, budgets)
  const amiss = [
    api.problem,
    credentials.usable ? undefined : `${credentials.problem} ${credentials.advice}`,
    stateStore.problem
  ].filter((problem) => problem !== undefined)
  const healthy = amiss.length === 0 && breaker.state === "closed"
  return Workflow.compact({
    status: !api.reachable ? "failed" as const : healthy ? "done" as const : "partial" as const,
    summary: [
      `habu-mcp ${about.version}${sandbox ? " with the sandbox (synthetic data)" : ""}.`,
      api.reachable ? `Habu's API answers in ${api.milliseconds} ms.` : "Habu's API does not answer.",
      ...amiss,
      ...Either.match(budgets, { onLeft: () => [], onRight: (known) => [leftOf(known)] })
    ].join(" "),
    version: about.version,
    build: about.build,
    sandbox,
    api,
    credentials,
    breaker,
    budgets: Either.match(budgets, { onLeft: () => undefined, onRight: (known) => known.map(budgetView) }),
    cache: { entries, hits, misses },
    state_store: stateStore,
    warnings: warningsOf(store, breaker),
    next_steps: nextStepsOf(api, credentials)
  }) satisfies Output
}, Effect.map((answer): Output => answer))
