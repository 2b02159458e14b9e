/**
 * Habu's 147 operations as typed effects, with everything between a caller and the wire in its place: cache, retry by
 * the operation's effect, budgets, circuit breaker, concurrency gate, timeout, access token, typed errors.
 *
 * @since 0.1.0
 */
import * as HttpApiClient from "@effect/platform/HttpApiClient"
import type * as HttpApiEndpoint from "@effect/platform/HttpApiEndpoint"
import type * as HttpApiGroup from "@effect/platform/HttpApiGroup"
import * as HttpClient from "@effect/platform/HttpClient"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Fiber from "effect/Fiber"
import { identity } from "effect/Function"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import * as Schedule from "effect/Schedule"
import * as ScheduleDecision from "effect/ScheduleDecision"
import type { Simplify } from "effect/Types"
import { HabuApi } from "./api/HabuApi.js"
import type * as Users from "./api/Users.js"
import * as HabuAuthModule from "./HabuAuth.js"
import { HabuAuth } from "./HabuAuth.js"
import * as HabuBreakerModule from "./HabuBreaker.js"
import { HabuBreaker } from "./HabuBreaker.js"
import * as HabuBudgetModule from "./HabuBudget.js"
import { HabuBudget } from "./HabuBudget.js"
import * as HabuCacheModule from "./HabuCache.js"
import { HabuCache, type Observed, StandIns } from "./HabuCache.js"
import * as HabuConfigModule from "./HabuConfig.js"
import { HabuConfig } from "./HabuConfig.js"
import {
  BudgetExhausted,
  ConfigurationInvalid,
  Forbidden,
  type HabuError,
  isTransient,
  neverSent,
  OutcomeUnknown,
  Unavailable
} from "./HabuError.js"
import * as HabuMetrics from "./HabuMetrics.js"
import * as HabuStateModule from "./HabuState.js"
import { HabuState } from "./HabuState.js"
import * as Attempts from "./internal/attempts.js"
import * as Copies from "./internal/copies.js"
import * as Spending from "./internal/spending.js"
import * as transport from "./internal/transport.js"
import * as Writes from "./internal/writes.js"
import { LastKnown } from "./LastKnown.js"
import * as Operations from "./Operations.js"
import { ReadOnly } from "./ReadOnly.js"
import { RetryPolicy } from "./RetryPolicy.js"
import * as Text from "./Text.js"
import { WriteObserver } from "./WriteObserver.js"

type Endpoint = HttpApiGroup.HttpApiGroup.Endpoints<(typeof HabuApi)["groups"][string]>

/**
 * One operation: its arguments in, its answer out.
 *
 * @since 0.1.0
 * @category models
 */
export interface Call<Request, Answer> {
  (request: Request): Effect.Effect<Answer, HabuError>
}

type CallOf<E, Wrap extends "plain" | "observed"> = E extends HttpApiEndpoint.HttpApiEndpoint<
  infer _Name,
  infer _Method,
  infer Path,
  infer UrlParams,
  infer Payload,
  infer Headers,
  infer Success,
  infer _Error,
  infer _R,
  infer _RE
> ? Call<
    Simplify<HttpApiEndpoint.HttpApiEndpoint.ClientRequest<Path, UrlParams, Payload, Headers, false>>,
    Wrap extends "plain" ? Success : Observed<Success>
  > :
  never

/**
 * The operations, each under the contract's operation id.
 *
 * @since 0.1.0
 * @category models
 */
export type Methods = { readonly [E in Endpoint as E["name"]]: CallOf<E, "plain"> }

/**
 * The operations, each answering with the time at which Habu said it.
 *
 * @since 0.1.0
 * @category models
 */
export type ObservedMethods = { readonly [E in Endpoint as E["name"]]: CallOf<E, "observed"> }

/**
 * An operation's id.
 *
 * @since 0.1.0
 * @category models
 */
export type OperationId = keyof Methods

/**
 * Every operation of the contract as a method under its operation id.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service extends Methods {
  /**
   * The same operations with the age of what they answer. An object that Habu lets one read only every few minutes, or
   * a read while Habu is down, answers with the last known copy (`live: false`).
   */
  readonly observed: ObservedMethods
}

