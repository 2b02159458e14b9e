/**
 * The circuit breaker: after several failures of Habu in a row, calls fail at once for a while instead of queueing up.
 *
 * Only failures on Habu's side count (category `transient`). After the pause one call is let through; its outcome
 * decides whether the circuit closes or stays open.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import { BreakerOpen, type HabuError, neverSent } from "./HabuError.js"
import * as HabuMetrics from "./HabuMetrics.js"

/**
 * What a person may see of the breaker.
 *
 * @since 0.1.0
 * @category models
 */
export type State =
  | { readonly _tag: "Closed"; readonly failures: number }
  | { readonly _tag: "Open"; readonly until: number }
  | { readonly _tag: "HalfOpen" }

/**
 * When the circuit opens, and for how long.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Failures in a row that open the circuit. */
  readonly failures: number
  /** How long it stays open before a call is let through. */
  readonly pause: Duration.DurationInput
}

/**
 * Lets calls through, or fails them at once while Habu is down.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  readonly state: Effect.Effect<State>
  /** Runs a call, or fails with {@link BreakerOpen} and sends nothing. */
  readonly guard: (
    operation: string
  ) => <A, E extends HabuError, R>(call: Effect.Effect<A, E, R>) => Effect.Effect<A, E | BreakerOpen, R>
}

/**
 * The circuit breaker of a process, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class HabuBreaker extends Context.Tag("habu-mcp/habu/HabuBreaker")<HabuBreaker, Service>() {}

const closed: State = { _tag: "Closed", failures: 0 }

const figures: { readonly [tag in State["_tag"]]: number } = { Closed: 0, HalfOpen: 1, Open: 2 }

const show = ({ _tag }: State) => Metric.set(HabuMetrics.breakerState, figures[_tag])

/**
 * Five failures in a row open it for half a minute.
 *
 * @since 0.1.0
 * @category constants
 */
export const defaults: Options = { failures: 5, pause: "30 seconds" }

/**
 * Makes a closed breaker.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: Options = defaults) {
  const state = yield* Ref.make<State>(closed)
  const pause = Duration.toMillis(options.pause)
  yield* show(closed)

  const modify = <A>(f: (current: State) => readonly [A, State]) =>
    Ref.modify(state, (current) => {
      const [answer, next] = f(current)
      return [next === current ? Effect.succeed(answer) : Effect.as(show(next), answer), next] as const
    }).pipe(Effect.flatten)

  const admit = (operation: string) =>
    Effect.flatMap(
      Clock.currentTimeMillis,
      (now) =>
        Effect.flatten(modify((current): readonly [Effect.Effect<void, BreakerOpen>, State] => {
          const refuse = (retryAt: number) => Effect.fail(new BreakerOpen({ operation, retryAt }))
          switch (current._tag) {
            case "Closed":
              return [Effect.void, current]
            case "HalfOpen":
              return [refuse(now + pause), current]
            case "Open":
              return current.until > now ? [refuse(current.until), current] : [Effect.void, { _tag: "HalfOpen" }]
          }
        }))
    )

  const failed = (now: number) => (current: State): State =>
    current._tag === "Closed" && current.failures + 1 < options.failures
      ? { _tag: "Closed", failures: current.failures + 1 }
      : { _tag: "Open", until: now + pause }

  // A call that was given up or never left tells nothing of Habu; a half-open circuit then lets the next call try.
  const abandoned = (now: number) => (current: State): State =>
    current._tag === "HalfOpen" ? { _tag: "Open", until: now } : current

  const settled = (now: number, exit: Exit.Exit<unknown, HabuError>) => (current: State): State => {
    if (Exit.isSuccess(exit)) return closed
    const error = Option.getOrUndefined(Cause.failureOption(exit.cause))
    if (error?.category === "transient") return failed(now)(current)
    return error === undefined || neverSent(error) ? abandoned(now)(current) : closed
  }

  const settle = (now: number, exit: Exit.Exit<unknown, HabuError>) =>
    Effect.flatMap(
      modify((current) => {
        const next = settled(now, exit)(current)
        return [current._tag === "Closed" && next._tag === "Open", next] as const
      }),
      (opened) =>
        opened
          ? Effect.logWarning(
            `Habu failed ${options.failures} times in a row: calls are held back for ${pause / 1000} s.`
          )
          : Effect.void
    )

  return HabuBreaker.of({
    state: Ref.get(state),
    guard: (operation) => (call) =>
      Effect.acquireUseRelease(
        admit(operation),
        () => call,
        (_, exit) => Effect.flatMap(Clock.currentTimeMillis, (now) => settle(now, exit))
      )
  })
})

/**
 * Provides a breaker of this process.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: Options): Layer.Layer<HabuBreaker> => Layer.effect(HabuBreaker, make(options))

/**
 * Provides a breaker with the default settings.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig: Layer.Layer<HabuBreaker> = layer()
