/**
 * Habu's limits, kept by us so that they are never run into: access tokens and run starts per sliding window, and the
 * least time between two status reads of one object.
 *
 * Everything lies in the state store, so that all processes which share it share one budget. A window counts from
 * `confirm`, the latest moment at which Habu can have counted. What others spend with the same API user is unknown
 * here: the figures are what this store knows.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { StateError } from "../state/StateError.js"
import type { StateKey } from "../state/StateStore.js"
import * as State from "../state/StateStore.js"
import { HabuConfig } from "./HabuConfig.js"
import * as HabuConfigModule from "./HabuConfig.js"
import { BudgetExhausted, StateUnavailable } from "./HabuError.js"
import * as HabuMetrics from "./HabuMetrics.js"
import { HabuState } from "./HabuState.js"

/**
 * A limit that is counted over a window.
 *
 * @since 0.1.0
 * @category models
 */
export type Budget = "token" | "question_run_start" | "flow_run_start"

/**
 * How many in which time, for each budget.
 *
 * @since 0.1.0
 * @category models
 */
export type Limits = { readonly [budget in Budget]: { readonly limit: number; readonly window: Duration.Duration } }

/**
 * How many in which time, as Habu documents them.
 *
 * @since 0.1.0
 * @category constants
 */
export const limits: Limits = {
  token: { limit: 2, window: Duration.hours(24) },
  question_run_start: { limit: 20, window: Duration.hours(1) },
  flow_run_start: { limit: 20, window: Duration.hours(1) }
}

/**
 * A slot of a budget, taken before the request that spends it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Reservation {
  readonly budget: Budget
  readonly id: string
}

/**
 * What is left of a budget, as far as this store knows.
 *
 * @since 0.1.0
 * @category models
 */
export interface Status {
  readonly budget: Budget
  readonly limit: number
  readonly windowSeconds: number
  readonly remaining: number
  /** When the next slot is free, in milliseconds since the epoch; absent while slots are left. */
  readonly nextAt?: number
}

/**
 * Takes slots of Habu's limits, opens the gates of polls, and tells what is left.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** Takes a slot, or fails at once with the time of the next. */
  readonly reserve: (
    budget: Budget,
    operation: string
  ) => Effect.Effect<Reservation, BudgetExhausted | StateUnavailable>
  /** Marks the slot as spent now. */
  readonly confirm: (reservation: Reservation) => Effect.Effect<void, StateUnavailable>
  /** Returns the slot of a request that certainly never left. */
  readonly giveBack: (reservation: Reservation) => Effect.Effect<void, StateUnavailable>
  /** Closes a budget after Habu answered 429, and tells until when. */
  readonly close: (budget: Budget) => Effect.Effect<number, StateUnavailable>
  /** Passes an object's poll gate, or tells when it opens next. Who passed tells by `polled` or `reopen` what came of it. */
  readonly poll: (
    object: string,
    interval: Duration.Duration
  ) => Effect.Effect<Option.Option<number>, StateUnavailable>
  /** Counts the interval of an object's poll gate from the moment at which Habu had answered. */
  readonly polled: (object: string, at: number) => Effect.Effect<void, StateUnavailable>
  /** Opens an object's poll gate again, after a read that passed it and certainly never left. */
  readonly reopen: (object: string) => Effect.Effect<void, StateUnavailable>
  readonly status: Effect.Effect<ReadonlyArray<Status>, StateUnavailable>
}