/**
 * The client of the API, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class HabuClient extends Context.Tag("habu-mcp/habu/HabuClient")<HabuClient, Service>() {}

const live = (value: unknown) =>
  Effect.map(Clock.currentTimeMillis, (observedAt): Observed<unknown> => ({ value, observedAt, live: true }))

// A create that was sent and not answered may have been carried out: whatever failed, that is what the caller must know.
const asUnknown = (error: HabuError): HabuError => {
  if (neverSent(error) || (error._tag !== "Unavailable" && error._tag !== "AnswerUnreadable")) return error
  const { habuMessage, operation, requestId } = error
  return new OutcomeUnknown({
    operation,
    ...(requestId !== undefined && { requestId }),
    ...(habuMessage !== undefined && { habuMessage }),
    reason: error._tag === "AnswerUnreadable"
      ? "the answer could not be read"
      : "the request was sent, and no usable answer came"
  })
}

const isUnanswered = (error: HabuError) => isTransient(error) && !neverSent(error)

// A refusal of a later try says nothing of an earlier one that was sent and not answered. What is not there any more, a
// deletion's first try may have taken.
const afterDoubt = (operation: string) => (error: HabuError): HabuError =>
  error._tag === "NotFound" || isUnanswered(error) ? error : new OutcomeUnknown({
    operation,
    reason: `an earlier try got no usable answer, and then: ${error.message}`
  })

const standsIn = (error: HabuError) => error.category === "transient" || error.category === "answer"

const isAdministrator = (role: string) => /admin/i.test(role) && !/api/i.test(role)

/**
 * Options of the client.
 *
 * @since 0.1.0
 * @category models
 */
export interface Options {
  /** Changes the HTTP client below everything else: other headers, a recorder, a proxy. */
  readonly transformClient?: ((client: HttpClient.HttpClient) => HttpClient.HttpClient) | undefined
}

