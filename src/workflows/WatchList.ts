/**
 * The watch list: clean rooms, invitations, runs, schedules and data connections, of which every change since the last
 * look is told once. It stands in for the notifications that Habu's API lacks.
 *
 * It lies in the state store under the organisation's name, so that all processes and conversations share it. A change
 * is kept until it was told; a process that ends in between tells it again.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Ref from "effect/Ref"
import { HabuClient } from "../habu/HabuClient.js"
import { type HabuError, StateUnavailable } from "../habu/HabuError.js"
import { HabuState } from "../habu/HabuState.js"
import { LastKnown } from "../habu/LastKnown.js"
import type { StateError } from "../state/StateError.js"
import * as State from "../state/StateStore.js"
import * as Reading from "./Reading.js"
import * as Sights from "./watch/Sights.js"
import { type Difference, type Facts, type Kind, type Thing, Watched } from "./watch/Thing.js"
import * as Words from "./Words.js"

export type { Difference, Kind, Thing } from "./watch/Thing.js"

/**
 * What became of a watched thing since the last look.
 *
 * @since 0.1.0
 * @category models
 */
export interface Change extends Difference {
  readonly thing: Thing
}

/**
 * A look at watched things: what changed, and which of them Habu did not show.
 *
 * @since 0.1.0
 * @category models
 */
export interface Look {
  readonly watched: number
  readonly changes: ReadonlyArray<Change>
  readonly unseen: ReadonlyArray<{ readonly thing: Thing; readonly error: HabuError }>
}

/**
 * Which of the watched things are meant: of these kinds, in this clean room. Without either, all.
 *
 * @since 0.1.0
 * @category models
 */
export interface Scope {
  readonly kinds?: ReadonlyArray<Kind>
  readonly cleanRoomId?: string
}

/**
 * Watches things, and tells what has changed since they were last looked at.
 *
 * @since 0.1.0
 * @category models
 */
export interface Service {
  /**
   * Watches a thing from now on; one that is watched already stays as it is. Without `state` the first look says
   * nothing, for there is nothing to compare with. It is what is known of it now: the status of an invitation or a run
   * in Habu's words, that of a data connection as `connectionState` reads it.
   */
  readonly watch: (thing: Thing, state?: string) => Effect.Effect<void, StateUnavailable>
  /** Watches it no more, and whether it was. Changes that were not told are forgotten. */
  readonly unwatch: (thing: Pick<Thing, "id" | "kind">) => Effect.Effect<boolean, StateUnavailable>
  /** What is watched. Nothing is asked of Habu. */
  readonly watched: (scope?: Scope) => Effect.Effect<ReadonlyArray<Thing>, StateUnavailable>
  /**
   * What was found changed in this process since this was last asked for, by {@link Service.changes} or by what others
   * read meanwhile. Nothing is asked of Habu, and nothing counts as told.
   */
  readonly noticed: Effect.Effect<ReadonlyArray<Change>, HabuError>
  /** Looks at what is watched and tells what changed since the last look, once. What is gone or over is then dropped. */
  readonly changes: (scope?: Scope) => Effect.Effect<Look, HabuError>
}

/**
 * The watch list, as a service.
 *
 * @since 0.1.0
 * @category tags
 */
export class WatchList extends Context.Tag("habu-mcp/workflows/WatchList")<WatchList, Service>() {}

const kept = Duration.days(180)
const untoldKept = 50

const keyOf = ({ id, kind }: Pick<Thing, "id" | "kind">): State.StateKey<Watched, typeof Watched.Encoded> => ({
  name: `watch/${kind}/${id}`,
  schema: Watched
})

const everything: State.StateKey<Watched, typeof Watched.Encoded> = { name: "watch/", schema: Watched }

const unavailable = ({ message }: StateError) => new StateUnavailable({ operation: "watch list", problem: message })

const isIn = (thing: Thing, { cleanRoomId, kinds }: Scope) =>
  (kinds === undefined || kinds.includes(thing.kind)) &&
  (cleanRoomId === undefined ||
    (thing.kind === "clean_room" ? thing.id : "cleanRoomId" in thing ? thing.cleanRoomId : undefined) === cleanRoomId)

// A group that is read for the first time, or not this time, says nothing.
const differences = (before: Facts, after: Facts) =>
  Object.entries(after).flatMap(([name, now]) => {
    const then = before[name]
    if (then === undefined) return []
    return [...new Set([...Object.keys(then), ...Object.keys(now)])]
      .filter((what) => then[what] !== now[what])
      .map((what) => ({
        what,
        ...(then[what] !== undefined && { from: then[what] }),
        ...(now[what] !== undefined && { to: now[what] })
      }))
  })

const seen = (before: Watched, { facts, observedAt, over }: Sights.Sight): Watched => {
  // Older than what is known: a copy that stood in, or another process was quicker.
  if (before.over || observedAt <= before.seenAt) return before
  // How a run ended is told also where nobody saw it begin.
  const then = over ? { state: {}, ...before.facts } : before.facts
  const found = facts === undefined ? [{ what: "gone" }] : differences(then, facts)
  const news = found.map((difference): Difference => ({
    ...difference,
    since: before.seenAt,
    noticedAt: observedAt
  }))
  return {
    ...before,
    facts: { ...before.facts, ...facts },
    seenAt: observedAt,
    over,
    untold: [...before.untold, ...news].slice(-untoldKept)
  }
}

const remaining = (entry: Watched): State.Change<Watched> =>
  entry.over && entry.untold.length === 0 ? State.remove : State.set(entry, kept)

