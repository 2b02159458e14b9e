/**
 * Views: a SQL query over data connections that is then used like a data connection.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { DataConnectionViewResponse } from "../../habu/api/DataConnectionViews.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known, pages, resolve } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as Plan from "../Plan.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Connections from "./Connections.js"
import * as FieldKinds from "./FieldKinds.js"

/**
 * A view as a caller gives it: the query, and the data connection that each of its macros stands for.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Definition = Schema.Struct({
  query: Schema.String,
  macros: Schema.Record({ key: Schema.String, value: Schema.String })
})

export interface Definition extends Schema.Schema.Type<typeof Definition> {}

export type View = Known<DataConnectionViewResponse>

const mostPerPage = 100

/**
 * All views, over all pages (operation `getAllDataConnectionViews`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const all = Effect.flatMap(HabuClient, (habu) =>
  Effect.map(
    pages(
      (urlParams) =>
        Effect.map(
          habu.getAllDataConnectionViews({ urlParams }),
          ({ dataConnectionViews = [] }) => dataConnectionViews
        ),
      mostPerPage
    ),
    known
  ))

/**
 * The view that is meant, by name or id.
 *
 * @since 0.1.0
 * @category getters
 */
export const named = (reference: string, views: ReadonlyArray<View>) => resolve("view", reference, views)

interface Source {
  readonly dataConnectionId: string
  readonly macro: string
}

const sourcesOf = (macros: Definition["macros"], connections: ReadonlyArray<Connections.Connection>) =>
  Effect.forEach(Object.entries(macros), ([macro, reference]) =>
    Effect.map(
      Connections.named(reference, connections),
      ({ id }): Source => ({ dataConnectionId: id, macro: macro.replace(/^@/, "") })
    ))

const sorted = (sources: ReadonlyArray<Partial<Source>>) =>
  JSON.stringify(sources.map(({ dataConnectionId, macro }) => [macro, dataConnectionId]).sort())

const isSo = (view: View, query: string, sources: ReadonlyArray<Source>) =>
  (view.query ?? "").trim() === query.trim() && sorted(view.dataConnections ?? []) === sorted(sources)

const unusedMacro = (query: string, sources: ReadonlyArray<Source>) =>
  sources.find(({ macro }) => !query.includes(`@${macro}`))

/**
 * The step that makes or changes a view.
 *
 * @since 0.1.0
 * @category formatting
 */
export const step = (name: string, isNew: boolean): string =>
  `${isNew ? "create" : "change"} view ${JSON.stringify(Words.said(name) ?? "")}`

/**
 * Plans a view as it is defined (operations `createDataConnectionView`, `updateDataConnectionView`). Another query over
 * the same data may show more of it, so that a change needs agreement.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plan = Effect.fn("Views.plan")(function*(
  name: string,
  { macros, query }: Definition,
  connections: ReadonlyArray<Connections.Connection>
) {
  const sources = yield* sourcesOf(macros, connections)
  const unused = unusedMacro(query, sources)
  if (sources.length === 0 || unused !== undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "view.macros",
        problem: unused === undefined
          ? "is empty"
          : `has @${Words.said(unused.macro, 60)}, which the query does not use (macros are case-sensitive)`,
        advice: "Name for each @macro of the query the data connection that it stands for."
      })
    )
  }
  const there = yield* Effect.flatMap(all, (views) => {
    const found = Connections.ofName(name, views)
    return found.length > 1 ? named(name, found) : Effect.succeed(found[0])
  })
  const shown = Effect.map(all, (views) => Connections.ofName(name, views).some((view) => isSo(view, query, sources)))
  if (there === undefined) {
    const change: Plan.Change<HabuClient> = {
      step: step(name, true),
      grade: "ordinary",
      preview: `${step(name, true)} over ${Words.count(sources.length, "data connection")}`,
      makes: `view/${Text.folded(name)}`,
      write: Effect.gen(function*() {
        const habu = yield* HabuClient
        yield* habu.createDataConnectionView({ payload: { name: name.trim(), query, dataConnections: sources } })
      }),
      shown
    }
    return { changes: [change], settled: [] }
  }
  if (isSo(there, query, sources)) return { changes: [], settled: [Plan.already(step(name, true))] }
  const change: Plan.Change<HabuClient> = {
    step: step(name, false),
    grade: "privacy_lowering",
    preview: `${step(name, false)}: its query from ${JSON.stringify(Words.said(there.query, 300) ?? "")} to ${
      JSON.stringify(Words.said(query, 300) ?? "")
    }; clean rooms that have it see what the new query gives`,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* habu.updateDataConnectionView({
        path: { viewId: there.id },
        payload: { query, dataConnections: sources }
      })
    }),
    shown
  }
  return { changes: [change], settled: [] }
})

/**
 * Whether Habu could not work out a view's query. `status` and `stage` are texts that it does not document.
 *
 * @since 0.1.0
 * @category guards
 */
export const isBroken = ({ stage, status }: DataConnectionViewResponse): boolean =>
  /fail|error|invalid/i.test(`${status ?? ""} ${stage ?? ""}`)

/**
 * What a view shows of what its sources protect: columns named like fields that are personal or excluded there.
 *
 * @since 0.1.0
 * @category getters
 */
export const exposures = ({ dataConnections = [], fields = [] }: DataConnectionViewResponse): ReadonlyArray<string> => {
  const guarded = dataConnections.flatMap(({ fieldConfigurations = [] }) =>
    fieldConfigurations.filter(({ isExcluded, isPii }) => isPii === true || isExcluded === true)
  ).map(({ fieldName = "" }) => Text.folded(fieldName))
  const shown = fields.map(({ name = "" }) => name).filter((name) =>
    guarded.includes(Text.folded(name)) || FieldKinds.guess({ fieldName: name })?.isPii === true
  )
  return shown.length === 0
    ? []
    : [
      `The view shows ${
        shown.slice(0, 8).map((name) => JSON.stringify(Words.said(name, 60) ?? "")).join(", ")
      }, personal or excluded data of its sources; their labels do not carry over. Leave it out of the query if it can be.`
    ]
}
