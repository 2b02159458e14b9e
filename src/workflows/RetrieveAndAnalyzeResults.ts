/**
 * The results of a run: what is in them, what stands out, what changed; SQL over them, a chart, a file.
 *
 * Called again with the same arguments it goes on with a result that is still being loaded. Rows of a question that
 * lists people, or may, are counted and never shown, asked, drawn or written.
 *
 * @since 0.1.0
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import * as Schema from "effect/Schema"
import { AuditLog, type Read } from "../audit/AuditLog.js"
import { HabuClient } from "../habu/HabuClient.js"
import type { Placed } from "../habu/HabuDirectory.js"
import { ReadOnly } from "../habu/ReadOnly.js"
import * as Text from "../habu/Text.js"
import * as Column from "../results/Column.js"
import * as Disclosure from "../results/Disclosure.js"
import { type Drawn, Results } from "../results/Results.js"
import type { ResultsRefused } from "../results/ResultsError.js"
import { RowsWithheld } from "../results/ResultsError.js"
import type { Table } from "../results/Table.js"
import * as RunReport from "./question/RunReport.js"
import * as ChosenRun from "./results/ChosenRun.js"
import * as NearIdentical from "./results/NearIdentical.js"
import * as Privacy from "./results/Privacy.js"
import * as Views from "./results/Views.js"
import * as Where from "./Where.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"
import { InputInvalid } from "./Workflow.js"

const tool = "retrieve_and_analyze_results"
const longestWait = 45
const usualWait = 30
const usualRows = 5
const mostRows = 500

const maybe = Workflow.maybe

/**
 * What `retrieve_and_analyze_results` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  question: maybe(Schema.String.annotations({
    description: "Name, display id (CRQ-…) or id; its latest completed run is taken"
  })),
  clean_room: maybe(Schema.String.annotations({
    description: "Where it is, if its name is not unique"
  })),
  run: maybe(Schema.String.annotations({
    description: "This one instead: id, or name with `question`"
  })),
  nth: maybe(Workflow.whole(1, 1_000, "Which of the completed runs, the latest being 1")),
  date: maybe(Schema.String.annotations({ description: "The run completed on this day (YYYY-MM-DD, UTC)" })),
  compare: maybe(Schema.Boolean.annotations({
    description: "With the run before (`previous` in SQL); by default if not large"
  })),
  sql: maybe(Schema.String.annotations({
    description: "One SELECT (DuckDB) over `results` (and `previous`); chart and export then show its answer"
  })),
  rows: maybe(Workflow.whole(0, mostRows, `How many rows to show; ${usualRows}, of sql 50, if not given`)),
  chart: maybe(
    Schema.Literal("auto", "bar", "line", "histogram").annotations({
      description: "auto chooses by the data"
    })
  ),
  x: maybe(Schema.String.annotations({ description: "Column to draw by" })),
  y: maybe(Schema.String.annotations({ description: "Column of numbers" })),
  export: maybe(
    Schema.Literal("csv", "json", "ndjson", "parquet", "xlsx", "markdown").annotations({
      description: "Write all rows into the export folder"
    })
  ),
  file: maybe(Schema.String.annotations({
    description: "Save this file of a run with several outputs"
  })),
  file_name: maybe(Schema.String.annotations({ description: "Its name; none is overwritten" })),
  wait_seconds: maybe(
    Workflow.whole(
      0,
      longestWait,
      "For a large result; it is loaded on meanwhile"
    )
  ),
  detail: maybe(
    Schema.Literal("brief", "full").annotations({ description: "full adds every column and all SQL" })
  )
})

export type Input = typeof Input.Type

/**
 * What `retrieve_and_analyze_results` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  question: maybe(Words.Reference),
  clean_room: maybe(Words.Reference),
  run: maybe(Views.RunView),
  compared_with: maybe(Views.RunView),
  ...Views.fields,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

type Chosen = ChosenRun.ChosenRun

const inputOf = (refused: ResultsRefused) =>
  new InputInvalid({
    field: refused.field,
    problem: refused.problem,
    ...(refused.options !== undefined && { options: refused.options }),
    advice: refused.advice
  })

const runView = (run: NonNullable<Chosen["run"]>, place?: number, of?: number): typeof Views.RunView.Type =>
  Workflow.compact({
    id: run.id,
    name: Words.said(run.name, 150),
    completed_at: Words.moment(run.completedAt),
    place,
    of,
    parameters: run.parameters === undefined || Object.keys(run.parameters).length === 0
      ? undefined
      : Object.fromEntries(
        Object.entries(run.parameters).slice(0, 20).map((
          [name, value]
        ) => [Text.clean(name, 80), Text.clean(value, 120)])
      )
  })

const aboutOf = ({ place, placed, run, runId, total }: Chosen) =>
  Workflow.compact({
    question: placed === undefined ? undefined : Words.reference(placed.question),
    clean_room: placed === undefined ? undefined : Words.reference(placed.cleanRoom),
    run: run === undefined ? { id: runId } : runView(run, place, total)
  })

const whose = ({ placed, run }: Chosen) => {
  const when = Words.moment(run?.completedAt)
  return `${placed === undefined ? "The run" : `The run of ${Words.title(placed.question)}`}${
    when === undefined ? "" : ` completed ${when}`
  }`
}

const noted = ({ placed, runId }: Chosen, operation: string, seen: Read["seen"]) =>
  Effect.flatMap(AuditLog, (log) =>
    log.recordRead({
      operation,
      target: {
        cleanroomQuestionRunId: runId,
        ...(placed !== undefined && { cleanroomQuestionId: placed.question.id, cleanroomId: placed.cleanRoom.id })
      },
      seen
    }))

const readRows = "getCleanroomQuestionRunData"

const asksForRows = ({ chart, export: format, file, sql }: Input) =>
  [["sql", sql], ["chart", chart], ["export", format], ["file", file]].flatMap(([name, value]) =>
    value === undefined ? [] : [name]
  )

// A list of people is counted; nothing else of it is even kept.
const counted = Effect.fnUntraced(function*(input: Input, chosen: Chosen) {
  const habu = yield* HabuClient
  const path = { cleanroomQuestionRunId: chosen.runId }
  const questionType = chosen.placed?.question.questionType
  const { message } = new RowsWithheld({ ...(questionType !== undefined && { questionType }) })
  const refused = asksForRows(input)
  const [count, shape] = yield* Effect.all([
    habu.getCleanroomQuestionRunDataCount({ path }),
    Effect.map(
      habu.getCleanroomQuestionRunData({ path, urlParams: { limit: 1, offset: 0 } }),
      (data) => Column.fromPage({ metadata: data.metadata ?? [] })
    )
  ], { concurrency: 2 })
  yield* noted(chosen, "getCleanroomQuestionRunDataCount", { what: "count and columns", row_count: count })
  return Workflow.compact({
    status: refused.length === 0 ? "done" as const : "partial" as const,
    summary: `${whose(chosen)} has ${Words.count(count, "row")}. ${message}${
      refused.length === 0 ? "" : ` So what was asked for by ${refused.join(", ")} was not done.`
    }`,
    ...aboutOf(chosen),
    row_count: count,
    columns: shape.map(({ name, type }) => ({ name, type })),
    warnings: chosen.placed === undefined
      ? ["Which question this run belongs to is not known here; give `question`, and what is analytical is shown."]
      : undefined
  }) satisfies Output
})

const none = (input: Input, { completed, placed, underWay }: ChosenRun.NoRun): Output => {
  const question = Words.handle(placed.question)
  const about = {
    question: Words.reference(placed.question),
    clean_room: Words.reference(placed.cleanRoom)
  }
  if (completed.length > 0) {
    const days = completed.slice(0, 8).map(({ completedAt }) => Words.moment(completedAt)).filter((at) =>
      at !== undefined
    )
    return {
      status: "needs_input",
      summary: `${Words.title(placed.question)} has ${Words.count(completed.length, "completed run")}, none ${
        input.date === undefined ? `in place ${input.nth ?? 1}` : `of ${Text.clean(input.date, 20)}`
      }. The latest completed ${days.join(", ")}.`,
      ...about,
      next_steps: [{ tool, arguments: { question }, why: "Take the latest." }]
    }
  }
  return {
    status: underWay === undefined ? "needs_input" : "running",
    summary: underWay === undefined
      ? `${Words.title(placed.question)} has no completed run, so there are no results yet.`
      : `${Words.title(placed.question)} has no completed run yet; one is under way.`,
    ...about,
    next_steps: [
      underWay === undefined
        ? {
          tool: "execute_question_workflow",
          arguments: { question, dry_run: true },
          why: "See what a run needs; nothing is started."
        }
        : {
          tool: "execute_question_workflow",
          arguments: { question, run: underWay.id },
          why: "Follow the run that is under way; this starts nothing."
        }
    ]
  }
}

const loading = (input: Input, chosen: Chosen, what: string, rows: number, of: number): Output => ({
  status: "partial",
  summary: `${what} is being loaded: ${rows} of ${of} rows so far. It goes on in the background.`,
  ...aboutOf(chosen),
  progress: { rows, of },
  next_steps: [{ tool, arguments: input, why: "The same call goes on where this one stopped.", after_seconds: 5 }]
})

// The run before is compared by itself where both are quickly had.
const comparedUpTo = 50_000

const wantsPrevious = ({ compare, export: format, file, sql }: Input, { rows }: Table) =>
  compare ?? (sql === undefined
    ? format === undefined && file === undefined && rows <= comparedUpTo
    : /\bprevious\b/i.test(sql))

const previousOf = Effect.fnUntraced(function*(input: Input, chosen: Chosen, table: Table, wait: Duration.Duration) {
  const results = yield* Results
  const { before, placed } = chosen
  if (before === undefined || !wantsPrevious(input, table)) return undefined
  const subject = { runId: before.id, questionType: placed?.question.questionType }
  // By itself it is an extra, and its trouble is not the trouble of what was asked for.
  return yield* Effect.catchAll(
    Effect.map(results.load(subject, wait), (load) => ({ ...load, failure: undefined })),
    (error) =>
      error._tag === "RowsWithheld"
        ? Effect.succeed(undefined)
        : Effect.succeed({ _tag: "Failed" as const, failure: error.message })
  )
})

const outputFile = Effect.fnUntraced(function*(input: Input, chosen: Chosen, file: string) {
  const habu = yield* HabuClient
  const results = yield* Results
  const path = { cleanroomQuestionRunId: chosen.runId }
  const { multipleOutputs = [] } = yield* habu.getCleanroomQuestionRunData({
    path,
    urlParams: { limit: 1, offset: 0 }
  })
  const fileName = multipleOutputs.find((name) => Text.folded(name) === Text.folded(file))
  if (fileName === undefined) {
    return yield* Effect.fail(
      new InputInvalid({
        field: "file",
        problem: `is ${JSON.stringify(Text.clean(file, 80))}, and the run has no such file`,
        options: multipleOutputs.map((name) => Text.clean(name, 80)),
        advice: multipleOutputs.length === 0
          ? "This question has no further outputs; export writes its rows."
          : "Name one of them."
      })
    )
  }
  const content = yield* habu.getCleanroomQuestionRunOutputFile({ path: { ...path, fileName } })
  const written = yield* results.save({ content, fileName, name: input.file_name })
  yield* noted(chosen, "getCleanroomQuestionRunOutputFile", { what: "file", file: fileName, written: written.path })
  return {
    status: "done" as const,
    summary: `${Text.clean(fileName, 80)} was saved as ${written.path}.`,
    ...aboutOf(chosen),
    export: { path: written.path, uri: written.uri, bytes: written.bytes },
    outputs: multipleOutputs.map((name) => Text.clean(name, 80)),
    attachments: [{
      _tag: "File" as const,
      uri: written.uri,
      name: written.name,
      mimeType: /\.csv$/i.test(written.name) ? "text/csv" : "text/plain",
      size: written.bytes
    }]
  }
})

interface Shown {
  readonly fields: Partial<Output>
  readonly sentences: ReadonlyArray<string>
  readonly attachments: ReadonlyArray<Workflow.Attachment>
}

const nothing: Shown = { fields: {}, sentences: [], attachments: [] }

const pictured = (what: string, png: Drawn["png"]): Omit<Shown, "fields"> =>
  Either.match(png, {
    onLeft: ({ advice, problem }) => ({
      sentences: [`A ${what} is specified, but not drawn: ${problem} ${advice}`],
      attachments: []
    }),
    onRight: (bytes) => ({
      sentences: [`A ${what} is drawn, as a picture where the host passes it on.`],
      attachments: [{ _tag: "Image", mimeType: "image/png", bytes }]
    })
  })

const drawn = Effect.fnUntraced(function*(input: Input, chosen: Chosen, table: Table, told: Privacy.Told) {
  if (input.chart === undefined) return nothing
  const results = yield* Results
  const { kind, omitted, png, spec, sql } = yield* results.chart({
    table,
    title: chosen.placed === undefined ? "Results" : chosen.placed.question.name ?? Words.title(chosen.placed.question),
    kind: input.chart === "auto" ? undefined : input.chart,
    x: Words.given(input.x),
    y: Words.given(input.y),
    hints: told.hints
  })
  yield* noted(chosen, readRows, { what: "chart", kind, sql })
  return {
    fields: {
      chart: Workflow.compact({
        kind,
        spec,
        sql: input.detail === "full" ? sql : undefined,
        omitted: omitted || undefined
      })
    },
    ...pictured(kind === "bar" ? "bar chart" : kind === "line" ? "line chart" : "histogram", png)
  } satisfies Shown
})

const written = Effect.fnUntraced(function*(input: Input, chosen: Chosen, table: Table) {
  const format = input.export
  if (format === undefined) return nothing
  const results = yield* Results
  const { bytes, mimeType, name, path, rows, uri } = yield* results.export({
    table,
    format,
    name: Words.given(input.file_name),
    proposed: `${chosen.placed?.question.name ?? "results"} ${(chosen.run?.completedAt ?? "").slice(0, 10)}`
  })
  yield* noted(chosen, readRows, {
    what: "export",
    format,
    rows,
    path,
    ...(input.sql !== undefined && { sql: input.sql })
  })
  return {
    fields: { export: { path, uri, bytes, rows } },
    sentences: [`${Words.count(rows, "row")} were written to ${path}.`],
    attachments: [{ _tag: "File", uri, name, mimeType, size: bytes }]
  } satisfies Shown
})

const joined = (parts: ReadonlyArray<Shown>): Shown => ({
  fields: Object.assign({}, ...parts.map(({ fields }) => fields)),
  sentences: parts.flatMap(({ sentences }) => sentences),
  attachments: parts.flatMap(({ attachments }) => attachments)
})

const queryRows = 50
// Of the 4,000 tokens of an answer; what is larger than this goes to a file.
const roomForRows = 8_000
const roomForAllRows = 60_000
const exportedRows = 100_000

const roomOf = ({ detail }: Input) => detail === "full" ? roomForAllRows : roomForRows

const asked = Effect.fnUntraced(function*(
  input: Input,
  chosen: Chosen,
  sql: string,
  { previous, table, told }: {
    readonly table: Table
    readonly previous: Table | undefined
    readonly told: Privacy.Told
  }
) {
  const results = yield* Results
  const wanted = input.rows ?? queryRows
  const needsAll = input.chart !== undefined || input.export !== undefined
  const answer = yield* results.query({ table, previous, sql, rows: needsAll ? exportedRows : Math.max(1, wanted) })
  const columns = answer.columns.map(({ name, type }) => ({ name, ...Column.typeOf(type) }))
  const rows = Views.fitting(Views.rows(columns, answer.rows.slice(0, wanted)), roomOf(input))
  const more = !answer.complete || rows.length < answer.rows.length
  yield* noted(chosen, readRows, { what: "sql", sql, rows: rows.length })
  const whole = needsAll ? yield* results.tableOf(answer) : undefined
  const rest = whole === undefined
    ? nothing
    : joined([yield* drawn(input, chosen, whole, told), yield* written(input, chosen, whole)])
  const cut = needsAll && !answer.complete ? [`Only its first ${exportedRows} rows were taken.`] : []
  return joined([
    {
      fields: {
        query: Workflow.compact({
          columns: answer.columns,
          rows,
          row_count: answer.rows.length,
          more: more ? true : undefined
        })
      },
      sentences: [
        `The query gives ${answer.complete ? "" : "at least "}${Words.count(answer.rows.length, "row")}${
          rows.length < answer.rows.length ? `, of which ${rows.length} are shown` : ""
        }.`,
        ...cut
      ],
      attachments: []
    },
    rest
  ])
})

const briefColumns = 12
const briefFindings = 10

const summarised = Effect.fnUntraced(function*(
  input: Input,
  chosen: Chosen,
  { byGroup, previous, table, told }: {
    readonly table: Table
    readonly previous: Table | undefined
    readonly told: Privacy.Told
    readonly byGroup: boolean
  }
) {
  const results = yield* Results
  const { columns, findings } = yield* results.summarise({ table, previous, hints: told.hints, byGroup })
  const full = input.detail === "full"
  const wanted = Math.min(input.rows ?? usualRows, table.rows)
  const cells = wanted === 0 ? [] : yield* results.firstRows(table, wanted)
  const rows = Views.fitting(Views.rows(table.columns, cells), full ? roomForAllRows : roomForRows / 2)
  yield* noted(chosen, readRows, { what: "summary", rows: rows.length, row_count: table.rows })
  const shownColumns = full ? columns : columns.slice(0, briefColumns)
  const shownFindings = (full ? findings : findings.slice(0, briefFindings)).map(Views.finding)
  return joined([
    {
      fields: Workflow.compact({
        columns: shownColumns.map(Views.column),
        findings: shownFindings,
        rows
      }),
      sentences: [
        ...shownFindings.slice(0, 2).map(({ statement }) => statement),
        ...(shownColumns.length < columns.length
          ? [`${columns.length - shownColumns.length} more columns: detail full.`]
          : [])
      ],
      attachments: []
    },
    yield* drawn(input, chosen, table, told),
    yield* written(input, chosen, table)
  ])
})

const nextSteps = (input: Input, chosen: Chosen, { columns, rows }: Table): ReadonlyArray<Workflow.NextStep> => {
  if (rows === 0) {
    return chosen.placed === undefined ? [] : [{
      tool: "execute_question_workflow",
      arguments: { question: Words.handle(chosen.placed.question), dry_run: true },
      why: "See which values, such as partition dates, a run needs to give rows; nothing is started."
    }]
  }
  const run = Workflow.compact({
    run: chosen.runId,
    question: chosen.placed === undefined ? undefined : Words.handle(chosen.placed.question)
  })
  const [first] = columns
  return [
    ...(input.sql === undefined && first !== undefined
      ? [{
        tool,
        arguments: {
          ...run,
          sql: `SELECT ${JSON.stringify(first.name)}, count(*) AS n FROM results GROUP BY 1 ORDER BY 2 DESC`
        },
        why: "Ask the rows by SQL; this is an example."
      }]
      : []),
    ...(input.chart === undefined ? [{ tool, arguments: { ...run, chart: "auto" }, why: "See them as a chart." }] : []),
    ...(input.export === undefined
      ? [{ tool, arguments: { ...run, export: "csv" }, why: "Write all rows to a file." }]
      : [])
  ]
}

const analysed = Effect.fnUntraced(function*(input: Input, chosen: Chosen, placed: Placed) {
  const habu = yield* HabuClient
  const results = yield* Results
  const wait = Duration.seconds(input.wait_seconds ?? usualWait)
  const subject = { runId: chosen.runId, questionType: placed.question.questionType }
  const [load, told, near, shape] = yield* Effect.all([
    results.load(subject, wait),
    Privacy.read(placed),
    NearIdentical.find(placed.question.id, chosen.runId, chosen.run?.parameters),
    habu.getCleanroomQuestionRunData({
      path: { cleanroomQuestionRunId: chosen.runId },
      urlParams: { limit: 1, offset: 0 }
    })
  ], { concurrency: "unbounded" })
  if (load._tag === "Loading") return loading(input, chosen, whose(chosen), load.rows, load.expected)
  const { expected, table } = load
  const before = yield* previousOf(input, chosen, table, wait)
  if (before?._tag === "Loading" && input.compare === true) {
    return loading(input, chosen, "The run before", before.rows, before.expected)
  }
  const previous = before?._tag === "Loaded" ? before.table : undefined
  const byGroup = !near.slivers.some(({ runId }) => runId === chosen.before?.id)
  const given = { table, previous, told, byGroup }
  const shown = input.sql === undefined
    ? yield* summarised(input, chosen, given)
    : yield* asked(input, chosen, input.sql, given)
  const missing = expected - table.rows
  return {
    ...Workflow.compact({
      status: missing > 0 ? "partial" as const : "done" as const,
      summary: `${whose(chosen)} has ${Words.count(table.rows, "row")}${
        previous === undefined ? "" : ", compared with the run before"
      }. ${shown.sentences.join(" ")}`.trim(),
      ...aboutOf(chosen),
      compared_with: previous === undefined || chosen.before === undefined ? undefined : runView(chosen.before),
      row_count: table.rows,
      ...shown.fields,
      outputs: (shape.multipleOutputs ?? []).map((name) => Text.clean(name, 80)),
      reading: Privacy.notes(told),
      warnings: [
        ...(table.rows === 0 ? [RunReport.noRows] : []),
        ...(missing > 0 ? [`Habu counts ${expected} rows and gave ${table.rows}.`] : []),
        ...(before?._tag === "Failed" ? [`The run before could not be read: ${before.failure}`] : []),
        ...NearIdentical.warnings(near)
      ],
      next_steps: nextSteps(input, chosen, table)
    }),
    attachments: shown.attachments
  }
})

type Answered = Output & Workflow.WithAttachments

const writable = Effect.fnUntraced(function*({ export: format, file }: Input) {
  if ((format === undefined && file === undefined) || !(yield* ReadOnly)) return
  return yield* Effect.fail(
    new Workflow.InputInvalid({
      field: format === undefined ? "file" : "export",
      problem: "would write a file, and habu-mcp was started with --read-only",
      advice: "No file was written. Start habu-mcp without --read-only to have it written, or ask for rows or by sql."
    })
  )
})

const answered = (input: Input, chosen: Chosen) => {
  const { placed } = chosen
  if (placed === undefined || !Disclosure.mayShowRows(placed.question.questionType)) return counted(input, chosen)
  return input.file === undefined ? analysed(input, chosen, placed) : outputFile(input, chosen, input.file)
}

const withTaken = (answer: Answered, taken: ReadonlyArray<string>): Answered =>
  taken.length === 0 ? answer : { ...answer, warnings: [...(answer.warnings ?? []), ...taken] }

const retrieved = Effect.fnUntraced(function*(input: Input, placed: Placed | undefined) {
  const wanted = { run: Words.given(input.run), nth: input.nth, date: Words.given(input.date) }
  const chosen = yield* ChosenRun.choose(wanted, placed)
  const answer: Answered = chosen._tag === "NoRun" ? none(input, chosen) : yield* answered(input, chosen)
  return answer
})

/**
 * Retrieves and analyses the results of a run (operations `getAllCleanroomQuestionRuns`,
 * `getCleanroomQuestionRunDataCount`, `getCleanroomQuestionRunData`, `getCleanroomQuestionRunOutputFile`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = Effect.fn("RetrieveAndAnalyzeResults.run")(
  function*(input: Input) {
    yield* writable(input)
    if (Words.given(input.question) === undefined && Words.given(input.run) !== undefined) {
      return yield* retrieved(input, undefined)
    }
    const found = yield* Where.question(tool, input, input.question, input.clean_room)
    const answer: Answered = found._tag === "Asking" ? found.answer : withTaken(
      yield* retrieved(input, found.value),
      found.taken
    )
    return answer
  },
  Effect.catchTags({
    ResultsRefused: (refused) => Effect.fail(inputOf(refused)),
    // The type is looked at before anything is loaded.
    RowsWithheld: (withheld) => Effect.die(withheld)
  })
)
