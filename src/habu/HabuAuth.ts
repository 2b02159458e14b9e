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
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Encoding from "effect/Encoding"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
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
import * as failures from "./internal/failures.js"
import * as sealed from "./internal/sealed.js"

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
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /** A token that is good for a while yet. */
  readonly accessToken: Effect.Effect<Redacted.Redacted, HabuError>
  /** Tells that Habu refused a token (401), so that the next call asks for another. */
  readonly refused: (token: Redacted.Redacted) => Effect.Effect<void, StateUnavailable>
  /** Reads the current token's own words, without a call; minted if there is none. */
  readonly claims: Effect.Effect<Claims, HabuError>
}

/**
 * @since 0.1.0
 * @category tags
 */
export class HabuAuth extends Context.Tag("habu-mcp/habu/HabuAuth")<HabuAuth, Service>() {}

const operation = "token"

// The answer is camelCase; a proxy or a later version may speak OAuth's own snake_case.
const TokenAnswer = Schema.Struct({
  accessToken: Schema.optional(Schema.String),
  access_token: Schema.optional(Schema.String),
  expiresIn: Schema.optional(Schema.NullOr(Schema.Union(Schema.Number, Schema.NumberFromString))),
  expires_in: Schema.optional(Schema.NullOr(Schema.Union(Schema.Number, Schema.NumberFromString)))
})

const decodeTokenAnswer = Schema.decodeUnknownEither(Schema.parseJson(TokenAnswer))

const JwtPayload = Schema.parseJson(Schema.Struct({
  exp: Schema.optional(Schema.Number),
  iat: Schema.optional(Schema.Number),
  scope: Schema.optional(Schema.String),
  permissions: Schema.optional(Schema.Array(Schema.String))
}))

