/**
 * Services that answer as a test says, one layer each. What a test did not say is a defect that names the method, so that
 * nothing passes by accident.
 *
 * A store needs no mock: `Memory.layer` of `habu-mcp/state` is a whole one.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as AuditLog from "../audit/AuditLog.js"
import * as HabuAuth from "../habu/HabuAuth.js"
import * as HabuBreaker from "../habu/HabuBreaker.js"
import * as HabuBudget from "../habu/HabuBudget.js"
import * as HabuCache from "../habu/HabuCache.js"
import * as HabuClient from "../habu/HabuClient.js"
import * as HabuConfig from "../habu/HabuConfig.js"
import * as HabuDirectory from "../habu/HabuDirectory.js"
import * as HabuProbe from "../habu/HabuProbe.js"
import * as Operations from "../habu/Operations.js"
import * as Results from "../results/Results.js"
import * as RunFollower from "../runs/RunFollower.js"
import * as RunLedger from "../runs/RunLedger.js"
import * as Confirmation from "../workflows/Confirmation.js"
import * as CredentialReference from "../workflows/data/CredentialReference.js"
import * as Survey from "../workflows/Survey.js"
import * as WatchList from "../workflows/WatchList.js"
import * as Workflow from "../workflows/Workflow.js"

const now = <A>(value: A) =>
  Effect.map(Clock.currentTimeMillis, (observedAt): HabuCache.Observed<A> => ({ value, observedAt, live: true }))

type Method = (request: unknown) => Effect.Effect<unknown>

const unsaid = (id: string): Method => () => Effect.dieMessage(`The mock of HabuClient has no ${id}`)

/**
 * Some of Habu's operations. Each counts under `observed` too, where it answers as of now.
 *
 * @since 0.1.0
 * @category layers
 */
export const habuClient = (methods: Partial<HabuClient.Methods>): Layer.Layer<HabuClient.HabuClient> => {
  const said = new Map(Object.entries(methods)) as ReadonlyMap<string, unknown> as ReadonlyMap<string, Method>
  const all = [...Operations.all.keys()].map((id) => [id, said.get(id) ?? unsaid(id)] as const)
  const observed = all.map(([id, call]) => [id, (request: unknown) => Effect.flatMap(call(request), now)] as const)
  // Both records hold every operation of the contract by construction, which the types cannot follow.
  const service = {
    ...Object.fromEntries(all),
    observed: Object.fromEntries(observed)
  } as unknown as HabuClient.Service
  return Layer.succeed(HabuClient.HabuClient, service)
}

/**
 * Settings with a made-up API key.
 *
 * @since 0.1.0
 * @category layers
 */
export const habuConfig = (options: Partial<HabuConfig.Options> = {}): Layer.Layer<HabuConfig.HabuConfig> =>
  Layer.orDie(HabuConfig.layer({
    clientId: "mock".padEnd(32, "0"),
    clientSecret: Redacted.make("mock".padEnd(64, "0")),
    ...options
  }))

/**
 * A token that is there, and rights without an end.
 *
 * @since 0.1.0
 * @category layers
 */
export const habuAuth = (scopes: ReadonlyArray<string> = []): Layer.Layer<HabuAuth.HabuAuth> =>
  Layer.succeed(HabuAuth.HabuAuth, {
    accessToken: Effect.succeed(Redacted.make("a mocked access token")),
    refused: () => Effect.succeedNone,
    claims: Effect.succeed({ scopes, expiresAt: undefined })
  })

/**
 * Budgets that never run out, but for what is given.
 *
 * @since 0.1.0
 * @category layers
 */
export const habuBudget = (given: Partial<HabuBudget.Service> = {}): Layer.Layer<HabuBudget.HabuBudget> =>
  Layer.succeed(HabuBudget.HabuBudget, {
    reserve: (budget) => Effect.succeed({ budget, id: "mock" }),
    confirm: () => Effect.void,
    giveBack: () => Effect.void,
    close: () => Clock.currentTimeMillis,
    poll: () => Effect.succeedNone,
    polled: () => Effect.void,
    reopen: () => Effect.void,
    status: Effect.succeed([]),
    ...given
  })

/**
 * A circuit breaker that lets every call through.
 *
 * @since 0.1.0
 * @category layers
 */
export const habuBreaker: Layer.Layer<HabuBreaker.HabuBreaker> = HabuBreaker.layer({
  failures: Number.MAX_SAFE_INTEGER,
  pause: 0
})

/**
 * A cache that keeps nothing, so that every read is sent.
 *
 * @since 0.1.0
 * @category layers
 */
export const habuCache: Layer.Layer<HabuCache.HabuCache> = Layer.succeed(HabuCache.HabuCache, {
  read: (_key, read) => Effect.flatMap(read, now),
  share: (_key, read) => read,
  lastGood: () => Effect.succeedNone,
  keep: (_key, value) => now(value),
  written: Effect.void,
  lastWriteAt: Effect.succeed(0),
  stats: Effect.succeed({ hits: 0, misses: 0, entries: 0 })
})

/**
 * Names of clean rooms, questions and flows.
 *
 * @since 0.1.0
 * @category layers
 */
export const habuDirectory = Layer.mock(HabuDirectory.HabuDirectory)

/**
 * Whether Habu can be reached.
 *
 * @since 0.1.0
 * @category layers
 */
export const habuProbe = Layer.mock(HabuProbe.HabuProbe)

/**
 * What was started and what becomes of a start.
 *
 * @since 0.1.0
 * @category layers
 */
export const runLedger = Layer.mock(RunLedger.RunLedger)

/**
 * How runs go.
 *
 * @since 0.1.0
 * @category layers
 */
export const runFollower = Layer.mock(RunFollower.RunFollower)

/**
 * Results of runs.
 *
 * @since 0.1.0
 * @category layers
 */
export const results = Layer.mock(Results.Results)

/**
 * What a survey of clean rooms finds.
 *
 * @since 0.1.0
 * @category layers
 */
export const survey = Layer.mock(Survey.Survey)

/**
 * What is watched, and what changed.
 *
 * @since 0.1.0
 * @category layers
 */
export const watchList = Layer.mock(WatchList.WatchList)

/**
 * An audit log that takes everything and shows the entries given.
 *
 * @since 0.1.0
 * @category layers
 */
export const auditLog = (entries: ReadonlyArray<AuditLog.Entry> = []): Layer.Layer<AuditLog.AuditLog> =>
  Layer.succeed(AuditLog.AuditLog, {
    record: () => Effect.void,
    recordRead: () => Effect.void,
    read: () => Effect.succeed({ entries, unreadable: 0 }),
    location: "mock"
  })

/**
 * One decision on every change: `Granted`, unless another is given.
 *
 * @since 0.1.0
 * @category layers
 */
export const confirmation = (
  decision: Confirmation.Decision = { _tag: "Granted" }
): Layer.Layer<Confirmation.Confirmation> => Confirmation.layerPolicy(() => Effect.succeed(decision))

/**
 * The secrets that references stand for; any other reference is refused.
 *
 * @since 0.1.0
 * @category layers
 */
export const credentialReference = (
  secrets: { readonly [reference: string]: Redacted.Redacted } = {}
): Layer.Layer<CredentialReference.CredentialReference> =>
  Layer.succeed(CredentialReference.CredentialReference, {
    read: (field, reference) =>
      Effect.mapError(Effect.fromNullable(secrets[reference]), () =>
        new Workflow.InputInvalid({
          field,
          problem: "names nothing that the mock holds",
          options: Object.keys(secrets),
          advice: CredentialReference.rule
        }))
  })