const same = (one: Difference) => (other: Difference) => one.what === other.what && one.noticedAt === other.noticedAt

interface Noted {
  readonly untold: Watched["untold"]
  /** What this sight has added. */
  readonly news: Watched["untold"]
}

const nothing: Noted = { untold: [], news: [] }

/**
 * Makes the list over the organisation's state and the client.
 *
 * @since 0.1.0
 * @category constructors
 */
export const make = Effect.gen(function*() {
  const state = yield* HabuState
  const habu = yield* HabuClient
  const found = yield* Ref.make<ReadonlyArray<Change>>([])

  const update = <B>(
    thing: Pick<Thing, "id" | "kind">,
    f: (current: Option.Option<Watched>) => readonly [B, State.Change<Watched>]
  ) => Effect.mapError(state.update(keyOf(thing), f), unavailable)

  const watch = Effect.fn("WatchList.watch")(function*(thing: Thing, status?: string) {
    const now = yield* Clock.currentTimeMillis
    const known = Words.said(status, 50)
    const name = Words.said(thing.name)
    const entry: Watched = {
      thing: { ...thing, ...(name !== undefined && { name }) },
      facts: known === undefined ? {} : { state: { status: known } },
      seenAt: now,
      over: false,
      untold: []
    }
    return yield* update(thing, (current) => [
      undefined,
      Option.isSome(current) ? State.keep : State.set(entry, kept)
    ])
  })

  const unwatch = Effect.fn("WatchList.unwatch")((thing: Pick<Thing, "id" | "kind">) =>
    update(thing, (current) => [Option.isSome(current), State.remove])
  )

  const entries = (scope: Scope) =>
    Effect.map(
      Effect.mapError(state.list(everything), unavailable),
      (all) => all.map(([, entry]) => entry).filter(({ thing }) => isIn(thing, scope))
    )

  const note = (thing: Thing, sight: Sights.Sight) =>
    update(thing, (current): readonly [Noted, State.Change<Watched>] => {
      if (Option.isNone(current)) return [nothing, State.keep]
      const next = seen(current.value, sight)
      const news = next.untold.filter((one) => !current.value.untold.includes(one))
      return [{ untold: next.untold, news }, next === current.value ? State.keep : remaining(next)]
    }).pipe(
      Effect.tap(({ news }) =>
        Ref.update(found, (before) => [...before, ...news.map((difference): Change => ({ ...difference, thing }))])
      ),
      Effect.map(({ untold }) => untold)
    )

  const told = (thing: Thing, differences: ReadonlyArray<Difference>) =>
    update(thing, (current) => {
      if (Option.isNone(current)) return [undefined, State.keep]
      const untold = current.value.untold.filter((one) => !differences.some(same(one)))
      return [undefined, remaining({ ...current.value, untold })]
    })

  const changes = Effect.fn("WatchList.changes")(function*(scope: Scope = {}) {
    const all = yield* entries(scope)
    const looks = yield* Effect.forEach(all, ({ thing, untold }) =>
      Effect.gen(function*() {
        const outcome = yield* Reading.attempt(`watched ${thing.kind}`, Sights.look(habu, thing))
        return outcome._tag === "Answered"
          ? { thing, untold: yield* note(thing, outcome.value), error: undefined }
          : { thing, untold, error: outcome.error }
      }), { concurrency: "unbounded" })
    yield* Effect.forEach(
      looks.filter(({ untold }) => untold.length > 0),
      ({ thing, untold }) => told(thing, untold),
      { discard: true }
    )
    return {
      watched: all.length,
      changes: looks.flatMap(({ thing, untold }) => untold.map((difference): Change => ({ ...difference, thing }))),
      unseen: looks.flatMap(({ error, thing }) => error === undefined ? [] : [{ thing, error }])
    } satisfies Look
  })

  const lookAtKnown = Effect.gen(function*() {
    const all = yield* entries({})
    yield* Effect.forEach(
      all,
      ({ thing }) => Effect.ignore(Effect.flatMap(Sights.look(habu, thing), (sight) => note(thing, sight))),
      { discard: true }
    )
  }).pipe(Effect.provideService(LastKnown, true))

  const noticed = Effect.zipRight(lookAtKnown, Ref.getAndSet(found, [])).pipe(Effect.withSpan("WatchList.noticed"))

  return WatchList.of({
    watch,
    unwatch,
    noticed,
    watched: (scope = {}) => Effect.map(entries(scope), (all) => all.map(({ thing }) => thing)),
    changes
  })
})

/**
 * Provides the watch list of the configured organisation.
 *
 * @since 0.1.0
 * @category layers
 */
export const layer: Layer.Layer<WatchList, never, HabuClient | HabuState> = Layer.effect(WatchList, make)

const nouns: { readonly [kind in Kind]: string } = {
  clean_room: "clean room",
  invitation: "invitation",
  run: "run",
  schedule: "schedule",
  data_connection: "data connection"
}

/**
 * What is watched, in words.
 *
 * @since 0.1.0
 * @category formatting
 */
export const titleOf = ({ id, kind, name }: Thing): string => `${nouns[kind]} ${JSON.stringify(name ?? id)}`

/**
 * A change in a sentence.
 *
 * @since 0.1.0
 * @category formatting
 */
export const describe = ({ from, thing, to, what }: Change): string => {
  const title = titleOf(thing)
  if (what === "gone") return `The ${title} is there no more.`
  if (from === undefined) return `The ${title} has a new ${what}: ${to}.`
  return to === undefined
    ? `The ${title} has no ${what} any more (was ${from}).`
    : `The ${title}: ${what} went from ${from} to ${to}.`
}