const payloadOf = (token: Redacted.Redacted): typeof JwtPayload.Type =>
  Encoding.decodeBase64UrlString(Redacted.value(token).split(".")[1] ?? "").pipe(
    Either.flatMap(Schema.decodeEither(JwtPayload)),
    Either.getOrElse(() => ({}))
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
const margin = Duration.toMillis("5 minutes")
const settling = Duration.toMillis("1 minute")
const leaseGrace = Duration.toMillis("5 seconds")
const lookAgain = Duration.toMillis("250 millis")

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
  const http = (yield* HttpClient.HttpClient).pipe(HttpClient.withTracerPropagation(false))
  const scope = yield* Effect.scope
  const known = yield* Ref.make(Option.none<Known>())
  const oneAtATime = yield* Effect.makeSemaphore(1)
  const holder = crypto.randomUUID()

  const credentials = Either.match(config.credentials, { onLeft: Effect.fail, onRight: Effect.succeed })
  const stateFailed = (error: StateError) => new StateUnavailable({ operation, problem: error.message })
  const isUsable = (candidate: Known, now: number) => candidate.expiresAt - margin / config.speed > now

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

  const lifetime = (answer: typeof TokenAnswer.Type, token: Redacted.Redacted) => {
    const { exp, iat } = payloadOf(token)
    const stated = answer.expiresIn ?? answer.expires_in
    const seconds = stated ?? (exp !== undefined && iat !== undefined ? exp - iat : documentedSeconds)
    return seconds * 1000 / config.speed
  }

  const request = Effect.gen(function*() {
    const { clientId, clientSecret } = yield* credentials
    return HttpClientRequest.post(`${config.apiUrl}/oauth/token`).pipe(
      HttpClientRequest.basicAuth(clientId, clientSecret),
      HttpClientRequest.bodyUrlParams({ grant_type: "client_credentials" })
    )
  })

  const send = Effect.gen(function*() {
    const response = yield* http.execute(yield* request)
    return { response, text: yield* response.text, about: { operation, ...failures.requestIdOf(response) } }
  }).pipe(
    Effect.catchTags({
      RequestError: (error) => Effect.fail(failures.fromClientError(operation, error)),
      ResponseError: (error) => Effect.fail(failures.fromClientError(operation, error))
    }),
    Effect.timeoutFail({ duration: config.requestTimeout, onTimeout: failures.timedOut(operation) })
  )

  const exchange = Effect.gen(function*() {
    const { about, response, text } = yield* send
    const said = { ...about, ...failures.messageOf(text) }
    if (response.status === 429) {
      return yield* Effect.fail(new RateLimited({ ...said, retryAt: yield* budget.close("token") }))
    }
    if (response.status >= 500) {
      return yield* Effect.fail(
        new Unavailable({ ...said, reason: "server_error", status: response.status, neverSent: false })
      )
    }
    if (response.status < 200 || response.status >= 300) {
      return yield* Effect.fail(new CredentialsRefused({ ...said, status: response.status }))
    }
    const answer = Either.getOrElse(decodeTokenAnswer(text), (): typeof TokenAnswer.Type => ({}))
    const value = answer.accessToken ?? answer.access_token
    if (value === undefined || value === "") {
      return yield* Effect.fail(new AnswerUnreadable({ ...about, problem: "it holds no access token" }))
    }
    const token = Redacted.make(value)
    const mintedAt = yield* Clock.currentTimeMillis
    return { token, mintedAt, expiresAt: mintedAt + lifetime(answer, token) }
  })

  const wasNotCounted = (error: HabuError) =>
    error._tag === "CredentialsRefused" || error._tag === "RateLimited" ||
    (error._tag === "Unavailable" && error.neverSent)

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
    const reservation = yield* budget.reserve("token", operation)
    const minted = yield* Effect.tapBoth(exchange, {
      onFailure: (error) => wasNotCounted(error) ? budget.giveBack(reservation) : budget.confirm(reservation),
      onSuccess: () => budget.confirm(reservation)
    })
    yield* Effect.logInfo("Minted an access token").pipe(
      Effect.annotateLogs("expires_at", new Date(minted.expiresAt).toISOString())
    )
    return yield* store(minted)
  }).pipe(Effect.ensuring(releaseLease), Effect.withSpan("HabuAuth.mint"))

  const obtain: Effect.Effect<Known, HabuError> = Effect.gen(function*() {
    const found = yield* Effect.flatMap(fromStore, usable)
    if (Option.isSome(found)) return found.value
    const until = yield* claimLease
    if (Option.isNone(until)) {
      // A caller that gives up must not lose a token that Habu has already counted.
      return yield* Effect.flatMap(Effect.forkIn(mint, scope), Fiber.join)
    }
    const now = yield* Clock.currentTimeMillis
    yield* Effect.sleep(Duration.millis(Math.min(until.value - now, lookAgain)))
    return yield* obtain
  })

  const remembered = Effect.flatMap(Ref.get(known), usable)

  const current = Effect.flatMap(
    remembered,
    Option.match({
      onSome: Effect.succeed,
      onNone: () =>
        oneAtATime.withPermits(1)(Effect.flatMap(
          remembered,
          Option.match({
            onSome: Effect.succeed,
            onNone: () => Effect.tap(obtain, (found) => Ref.set(known, Option.some(found)))
          })
        ))
    })
  )

  // A token refused right after it was minted would be refused anew: minting again only burns the day's second one.
  const refused = Effect.fn("HabuAuth.refused")(function*(token: Redacted.Redacted) {
    const now = yield* Clock.currentTimeMillis
    const isStale = (candidate: Known) =>
      Redacted.value(candidate.token) === Redacted.value(token) && candidate.mintedAt + settling / config.speed <= now
    yield* Ref.update(known, Option.filter((candidate) => !isStale(candidate)))
    const stored = yield* Effect.orElseSucceed(fromStore, () => Option.none<Known>())
    if (!Option.exists(stored, isStale)) return
    yield* Effect.mapError(
      state.update(tokenKey, (found) => [
        undefined,
        Option.exists(found, (entry) => Option.exists(stored, (read) => read.mintedAt === entry.mintedAt))
          ? State.remove
          : State.keep
      ]),
      stateFailed
    )
  })

  const accessToken = Effect.map(current, (found) => found.token).pipe(Effect.withSpan("HabuAuth.accessToken"))

  return {
    accessToken,
    refused,
    claims: Effect.map(accessToken, (token) => {
      const { exp, permissions, scope: scopes } = payloadOf(token)
      return {
        scopes: permissions ?? scopes?.split(" ").filter((name) => name !== "") ?? [],
        expiresAt: exp === undefined ? undefined : exp * 1000
      }
    })
  } satisfies Service
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