/**
 * The budgets and poll gates that all processes on a store share, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class HabuBudget extends Context.Tag("habu-mcp/habu/HabuBudget")<HabuBudget, Service>() {}

const Ledger = Schema.Struct({
  entries: Schema.Array(Schema.Struct({ id: Schema.String, at: Schema.Number })),
  closedUntil: Schema.optionalWith(Schema.Number, { exact: true })
})

type Ledger = typeof Ledger.Type

const empty: Ledger = { entries: [] }

const keyOf = (budget: Budget): StateKey<Ledger, typeof Ledger.Encoded> => ({
  name: `budget/${budget}`,
  schema: Ledger
})

const Gate = Schema.Struct({ id: Schema.String, at: Schema.Number, wait: Schema.Number })

const gateOf = (object: string): StateKey<typeof Gate.Type, typeof Gate.Encoded> => ({
  name: `poll/${object}`,
  schema: Gate
})

const pruned = (ledger: Ledger, now: number, window: number): Ledger => {
  const entries = ledger.entries.filter((entry) => entry.at + window > now).sort((a, b) => a.at - b.at)
  return ledger.closedUntil !== undefined && ledger.closedUntil > now
    ? { entries, closedUntil: ledger.closedUntil }
    : { entries }
}

// When the next slot is free; undefined while one is free now.
const nextSlot = (ledger: Ledger, limit: number, window: number): number | undefined => {
  const freeing = ledger.entries[ledger.entries.length - limit]
  const candidates = [freeing && freeing.at + window, ledger.closedUntil].filter((at) => at !== undefined)
  return candidates.length === 0 ? undefined : Math.max(...candidates)
}

const left = (ledger: Ledger, limit: number, window: number): number =>
  nextSlot(ledger, limit, window) === undefined ? limit - ledger.entries.length : 0

const show = (budget: Budget, left: number) => Metric.set(Metric.tagged(HabuMetrics.budgetLeft, "budget", budget), left)

/**
 * Makes the budgets over the organisation's state; who shares Habu's limits with other programs may spend fewer.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(own: Partial<Limits> = {}) {
  const chosen = { ...limits, ...own }
  const { requestTimeout, speed } = yield* HabuConfig
  const state = yield* HabuState
  // A request that nobody settled, because its process died, was counted by then at the latest.
  const unsettled = Duration.toMillis(requestTimeout)
  const windowOf = (budget: Budget) => Duration.toMillis(chosen[budget].window) / speed

  const change = <B>(
    budget: Budget,
    operation: string,
    f: (ledger: Ledger, now: number, window: number) => readonly [B, State.Change<Ledger>]
  ) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      const window = windowOf(budget)
      return state.update(
        keyOf(budget),
        (current): readonly [Effect.Effect<B>, State.Change<Ledger>] => {
          const ledger = pruned(Option.getOrElse(current, () => empty), now, window)
          const [answer, changed] = f(ledger, now, window)
          const then = changed._tag === "Set" ? changed.value : ledger
          return [Effect.as(show(budget, left(then, chosen[budget].limit, window)), answer), changed]
        }
      )
    }).pipe(
      Effect.flatten,
      Effect.mapError(({ message }: StateError) => new StateUnavailable({ operation, problem: message }))
    )

  const store = (ledger: Ledger, window: number) => State.set(ledger, Duration.millis(2 * (window + unsettled)))

  const windowSeconds = (window: number) => Math.ceil(window / 1000)

  const reserve = Effect.fn("HabuBudget.reserve")(function*(budget: Budget, operation: string) {
    const id = yield* Effect.sync(() => crypto.randomUUID())
    const taken = yield* change(
      budget,
      operation,
      (ledger, now, window): readonly [Either.Either<Reservation, BudgetExhausted>, State.Change<Ledger>] => {
        const reservation = Either.right({ budget, id })
        if (ledger.entries.some((entry) => entry.id === id)) return [reservation, State.keep]
        const { limit } = chosen[budget]
        const retryAt = nextSlot(ledger, limit, window)
        return retryAt === undefined
          ? [reservation, store({ ...ledger, entries: [...ledger.entries, { id, at: now + unsettled }] }, window)]
          : [
            Either.left(
              new BudgetExhausted({ operation, budget, limit, windowSeconds: windowSeconds(window), retryAt })
            ),
            State.keep
          ]
      }
    )
    return yield* Either.match(taken, {
      onLeft: (spent) => Effect.zipRight(Effect.logWarning(spent.message), Effect.fail(spent)),
      onRight: Effect.succeed
    })
  })

  const confirm = Effect.fn("HabuBudget.confirm")(({ budget, id }: Reservation) =>
    change(budget, `confirm ${budget}`, (ledger, now, window) => [
      undefined,
      store({ ...ledger, entries: [...ledger.entries.filter((entry) => entry.id !== id), { id, at: now }] }, window)
    ])
  )

  const giveBack = Effect.fn("HabuBudget.giveBack")(({ budget, id }: Reservation) =>
    change(budget, `give back ${budget}`, (ledger, _now, window) => [
      undefined,
      store({ ...ledger, entries: ledger.entries.filter((entry) => entry.id !== id) }, window)
    ])
  )

  const close = Effect.fn("HabuBudget.close")((budget: Budget) =>
    change(budget, `close ${budget}`, (ledger, now, window) => {
      const first = ledger.entries.slice(-chosen[budget].limit)[0]
      const until = Math.min(first?.at ?? now, now) + window
      return [until, store({ ...ledger, closedUntil: until }, window)]
    })
  )

  const gate = <B>(
    object: string,
    f: (current: Option.Option<typeof Gate.Type>) => readonly [B, State.Change<typeof Gate.Type>]
  ) =>
    Effect.mapError(
      state.update(gateOf(object), f),
      ({ message }) => new StateUnavailable({ operation: "poll", problem: message })
    )

  const poll = Effect.fn("HabuBudget.poll")(function*(object: string, interval: Duration.Duration) {
    const now = yield* Clock.currentTimeMillis
    const id = yield* Effect.sync(() => crypto.randomUUID())
    const wait = Duration.toMillis(interval) / speed
    return yield* gate(object, (current): readonly [Option.Option<number>, State.Change<typeof Gate.Type>] => {
      const closed = Option.filter(current, (passed) => passed.id !== id && passed.at + wait > now)
      return Option.isSome(closed)
        ? [Option.some(closed.value.at + wait), State.keep]
        : [Option.none(), State.set({ id, at: now + unsettled, wait }, Duration.millis(unsettled + wait))]
    })
  })

  const polled = Effect.fn("HabuBudget.polled")((object: string, at: number) =>
    gate(object, (current): readonly [void, State.Change<typeof Gate.Type>] => [
      undefined,
      Option.match(current, {
        onNone: () => State.keep,
        onSome: (passed) => State.set({ ...passed, at }, Duration.millis(passed.wait))
      })
    ])
  )

  const reopen = Effect.fn("HabuBudget.reopen")((object: string) => gate(object, () => [undefined, State.remove]))

  const statusOf = (budget: Budget) =>
    change(budget, "budgets", (ledger, _now, window): readonly [Status, State.Change<Ledger>] => {
      const { limit } = chosen[budget]
      const nextAt = nextSlot(ledger, limit, window)
      return [
        {
          budget,
          limit,
          windowSeconds: windowSeconds(window),
          remaining: left(ledger, limit, window),
          ...(nextAt !== undefined && { nextAt })
        },
        State.keep
      ]
    })

  return HabuBudget.of({
    reserve,
    confirm,
    giveBack,
    close,
    poll,
    polled,
    reopen,
    status: Effect.forEach(["token", "question_run_start", "flow_run_start"] as const, statusOf)
  })
})

/**
 * Provides the budgets of the configured organisation.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<HabuBudget, never, HabuConfig | HabuState> = Layer.effect(HabuBudget, make())

/**
 * Provides the budgets of the configured organisation with limits of an embedder's own.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerLimits = (limits: Partial<Limits>): Layer.Layer<HabuBudget, never, HabuConfig | HabuState> =>
  Layer.effect(HabuBudget, make(limits))

/**
 * Provides the budgets of the organisation that the environment names.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = Layer.provide(layer, HabuConfigModule.layerConfig)
