/**
 * The one access token that all processes of an organisation share.
 *
 * Habu gives 2 tokens in 24 h, each for 12 h. So a token is kept encrypted in the state store, looked up there before
 * one is asked for, and minted by one process at a time under a lease; everyone else waits for it. A third token within
 * 24 h is never asked for.
 *
 * @since 0.1.0
 */
import * as HttpClient from "@effect/platform/HttpClient"
import * as HttpClientRequest from "@effect/platform/HttpClientRequest"
import * as Arr from "effect/Array"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import * as SynchronizedRef from "effect/SynchronizedRef"
import type { StateError } from "../state/StateError.js"
import type { StateKey } from "../state/StateStore.js"
import * as State from "../state/StateStore.js"
import * as HabuBudgetModule from "./HabuBudget.js"
import { HabuBudget } from "./HabuBudget.js"
import * as HabuConfigModule from "./HabuConfig.js"
import { HabuConfig } from "./HabuConfig.js"
import {
  AnswerUnreadable,
  CredentialsRefused,
  type HabuError,
  RateLimited,
  StateUnavailable,
  Unavailable
} from "./HabuError.js"
import { HabuState } from "./HabuState.js"
import * as channel from "./internal/channel.js"
import * as failures from "./internal/failures.js"
import * as sealed from "./internal/sealed.js"
import * as Spending from "./internal/spending.js"
import * as telemetry from "./internal/telemetry.js"
import * as Redaction from "./Redaction.js"

/**
 * What a token says of itself. Seen live: the permissions stand in both `scope` and `permissions`.
 *
 * @since 0.1.0
 * @category models
 */
export interface Claims {
  readonly scopes: ReadonlyArray<string>
  /** In milliseconds since the epoch, on Habu's clock. */
  readonly expiresAt: number | undefined
}

/**
 * Gives the access token that all processes on a store share, and renews it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** A token that is good for a while yet. */
  readonly accessToken: Effect.Effect<Redacted.Redacted, HabuError>
  /**
   * Tells that Habu refused a token (401), so that the next call asks for another. Answers with when one can be had, in
   * milliseconds since the epoch, where that is not now.
   */
  readonly refused: (token: Redacted.Redacted) => Effect.Effect<Option.Option<number>, StateUnavailable>
  /** Reads the current token's own words, without a call; minted if there is none. */
  readonly claims: Effect.Effect<Claims, HabuError>
}