/**
 * Makes the client.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.fnUntraced(function*(options: Options = {}) {
  const config = yield* HabuConfig
  const budget = yield* HabuBudget
  const cache = yield* HabuCache
  const copies = Copies.make(yield* HabuState, config)
  const base = yield* HttpClient.HttpClient
  const scope = yield* Effect.scope
  const raw = yield* HttpApiClient.makeWith(HabuApi, {
    httpClient: transport.make(options.transformClient?.(base) ?? base, config.apiUrl)
  })
  const attempt = yield* Attempts.make({
    // By operation id, with the types erased that `Service` states again.
    raw: raw as { readonly [id: string]: unknown } as { readonly [id: string]: Attempts.RawCall },
    auth: yield* HabuAuth,
    breaker: yield* HabuBreaker,
    config
  })

  const counting = ({ id }: Operations.Info) =>
    Schedule.onDecision((_: unknown, decision) =>
      ScheduleDecision.isDone(decision)
        ? Effect.void
        : Metric.increment(Metric.tagged(HabuMetrics.retries, "operation", id))
    )

  const repeating = <A>(operation: Operations.Info, once: Effect.Effect<A, HabuError>) =>
    Effect.flatMap(RetryPolicy, (policy) => Effect.retry(once, counting(operation)(policy)))

  const repeated = (operation: Operations.Info, request: Attempts.Request) =>
    repeating(operation, attempt(operation, request))

  const keyOf = (operation: Operations.Info, request: Attempts.Request) =>
    `${operation.path} ${operation.id} ${JSON.stringify(request ?? {})}`

  const read = (operation: Operations.Info, request: Attempts.Request) => {
    const key = keyOf(operation, request)
    return cache.read(key, Effect.map(repeated(operation, request), ({ value }) => value)).pipe(
      Effect.catchIf(standsIn, (error) =>
        Effect.flatMap(
          Effect.flatMap(StandIns, (may) => may ? cache.lastGood<unknown>(key) : Effect.succeed(Option.none())),
          Option.match({
            onNone: () => Effect.fail(error),
            onSome: Effect.succeed
          })
        ))
    )
  }

  const uncached = (operation: Operations.Info, request: Attempts.Request) =>
    Effect.flatMap(repeated(operation, request), ({ value }) => live(value))

  const unrepeated = (operation: Operations.Info, request: Attempts.Request) =>
    Effect.flatMap(attempt(operation, request), ({ value }) => live(value))

  // What Habu has no more must not go on being answered from a copy.
  const unanswered = (object: string, operation: Operations.Info) => (error: HabuError) =>
    Effect.gen(function*() {
      if (neverSent(error)) return yield* Effect.ignoreLogged(budget.reopen(object))
      yield* Effect.ignoreLogged(budget.polled(object, yield* Clock.currentTimeMillis))
      if (error._tag === "NotFound") yield* copies.forget(object, operation)
    })

  const fresh = Effect.fnUntraced(function*(object: string, operation: Operations.Info, request: Attempts.Request) {
    const answer = yield* Effect.tapError(attempt(operation, request), unanswered(object, operation))
    const observed = yield* live(answer.value)
    yield* copies.keep(object, operation, answer.body, observed.observedAt)
    yield* Effect.ignoreLogged(budget.polled(object, observed.observedAt))
    return observed
  })

  const objectOf = ({ parameter }: Operations.Polls, request: Attempts.Request) =>
    `${parameter}/${request?.path?.[parameter] ?? ""}`

  // Habu lets one object be read only every few minutes; in between, everyone gets the last copy.
  const polled = (polls: Operations.Polls) => (operation: Operations.Info, request: Attempts.Request) => {
    const object = objectOf(polls, request)
    const interval = Duration.seconds(polls.seconds)
    const copyOr = (error: HabuError) =>
      Effect.flatMap(
        copies.last(object, operation),
        Option.match({
          onNone: () => Effect.fail(error),
          onSome: Effect.succeed
        })
      )
    const tooSoon = (retryAt: number) =>
      new BudgetExhausted({
        operation: operation.id,
        budget: "poll",
        limit: 1,
        windowSeconds: Math.ceil(polls.seconds / config.speed),
        retryAt
      })
    // The gate counts from the answer. Until then it says a later time, and the copy is on its way.
    const isUnderWay = (retryAt: number) =>
      Effect.map(Clock.currentTimeMillis, (now) => retryAt > now + Duration.toMillis(interval) / config.speed)
    const once: Effect.Effect<Observed<unknown>, HabuError> = Effect.flatMap(
      budget.poll(object, interval),
      Option.match({
        onNone: () => Effect.catchIf(fresh(object, operation, request), standsIn, copyOr),
        onSome: (retryAt) => copyOr(tooSoon(retryAt))
      })
    )
    return cache.share(
      `${object} ${operation.id}`,
      Effect.retry(once, {
        schedule: Schedule.spaced("250 millis"),
        while: (error) =>
          error._tag === "BudgetExhausted" && error.budget === "poll" ? isUnderWay(error.retryAt) : false
      })
    )
  }

  const spending = (operation: Operations.Info) =>
    operation.spends === undefined
      ? identity
      : Spending.spending(budget, { budget: operation.spends, operation: operation.id, uncounted: neverSent })

  const refused = (operation: Operations.Info) =>
    new ConfigurationInvalid({
      setting: "--read-only",
      problem: `is set, and ${operation.id} writes to Habu`,
      advice: "Nothing was sent. Start habu-mcp without --read-only to allow writes."
    })

  // A write that may be repeated is, and told of by all its tries.
  const insisted = (operation: Operations.Info, request: Attempts.Request) =>
    Effect.gen(function*() {
      const doubt = yield* Ref.make(false)
      const once = Effect.tapError(
        attempt(operation, request),
        (error) => isUnanswered(error) ? Ref.set(doubt, true) : Effect.void
      )
      const answer = yield* Effect.either(repeating(operation, once))
      return yield* (yield* Ref.get(doubt)) ? Either.mapLeft(answer, afterDoubt(operation.id)) : answer
    })

  // A write is seen through when its caller gives up: cut off half-way, nobody would know what became of it.
  const permitted = (operation: Operations.Info, request: Attempts.Request) => {
    const call = operation.effect === "create"
      ? Effect.mapError(attempt(operation, request), asUnknown)
      : insisted(operation, request)
    return spending(operation)(call).pipe(
      Effect.ensuring(cache.written),
      Effect.onExit((exit) => Effect.flatMap(WriteObserver, (tell) => tell(Writes.ended(operation, request, exit)))),
      Effect.interruptible,
      Effect.exit,
      Effect.forkIn(scope),
      Effect.flatMap(Fiber.join),
      Effect.flatten,
      Effect.flatMap(({ value }) => live(value))
    )
  }

  const write = (operation: Operations.Info, request: Attempts.Request) =>
    Effect.flatMap(ReadOnly, (readOnly) => readOnly ? Effect.fail(refused(operation)) : permitted(operation, request))

  const administrators = (cleanroomId: string) =>
    Operations.get("getCleanroomUsers").pipe(
      Effect.flatMap((operation) => read(operation, { path: { cleanroomId }, urlParams: {} })),
      Effect.map(({ value }) =>
        (value as Users.CleanRoomUsers).filter((member) => isAdministrator(member.role?.name ?? ""))
          .map(({ user }) => Text.clean(user?.email ?? user?.name ?? "", 100)).filter((name) => name !== "").slice(0, 5)
      ),
      Effect.orElseSucceed(() => [])
    )

  const namingAdministrators = (operation: Operations.Info, request: Attempts.Request) => (error: Forbidden) => {
    const cleanroomId = request?.path?.["cleanroomId"]
    return cleanroomId === undefined || operation.id === "getCleanroomUsers"
      ? Effect.fail(error)
      : Effect.flatMap(
        administrators(cleanroomId),
        (names) => Effect.fail(names.length === 0 ? error : new Forbidden({ ...error, administrators: names }))
      )
  }

  // How far an answer may be repeated depends on what it is: Habu's health only holds now, and results are large.
  const route = (operation: Operations.Info) => {
    const { anonymous, effect, polls } = operation
    if (effect !== "read") return write
    if (anonymous) return unrepeated
    if (Operations.isResult(operation)) return uncached
    return polls === undefined ? read : polled(polls)
  }

  const remembered = (operation: Operations.Info, request: Attempts.Request) =>
    Effect.flatMap(
      operation.polls === undefined
        ? cache.lastGood<unknown>(keyOf(operation, request))
        : copies.last(objectOf(operation.polls, request), operation),
      Option.match({
        onNone: () => Effect.fail(new Unavailable({ operation: operation.id, reason: "unreachable", neverSent: true })),
        onSome: Effect.succeed
      })
    )

  const observe = (
    operation: Operations.Info,
    request: Attempts.Request
  ): Effect.Effect<Observed<unknown>, HabuError> =>
    Effect.flatMap(
      LastKnown,
      (isEnough) =>
        isEnough && operation.effect === "read" ? remembered(operation, request) : Effect.catchTag(
          route(operation)(operation, request),
          "Forbidden",
          namingAdministrators(operation, request)
        )
    )

  const methods = <A>(f: (observed: Observed<unknown>) => A) =>
    Object.fromEntries([...Operations.all.values()].map((operation) => [
      operation.id,
      (request: Attempts.Request) => Effect.map(observe(operation, request), f)
    ]))

  // Both records hold every operation of the contract by construction, which the types cannot follow.
  return {
    ...methods(({ value }) => value),
    observed: methods((observed) => observed)
  } as unknown as Service
})

/**
 * Provides the client over its parts.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = (options?: Options) => Layer.scoped(HabuClient, make(options))

/**
 * Options of the client and of its parts; what is left out stays at its default.
 *
 * @since 0.1.0
 * @category models
 */
