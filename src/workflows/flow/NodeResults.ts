/**
 * What each node of a flow run produced: how far it is, how many rows in which columns, and rows only where they list no
 * people.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import type { GetCleanroomFlowRunOutputNodeResponseObject } from "../../habu/api/FlowRuns.js"
import { HabuClient } from "../../habu/HabuClient.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Text from "../../habu/Text.js"
import * as FirstRows from "../../results/FirstRows.js"
import * as Run from "../../runs/Run.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type * as Nodes from "./Nodes.js"

/**
 * A node of a run in an answer. `files` can be read with `file`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const View = Schema.Struct({
  ...Words.Reference.fields,
  level: Workflow.maybe(Schema.Number),
  phase: Run.Phase,
  habu_status: Workflow.maybe(Schema.String),
  row_count: Workflow.maybe(Schema.Number),
  columns: Workflow.maybe(Schema.Array(Schema.String)),
  rows: Workflow.maybe(Schema.Array(Schema.Record({ key: Schema.String, value: Schema.String }))),
  files: Workflow.maybe(Schema.Array(Schema.String)),
  note: Workflow.maybe(Schema.String)
})

export interface View extends Schema.Schema.Type<typeof View> {}

/**
 * A file that a node made: its size, and where no people are listed its beginning.
 *
 * @since 0.1.0
 * @category schemas
 */
export const FileView = Schema.Struct({
  name: Schema.String,
  node: Schema.String,
  characters: Schema.Number,
  lines: Schema.Number,
  columns: Workflow.maybe(Schema.Array(Schema.String)),
  beginning: Workflow.maybe(Schema.String)
})

/**
 * Which run, and what is known of its flow's nodes.
 *
 * @since 0.1.0
 * @category models
 */
export interface Source {
  readonly cleanRoomId: string
  readonly runId: string
  readonly nodes: ReadonlyArray<Nodes.Node>
  /** The node that is asked for; the others are told without their rows. */
  readonly node: Nodes.Node | undefined
}

const fewRows = 10
const moreRows = 50
const shownOfFile = 2_000
const peopleNote = "Lists people, so only their count and columns are shown."

const pathOf = ({ cleanRoomId, runId }: Source) => ({ cleanroomId: cleanRoomId, cleanroomFlowRunId: runId })

const lastLevel = (nodes: ReadonlyArray<Nodes.Node>) => Math.max(...nodes.map(({ level }) => level ?? 0))

// Rows of the node that is asked for, otherwise of those at the end of the flow.
const rowsFor = ({ node, nodes }: Source, one: Nodes.Node | undefined) => {
  if (one?.isAnalytical !== true) return 0
  if (node !== undefined) return node.id === one.id ? moreRows : 0
  const last = nodes.filter(({ isAnalytical, level }) => isAnalytical && level === lastLevel(nodes))
  return last.some(({ id }) => id === one.id) ? Math.max(3, Math.floor(fewRows / last.length)) : 0
}

const report = Effect.fnUntraced(function*(source: Source, nodeId: string, limit: number) {
  const habu = yield* HabuClient
  // Without rows to show, one is asked for: it comes with the count and the columns, and goes no further.
  const data = yield* habu.getCleanroomFlowRunReport({
    path: pathOf(source),
    urlParams: { node: nodeId, limit: Math.max(1, limit), offset: 0 }
  })
  return FirstRows.fromPage(data, data.count ?? data.stats?.length ?? 0, limit)
})

const result = (found: Either.Either<FirstRows.FirstRows, HabuError>, isAnalytical: boolean) =>
  Either.match(found, {
    onLeft: (error) => ({ note: `Its result could not be read: ${error.message} ${error.advice}` }),
    onRight: ({ columns, count, outputs, rows }) =>
      Workflow.compact({
        row_count: count,
        columns: columns.map(({ name, type }) => `${name} (${type})`),
        rows,
        files: outputs,
        note: isAnalytical ? undefined : peopleNote
      })
  })

const view = (source: Source) =>
  Effect.fnUntraced(function*({ node, runStatus }: GetCleanroomFlowRunOutputNodeResponseObject) {
    const known = source.nodes.find(({ id }) => id === node?.id)
    const phase = Run.phaseOf(runStatus)
    const name = known?.name ?? node?.title ?? node?.label
    const about = {
      ...Words.reference({
        ...(node?.id !== undefined && { id: node.id }),
        ...(known?.displayId !== undefined && { displayId: known.displayId }),
        ...(name !== undefined && { name })
      }),
      ...Workflow.compact({ level: node?.level, habu_status: Words.said(runStatus, 50) }),
      phase
    }
    if (phase !== "completed" || node?.id === undefined) return about
    const read = yield* Effect.either(report(source, node.id, rowsFor(source, known)))
    return { ...about, ...result(read, known?.isAnalytical === true) }
  })

const outputNodes = (source: Source) =>
  Effect.flatMap(HabuClient, (habu) => habu.getCleanroomFlowRunOutputNodes({ path: pathOf(source) }))

/**
 * How far a node of a run is.
 *
 * @since 0.1.0
 * @category models
 */
export type Standing = Pick<View, "level" | "phase">

/**
 * Reads how far the nodes of a run are, without what they produced.
 *
 * @since 0.1.0
 * @category constructors
 */
export const standings = (source: Source) =>
  Effect.map(
    outputNodes(source),
    (found) =>
      found.map(({ node, runStatus }): Standing =>
        Workflow.compact({ level: node?.level, phase: Run.phaseOf(runStatus) })
      )
  )

/**
 * Reads the nodes of a run with what they produced (operations `getCleanroomFlowRunOutputNodes`,
 * `getCleanroomFlowRunReport`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("NodeResults.read")(function*(source: Source) {
  const found = yield* outputNodes(source)
  const views: ReadonlyArray<View> = yield* Effect.forEach(found, view(source), { concurrency: "unbounded" })
  return [...views].sort((a, b) => (a.level ?? 0) - (b.level ?? 0))
})

/**
 * The first level at which a node has not completed; undefined where all have.
 *
 * @since 0.1.0
 * @category getters
 */
export const openLevel = (views: ReadonlyArray<Standing>): number | undefined => {
  const levels = views.flatMap(({ level, phase }) => phase === "completed" || level === undefined ? [] : [level])
  return levels.length === 0 ? undefined : Math.min(...levels)
}

/**
 * Reads a file that a node made (operation `getCleanroomFlowRunNodeOutputFile`). Of a list of people only its size and
 * columns are told.
 *
 * @since 0.1.0
 * @category constructors
 */
export const file = Effect.fn("NodeResults.file")(function*(source: Source, node: Nodes.Node, name: string) {
  const habu = yield* HabuClient
  const content = yield* habu.getCleanroomFlowRunNodeOutputFile({
    path: { ...pathOf(source), nodeIdentifier: node.id, fileName: name }
  })
  const lines = content.split("\n").filter((line) => line.trim() !== "")
  const [header] = lines
  return Workflow.compact({
    name: Words.said(name) ?? "",
    node: Words.title(node),
    characters: content.length,
    lines: lines.length,
    columns: header === undefined || !/\.csv$/i.test(name)
      ? undefined
      : header.split(",").map((column) => Words.said(column.replaceAll("\"", "")) ?? ""),
    beginning: node.isAnalytical
      ? lines.join("\n").slice(0, shownOfFile).split("\n").map((line) => Text.clean(line, 500)).join("\n")
      : undefined
  }) satisfies typeof FileView.Type
})
