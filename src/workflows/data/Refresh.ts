/**
 * Reading a data connection's schema anew: what it was before is kept until the new one has been told and mapped, over as
 * many calls as that takes.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import type { FieldConfiguration } from "../../habu/api/DataConnections.js"
import { StateUnavailable } from "../../habu/HabuError.js"
import { HabuState } from "../../habu/HabuState.js"
import * as State from "../../state/StateStore.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

const Column = Schema.Struct({ name: Schema.String, type: Schema.String })

/**
 * A refresh under way: `sent` once Habu has taken it. `toldAt` is when its outcome was told, so that the same call right
 * after does not start another.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Pending = Schema.Struct({
  before: Schema.Array(Column),
  sent: Schema.Boolean,
  toldAt: Workflow.maybe(Schema.Number)
})

export interface Pending extends Schema.Schema.Type<typeof Pending> {}

const keyOf = (connectionId: string): State.StateKey<Pending, typeof Pending.Encoded> => ({
  name: `schema-refresh/${connectionId}`,
  schema: Pending
})

const kept = Duration.days(7)

const unavailable = ({ message }: { readonly message: string }) =>
  new StateUnavailable({ operation: "schema refresh", problem: message })

/**
 * The refresh of a data connection that is under way, or was told lately.
 *
 * @since 0.1.0
 * @category getters
 */
export const pending = (connectionId: string) =>
  Effect.flatMap(HabuState, (state) => Effect.mapError(state.get(keyOf(connectionId)), unavailable))

const columnsOf = (fields: ReadonlyArray<FieldConfiguration>): Pending["before"] =>
  fields.map(({ dataType, fieldName }) => ({ name: fieldName ?? "", type: dataType ?? "" }))

const keep = (connectionId: string, pending: Pending) =>
  Effect.flatMap(
    HabuState,
    (state) =>
      Effect.mapError(state.update(keyOf(connectionId), () => [undefined, State.set(pending, kept)]), unavailable)
  )

/**
 * Remembers the schema before a refresh; one that is remembered from a try that may not have arrived stays.
 *
 * @since 0.1.0
 * @category combinators
 */
export const begin = Effect.fnUntraced(function*(
  connectionId: string,
  known: Option.Option<Pending>,
  fields: ReadonlyArray<FieldConfiguration>
) {
  const isOpen = Option.exists(known, ({ toldAt }) => toldAt === undefined)
  const begun: Pending = isOpen && Option.isSome(known) ? known.value : { before: columnsOf(fields), sent: false }
  yield* keep(connectionId, begun)
  return begun
})

/**
 * Notes that Habu has taken a refresh.
 *
 * @since 0.1.0
 * @category combinators
 */
export const taken = (connectionId: string, pending: Pending) => keep(connectionId, { ...pending, sent: true })

/**
 * Notes that the outcome of a refresh was told.
 *
 * @since 0.1.0
 * @category combinators
 */
export const told = (connectionId: string, pending: Pending) =>
  Effect.flatMap(Clock.currentTimeMillis, (toldAt) => keep(connectionId, { ...pending, sent: true, toldAt }))

/**
 * How a schema differs from what it was.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Difference = Schema.Struct({
  new: Workflow.maybe(Schema.Array(Schema.String)),
  gone: Workflow.maybe(Schema.Array(Schema.String)),
  changed: Workflow.maybe(Schema.Array(Schema.String))
})

const shown = 40

/**
 * Compares schemas by name and type.
 *
 * @since 0.1.0
 * @category getters
 */
export const difference = (
  { before }: Pending,
  fields: ReadonlyArray<FieldConfiguration>
): typeof Difference.Type => {
  const after = columnsOf(fields)
  const said = ({ name, type }: typeof Column.Type) => `${Words.said(name, 60)} (${Words.said(type, 20) ?? "?"})`
  const lacks = (columns: Pending["before"]) => ({ name }: typeof Column.Type) =>
    !columns.some((one) => one.name === name)
  return Workflow.compact({
    new: after.filter(lacks(before)).map(said).slice(0, shown),
    gone: before.filter(lacks(after)).map(said).slice(0, shown),
    changed: after.flatMap((column) => {
      const own = before.find(({ name }) => name === column.name)
      return own === undefined || own.type === column.type ? [] : [`${said(own)} is now ${Words.said(column.type, 20)}`]
    }).slice(0, shown)
  })
}