/**
 * The access token, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class HabuAuth extends Context.Tag("habu-mcp/habu/HabuAuth")<HabuAuth, Service>() {}

const operation = "token"

const decodeObject = Schema.decodeOption(Schema.parseJson(Schema.Record({ key: Schema.String, value: Schema.Unknown })))

const objectOf = (text: string) =>
  Option.getOrElse(decodeObject(text), (): { readonly [name: string]: unknown } => ({}))

const payloadOf = (token: Redacted.Redacted) =>
  Encoding.decodeBase64UrlString(Redacted.value(token).split(".")[1] ?? "").pipe(
    Either.match({ onLeft: () => objectOf(""), onRight: objectOf })
  )

const Stored = Schema.Struct({ sealed: Schema.String, expiresAt: Schema.Number, mintedAt: Schema.Number })
const tokenKey: StateKey<typeof Stored.Type, typeof Stored.Encoded> = { name: "token/access", schema: Stored }

const Lease = Schema.Struct({ holder: Schema.String, until: Schema.Number })
const leaseKey: StateKey<typeof Lease.Type, typeof Lease.Encoded> = { name: "token/lease", schema: Lease }

interface Known {
  readonly token: Redacted.Redacted
  readonly expiresAt: number
  readonly mintedAt: number
}

// What Habu documents, for an answer that tells no lifetime.
const documentedSeconds = 12 * 3600
const longestSeconds = 24 * 3600
const margin = Duration.toMillis("5 minutes")
const settling = Duration.toMillis("1 minute")
const leaseGrace = Duration.toMillis("5 seconds")
const lookAgain = Duration.toMillis("250 millis")

// The answer is camelCase; a proxy or a later version may speak OAuth's own snake_case.
const accessTokenOf = (answer: { readonly [name: string]: unknown }) =>
  [answer["accessToken"], answer["access_token"]].filter(Predicate.isString).find((token) => token !== "")

// An answer was seen to promise more than its token holds for, so the shorter of the two counts.
const secondsOf = (answer: { readonly [name: string]: unknown }, token: Redacted.Redacted) => {
  const { exp, iat } = payloadOf(token)
  const told = [Number(answer["expiresIn"] ?? answer["expires_in"]), Number(exp) - Number(iat)].filter((s) => s > 0)
  return Math.min(...(told.length === 0 ? [documentedSeconds] : told), longestSeconds)
}

const claimsOf = (token: Redacted.Redacted): Claims => {
  const { exp, permissions, scope } = payloadOf(token)
  const scopes = Array.isArray(permissions) ? permissions : Predicate.isString(scope) ? scope.split(" ") : []
  return {
    scopes: scopes.filter(Predicate.isString).filter((name) => name !== ""),
    expiresAt: Predicate.isNumber(exp) ? exp * 1000 : undefined
  }
}

/**
 * Makes the broker over the organisation's state and budgets.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.gen(function*() {
  const config = yield* HabuConfig
  const budget = yield* HabuBudget
  const state = yield* HabuState
  const http = channel.make(yield* HttpClient.HttpClient)
  const scope = yield* Effect.scope
  const known = yield* Ref.make(Option.none<Known>())
  const underWay = yield* SynchronizedRef.make(Option.none<Fiber.RuntimeFiber<Exit.Exit<Known, HabuError>>>())
  const holder = crypto.randomUUID()

  const credentials = Either.match(config.credentials, { onLeft: Effect.fail, onRight: Effect.succeed })
  const stateFailed = (error: StateError) => new StateUnavailable({ operation, problem: error.message })
  const isUsable = ({ expiresAt, mintedAt }: Known, now: number) =>
    expiresAt - Math.min(margin / config.speed, (expiresAt - mintedAt) / 10) > now

  const fromStore = Effect.gen(function*() {
    const { clientSecret } = yield* credentials
    const stored = yield* Effect.mapError(state.get(tokenKey), stateFailed)
    if (Option.isNone(stored)) return Option.none<Known>()
    const opened = yield* sealed.unseal(clientSecret, stored.value.sealed)
    return Option.map(opened, (token): Known => ({ token, ...stored.value }))
  })

  const usable = (candidate: Option.Option<Known>) =>
    Effect.map(Clock.currentTimeMillis, (now) => Option.filter(candidate, (found) => isUsable(found, now)))

  // Whose turn it is to mint: none where it is ours, or else until when it is another's.
  const claimLease = Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const length = Duration.toMillis(config.requestTimeout) + leaseGrace
    return Effect.mapError(
      state.update(leaseKey, (current): readonly [Option.Option<number>, State.Change<typeof Lease.Type>] => {
        const taken = Option.filter(current, (lease) => lease.holder !== holder && lease.until > now)
        return Option.isSome(taken)
          ? [Option.some(taken.value.until), State.keep]
          : [Option.none(), State.set({ holder, until: now + length }, length)]
      }),
      stateFailed
    )
  })

  const releaseLease = Effect.ignore(state.update(leaseKey, (current) => [
    undefined,
    Option.exists(current, (lease) => lease.holder === holder) ? State.remove : State.keep
  ]))

  const send = Effect.fnUntraced(function*(clientId: string, clientSecret: Redacted.Redacted) {
    const response = yield* HttpClientRequest.post(`${config.apiUrl}/oauth/token`).pipe(
      HttpClientRequest.basicAuth(clientId, clientSecret),
      HttpClientRequest.acceptJson,
      HttpClientRequest.bodyUrlParams({ grant_type: "client_credentials" }),
      http.execute
    )
    const about = { operation, ...failures.requestIdOf(response) }
    yield* telemetry.answered(response.status, about.requestId)
    return { response, text: yield* failures.textOf(response), about }
  }, (effect) =>
    effect.pipe(
      Effect.mapError((error) => failures.fromClientError(operation, error)),
      Effect.timeoutFail({ duration: config.requestTimeout, onTimeout: failures.timedOut(operation) })
    ))

  const exchange = Effect.gen(function*() {
    const { clientId, clientSecret } = yield* credentials
    const { about, response: { status }, text } = yield* send(clientId, clientSecret)
    yield* Effect.logDebug("Habu request").pipe(
      Effect.annotateLogs({ ...about, method: "POST", path: "/oauth/token", status })
    )
    const said = { ...about, ...failures.messageOf(Redaction.without(text, [Redacted.value(clientSecret)])) }
    if (status === 429) return yield* Effect.fail(new RateLimited(said))
    if (status >= 500) {
      return yield* Effect.fail(new Unavailable({ ...said, reason: "server_error", status, neverSent: false }))
    }
    if (status < 200 || status >= 300) return yield* Effect.fail(new CredentialsRefused({ ...said, status }))
    const answer = objectOf(text)
    const value = accessTokenOf(answer)
    if (value === undefined) {
      return yield* Effect.fail(new AnswerUnreadable({ ...about, problem: "it holds no access token" }))
    }
    const token = Redacted.make(value)
    const mintedAt = yield* Clock.currentTimeMillis
    return { token, mintedAt, expiresAt: mintedAt + secondsOf(answer, token) * 1000 / config.speed }
  }).pipe(
    telemetry.measured(operation, () => true, () => Effect.void),
    telemetry.spanned(operation, "POST", "/oauth/token")
  )

  const spending = Spending.spending(budget, {
    budget: "token",
    operation,
    uncounted: (error) => error._tag === "CredentialsRefused" || (error._tag === "Unavailable" && error.neverSent)
  })

  const store = Effect.fnUntraced(function*(minted: Known) {
    const { clientSecret } = yield* credentials
    const { expiresAt, mintedAt } = minted
    const value = { sealed: yield* sealed.seal(clientSecret, minted.token), expiresAt, mintedAt }
    // The token works in this process even when it cannot be shared.
    yield* state.update(tokenKey, () => [undefined, State.set(value, expiresAt - mintedAt)]).pipe(
      Effect.catchAll((error) => Effect.logWarning(`The access token could not be stored: ${error.message}`))
    )
    return minted
  })

  const mint = Effect.gen(function*() {
    const found = yield* Effect.flatMap(fromStore, usable)
    if (Option.isSome(found)) return found.value
    const minted = yield* spending(exchange)
    yield* Effect.logInfo("Minted an access token").pipe(
      Effect.annotateLogs("expires_at", new Date(minted.expiresAt).toISOString())
    )
    return yield* store(minted)
  }).pipe(Effect.ensuring(releaseLease), Effect.withSpan("HabuAuth.mint"))

  const obtain: Effect.Effect<Known, HabuError> = Effect.gen(function*() {
    const found = yield* Effect.flatMap(fromStore, usable)
    if (Option.isSome(found)) return found.value
    const until = yield* claimLease
    if (Option.isNone(until)) return yield* mint
    const now = yield* Clock.currentTimeMillis
    yield* Effect.withSpan(Effect.sleep(Duration.millis(Math.min(until.value - now, lookAgain))), "wait.token_lease")
    return yield* obtain
  })

  const rememberedOr = (other: Effect.Effect<Known, HabuError>) =>
    Effect.flatMap(
      Effect.flatMap(Ref.get(known), usable),
      Option.match({ onNone: () => other, onSome: Effect.succeed })
    )

  const remembering = Effect.tap(obtain, (found) => Ref.set(known, Option.some(found)))

  // One at a time in this process, and in a fibre of its own: a caller that gives up must not lose a token that Habu
  // has already counted.
  const renewal = Effect.uninterruptible(SynchronizedRef.modifyEffect(
    underWay,
    Effect.fnUntraced(function*(running) {
      if (Option.isSome(running) && Option.isNone(yield* Fiber.poll(running.value))) {
        return [running.value, running] as const
      }
      const fiber = yield* Effect.forkIn(Effect.exit(Effect.interruptible(rememberedOr(remembering))), scope)
      return [fiber, Option.some(fiber)] as const
    })
  ))

  const renewed = Effect.withSpan(Effect.flatten(Effect.flatMap(renewal, Fiber.join)), "HabuAuth.accessToken")

  const nextMint = Effect.map(
    budget.status,
    Arr.findFirst((status) => status.budget === "token" ? Option.fromNullable(status.nextAt) : Option.none())
  )

  // Dropping the token is only worth it where another can be had: one that was refused right after it was minted would
  // be refused anew, and while no slot is left the old one may yet be taken again.
  const refused = Effect.fn("HabuAuth.refused")(function*(token: Redacted.Redacted) {
    const now = yield* Clock.currentTimeMillis
    const remembered = yield* Ref.get(known)
    const isRefused = (candidate: Known) => Redacted.value(candidate.token) === Redacted.value(token)
    const isSettled = (candidate: Known) => candidate.mintedAt + settling / config.speed <= now
    const forget = Ref.update(known, Option.filter((candidate) => !isRefused(candidate)))
    const stored = yield* Effect.orElseSucceed(fromStore, () => Option.none<Known>())
    if (Option.exists(stored, (candidate) => !isRefused(candidate))) {
      return yield* Effect.as(forget, Option.none<number>())
    }
    const held = Option.orElse(stored, () => Option.filter(remembered, isRefused))
    const next = yield* nextMint
    if (Option.isSome(next) || !Option.exists(held, isSettled)) return next
    yield* forget
    yield* Effect.mapError(
      state.update(tokenKey, (found) => [
        undefined,
        Option.exists(found, (entry) => Option.exists(held, ({ mintedAt }) => mintedAt === entry.mintedAt))
          ? State.remove
          : State.keep
      ]),
      stateFailed
    )
    return next
  })

  const accessToken = Effect.map(rememberedOr(renewed), ({ token }) => token)

  return HabuAuth.of({
    accessToken,
    refused,
    claims: Effect.map(accessToken, claimsOf)
  })
})

/**
 * Provides the broker of the configured organisation.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<HabuAuth, never, HabuConfig | HabuBudget | HabuState | HttpClient.HttpClient> = Layer
  .scoped(HabuAuth, make)

/**
 * Provides the broker of the organisation that the environment names, with its budgets.
 *
 * @since 0.1.0
 * @category layers
 */
export const layerConfig = layer.pipe(
  Layer.provide(HabuBudgetModule.layer),
  Layer.provide(HabuConfigModule.layerConfig)
)