export interface DefaultOptions extends Options {
  /** How long an answer is fresh and how many are kept; see {@link HabuCacheModule.defaults}. */
  readonly cache?: Partial<HabuCacheModule.Options> | undefined
  /** What this program may spend of Habu's limits; see {@link HabuBudgetModule.limits}. */
  readonly limits?: Partial<HabuBudgetModule.Limits> | undefined
  /** When calls are held back; see {@link HabuBreakerModule.defaults}. */
  readonly breaker?: Partial<HabuBreakerModule.Options> | undefined
}

// The request for a token goes the same way as the operations.
const transformed = ({ transformClient = identity }: Options) =>
  Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, transformClient))

/**
 * Provides the client with its parts at their defaults, but for what the options say. What it requires, an embedder may
 * choose: where the settings come from, the state store, the HTTP client.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerDefault = (options: DefaultOptions = {}) =>
  layer().pipe(
    Layer.provideMerge(HabuAuthModule.layer),
    Layer.provide(transformed(options)),
    Layer.provideMerge(HabuBudgetModule.layerLimits(options.limits ?? {})),
    Layer.provideMerge(HabuStateModule.layer),
    Layer.provideMerge(
      Layer.merge(
        HabuBreakerModule.layer({ ...HabuBreakerModule.defaults, ...options.breaker }),
        HabuCacheModule.layerScaled(options.cache)
      )
    )
  )

/**
 * Provides the client for the organisation that the environment names.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = Layer.provideMerge(layerDefault(), HabuConfigModule.layerConfig)
