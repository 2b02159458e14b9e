/**
 * What must outlive a process, behind one atomic primitive.
 *
 * `update` is at-least-once: a lost answer may hide a change that was made. So what is written carries an id of its
 * own (a reservation, a run key), and writing it again changes nothing.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { Next, StateBackend } from "./StateBackend.js"
import { StateError } from "./StateError.js"

/**
 * A named place in the store and the schema of what it holds.
 *
 * @since 0.1.0
 * @category models
 */
export interface StateKey<A, I = unknown> {
  readonly name: string
  readonly schema: Schema.Schema<A, I>
}

/**
 * What an update leaves behind. A time to live counts from the update.
 *
 * @since 0.1.0
 * @category models
 */
export type Change<A> =
  | { readonly _tag: "Keep" }
  | { readonly _tag: "Remove" }
  | { readonly _tag: "Set"; readonly value: A; readonly timeToLive: Duration.DurationInput }

/**
 * Leaves the value as it was.
 *
 * @since 0.1.0
 * @category constructors
 */
export const keep: Change<never> = { _tag: "Keep" }

/**
 * Removes the value.
 *
 * @since 0.1.0
 * @category constructors
 */
export const remove: Change<never> = { _tag: "Remove" }

/**
 * Puts a value in place for a time; `Duration.infinity` keeps it for good.
 *
 * @since 0.1.0
 * @category constructors
 */
export const set = <A>(value: A, timeToLive: Duration.DurationInput): Change<A> => ({ _tag: "Set", value, timeToLive })

/**
 * The store's operations. All can fail with {@link StateError}.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  readonly kind: StateBackend["kind"]
  readonly durable: boolean
  readonly location: string
  readonly notices: ReadonlyArray<string>
  readonly get: <A, I>(key: StateKey<A, I>) => Effect.Effect<Option.Option<A>, StateError>
  readonly update: <A, I, B>(
    key: StateKey<A, I>,
    f: (current: Option.Option<A>) => readonly [B, Change<A>]
  ) => Effect.Effect<B, StateError>
  /** Everything under names that begin with a prefix. A value this version cannot read is left out, with a warning. */
  readonly list: <A, I>(
    prefix: StateKey<A, I>
  ) => Effect.Effect<ReadonlyArray<readonly [name: string, value: A]>, StateError>
  /** The same store with every name under another prefix, so that two organisations never share. */
  readonly under: (prefix: string) => Service
}

/**
 * The store of what outlives the process, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class StateStore extends Context.Tag("habu-mcp/state/StateStore")<StateStore, Service>() {}

const version = 1

const Envelope = Schema.parseJson(Schema.Struct({
  version: Schema.Literal(version),
  expiresAt: Schema.optionalWith(Schema.Number, { exact: true }),
  value: Schema.Unknown
}))

const decodeEnvelope = Schema.decodeEither(Envelope)
const encodeEnvelope = Schema.encodeSync(Envelope)

const unreadable = (name: string) =>
  new StateError({
    reason: "unreadable",
    message: `The stored value ${
      JSON.stringify(name)
    } cannot be read by this version of habu-mcp. It was left as it is.`
  })

/**
 * Makes a store over an engine.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = (backend: StateBackend, prefix = ""): Service => {
  const decode = <A, I>(key: StateKey<A, I>, name: string, now: number, text: string) =>
    Either.flatMap(
      decodeEnvelope(text),
      (envelope): Either.Either<Option.Option<A>, unknown> =>
        envelope.expiresAt !== undefined && envelope.expiresAt <= now
          ? Either.right(Option.none())
          : Either.map(Schema.decodeUnknownEither(key.schema)(envelope.value), Option.some)
    ).pipe(
      Either.mapLeft(() => unreadable(name))
    )

  const decodeOption = <A, I>(key: StateKey<A, I>, now: number, stored: Option.Option<string>) =>
    Option.match(stored, {
      onNone: () => Either.right(Option.none<A>()),
      onSome: (text) => decode(key, key.name, now, text)
    })

  const next = <A, I>(key: StateKey<A, I>, now: number, change: Change<A>): Next => {
    if (change._tag !== "Set") return change
    const timeToLive = Duration.toMillis(change.timeToLive)
    const expiresAt = Number.isFinite(timeToLive) ? now + timeToLive : undefined
    const value = Schema.encodeSync(key.schema)(change.value)
    return {
      _tag: "Put",
      expiresAt,
      value: encodeEnvelope(expiresAt === undefined ? { version, value } : { version, expiresAt, value })
    }
  }

  return {
    kind: backend.kind,
    durable: backend.durable,
    location: backend.location,
    notices: backend.notices,
    get: Effect.fn("StateStore.get")(function*(key) {
      const now = yield* Clock.currentTimeMillis
      return yield* decodeOption(key, now, yield* backend.read(prefix + key.name))
    }),
    update: Effect.fn("StateStore.update")(function*<A, I, B>(
      key: StateKey<A, I>,
      f: (current: Option.Option<A>) => readonly [B, Change<A>]
    ) {
      const now = yield* Clock.currentTimeMillis
      const outcome = yield* backend.modify(
        prefix + key.name,
        (stored): readonly [Either.Either<B, StateError>, Next] => {
          const current = decodeOption(key, now, stored)
          if (Either.isLeft(current)) return [Either.left(current.left), keep]
          const [answer, change] = f(current.right)
          return [Either.right(answer), next(key, now, change)]
        }
      )
      return yield* outcome
    }),
    list: Effect.fn("StateStore.list")(function*(key) {
      const now = yield* Clock.currentTimeMillis
      const found: Array<readonly [string, typeof key.schema.Type]> = []
      for (const [stored, text] of yield* backend.scan(prefix + key.name)) {
        const name = stored.slice(prefix.length)
        const value = decode(key, name, now, text)
        if (Either.isLeft(value)) yield* Effect.logWarning(value.left.message)
        else if (Option.isSome(value.right)) found.push([name, value.right.value])
      }
      return found
    }),
    under: (more) => make(backend, `${prefix}${more}/`)
  }
}

/**
 * Provides a store over an engine that is opened and closed with the layer.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer = <E, R>(backend: Effect.Effect<StateBackend, E, R>) =>
  Layer.scoped(StateStore, Effect.map(backend, (engine) => make(engine)))
