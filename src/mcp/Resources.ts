/**
 * Reading the resources: each is what a tool that only looks answers, without the calls that it proposes.
 *
 * @since 0.1.0
 */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import { AuditLog } from "../audit/AuditLog.js"
import { CurrentTool } from "../audit/CurrentTool.js"
import { HabuConfig } from "../habu/HabuConfig.js"
import { HabuDirectory } from "../habu/HabuDirectory.js"
import * as Text from "../habu/Text.js"
import * as Disclosure from "../results/Disclosure.js"
import * as Formats from "../results/Formats.js"
import { Results } from "../results/Results.js"
import * as Run from "../runs/Run.js"
import { RunFollower } from "../runs/RunFollower.js"
import * as ErrorCatalogue from "../workflows/ErrorCatalogue.js"
import * as ExecuteQuestionWorkflow from "../workflows/ExecuteQuestionWorkflow.js"
import * as FindResources from "../workflows/FindResources.js"
import * as MonitorCleanroomStatus from "../workflows/MonitorCleanroomStatus.js"
import * as ChosenRun from "../workflows/results/ChosenRun.js"
import * as Words from "../workflows/Words.js"
import { InputInvalid, type WorkflowError } from "../workflows/Workflow.js"
import * as Answers from "./Answers.js"
import { Documentation } from "./Documentation.js"
import * as HostLog from "./HostLog.js"
import * as ResourceList from "./ResourceList.js"
import type { Services } from "./Tools.js"

/**
 * What a resource holds.
 *
 * @since 0.1.0
 * @category models
 */
export interface Contents {
  readonly uri: string
  readonly mimeType: string
  readonly text: string
}

/**
 * What came of reading one.
 *
 * @since 0.1.0
 * @category models
 */
export type Reading =
  | { readonly _tag: "Read"; readonly contents: Contents }
  | { readonly _tag: "Unread"; readonly failure: Answers.Failure }

const most = 200
const mostRows = 1_000
const auditDays = 30
const loadingTime = "30 seconds"

const unknown = (field: string, value: string, options: ReadonlyArray<string>, advice: string) =>
  new InputInvalid({
    field,
    problem: `is ${JSON.stringify(Text.clean(value, 80))}, which there is none of`,
    options,
    advice
  })

type Values = ResourceList.Match["values"]

type Body = Effect.Effect<unknown, WorkflowError, Services | AuditLog | Results>

const facts = ({ next_steps: _, ...answer }: { readonly next_steps?: unknown }) => answer

const find = (input: FindResources.Input) => Effect.map(FindResources.run({ limit: most, ...input }), facts)

const chosenRun = Effect.fnUntraced(function*({ question = "", run = "" }: Values) {
  const directory = yield* HabuDirectory
  return yield* ChosenRun.choose({ run, nth: undefined, date: undefined }, yield* directory.question(question))
})

const runView = (values: Values) =>
  Effect.flatMap(chosenRun(values), (chosen) =>
    chosen._tag === "NoRun"
      ? Effect.fail(unknown("run", values.run ?? "", [], "Read the runs of the question."))
      : Effect.map(
        ExecuteQuestionWorkflow.run({ run: chosen.runId, question: chosen.placed?.question.id ?? "", wait_seconds: 0 }),
        facts
      ))

const rowsAs = (format: (columns: Parameters<typeof Formats.csv>[0]) => Formats.Format) => (values: Values) =>
  Effect.gen(function*() {
    const chosen = yield* chosenRun(values)
    if (chosen._tag === "NoRun") {
      return yield* Effect.fail(unknown("run", values.run ?? "", [], "Read the runs of the question."))
    }
    const { placed, runId } = chosen
    const questionType = placed?.question.questionType
    if (!Disclosure.mayShowRows(questionType)) {
      return yield* Effect.fail(
        new InputInvalid({
          field: "run",
          problem: "is one of a question whose rows may list people, so they are never shown",
          advice: "Read the run itself for the count and the columns."
        })
      )
    }
    const results = yield* Results
    const load = yield* Effect.catchTag(
      results.load({ runId, questionType }, loadingTime),
      "RowsWithheld",
      ({ message }) => Effect.fail(new InputInvalid({ field: "run", problem: message, advice: "Read the run itself." }))
    )
    if (load._tag === "Loading") {
      return yield* Effect.fail(
        new InputInvalid({
          field: "run",
          problem: `has results that are still being loaded (${load.rows} of ${load.expected} rows)`,
          advice: "Read it again in half a minute; the loading goes on."
        })
      )
    }
    const rows = yield* results.firstRows(load.table, mostRows)
    const log = yield* AuditLog
    yield* log.recordRead({
      operation: "getCleanroomQuestionRunData",
      target: {
        cleanroomQuestionRunId: runId,
        ...(placed !== undefined && { cleanroomQuestionId: placed.question.id, cleanroomId: placed.cleanRoom.id })
      },
      seen: { what: "rows, as a resource", rows: rows.length, row_count: load.expected }
    })
    const { foot, head, row } = format(load.table.columns)
    return `${head}${rows.map(row).join("")}${foot}`
  })

const audit = Effect.gen(function*() {
  const log = yield* AuditLog
  const now = yield* Clock.currentTimeMillis
  const page = yield* Effect.mapError(
    log.read({ since: now - Duration.toMillis(Duration.days(auditDays)) }),
    ({ message }) =>
      new InputInvalid({ field: "audit", problem: `cannot be read (${message})`, advice: "Check HABU_AUDIT." })
  )
  return {
    days: auditDays,
    total: page.entries.length,
    entries: page.entries.slice(-most).reverse(),
    ...(page.unreadable > 0 && { unreadable_lines: page.unreadable })
  }
})

const bodies: { readonly [name in ResourceList.Name]: (values: Values) => Body } = {
  cleanrooms: () => find({ kind: "clean_rooms" }),
  runs: () => find({ kind: "runs" }),
  audit: () => audit,
  errors: () => Effect.succeed(ErrorCatalogue.all),
  docs: () =>
    Effect.flatMap(
      Documentation,
      ({ names }) => Effect.map(names, (all) => ({ pages: all.map((page) => ({ page, uri: `habu://docs/${page}` })) }))
    ),
  cleanroom: ({ clean_room = "" }) => Effect.map(MonitorCleanroomStatus.run({ clean_room }), facts),
  cleanroom_questions: ({ clean_room = "" }) => find({ kind: "questions", clean_room }),
  question_runs: ({ question = "" }) => find({ kind: "runs", question }),
  run: runView,
  results_csv: rowsAs(Formats.csv),
  results_json: rowsAs(Formats.json),
  error: ({ code = "" }) =>
    Effect.suspend(() => {
      const item = ErrorCatalogue.find(code)
      return item === undefined
        ? Effect.fail(unknown("code", code, ErrorCatalogue.all.map((one) => one.code), "Use one of these."))
        : Effect.succeed(item)
    }),
  doc: ({ page = "" }) =>
    Effect.gen(function*() {
      const pages = yield* Documentation
      const text = yield* pages.page(page)
      return text ?? (yield* Effect.fail(unknown("page", page, yield* pages.names, "Use one of these.")))
    })
}

const noSuch = new InputInvalid({
  field: "uri",
  problem: "names no resource",
  options: [
    ...ResourceList.resources.map(({ uri }) => uri),
    ...ResourceList.templates.map(({ uriTemplate }) => uriTemplate)
  ],
  advice: "Use one of these, with names percent-encoded."
})

const written = (body: unknown) => typeof body === "string" ? body : JSON.stringify(body)

/**
 * Reads a resource. Never fails: what goes wrong is told.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = (uri: string): Effect.Effect<Reading, never, Services | AuditLog | Results | HabuConfig> =>
  Effect.gen(function*() {
    const { sandbox } = yield* HabuConfig
    const unread = (error: WorkflowError): Reading => ({
      _tag: "Unread",
      failure: Answers.failureOf(error, sandbox)
    })
    const match = ResourceList.match(uri)
    if (match === undefined) return unread(noSuch)
    return yield* bodies[match.name](match.values).pipe(
      Effect.map((body): Reading => ({
        _tag: "Read",
        contents: { uri, mimeType: match.mimeType, text: written(body) }
      })),
      Effect.catchAll((error) => Effect.succeed(unread(error))),
      Effect.catchAllCause((cause) =>
        Cause.isInterruptedOnly(cause)
          ? Effect.failCause(cause)
          : Effect.as(
            Effect.logError("Resource could not be read", cause),
            { _tag: "Unread", failure: Answers.defectOf(`Reading ${uri}`, sandbox) } satisfies Reading
          )
      )
    )
  }).pipe(
    Effect.provideService(CurrentTool, "resources/read"),
    Effect.withSpan("mcp.resources/read")
  )

/**
 * Follows a run that is read as a resource, and tells of each change of its status, until it is over. It looks no more
 * often than Habu allows.
 *
 * @since 0.1.0
 * @category constructors
 */
export const follow = Effect.fn("Resources.follow")(function*(
  uri: string,
  changed: Effect.Effect<void>
) {
  const match = ResourceList.match(uri)
  if (match === undefined || match.values.run === undefined) return
  const chosen = yield* chosenRun(match.values)
  if (chosen._tag === "NoRun") return
  const follower = yield* RunFollower
  const place = chosen.placed === undefined
    ? undefined
    : { _tag: "QuestionPlace" as const, questionId: chosen.placed.question.id }
  const look = follower.look(chosen.runId, place)
  const first = yield* look
  let status = first.known.status
  if (Run.isOver(first.known.phase)) return
  yield* Effect.gen(function*() {
    const now = yield* Clock.currentTimeMillis
    const { known } = yield* follower.follow(chosen.runId, {
      place,
      wait: Duration.minutes(10),
      startedAt: now,
      onProgress: () => Effect.void
    })
    if (known.status !== status) {
      status = known.status
      yield* changed
      const title = chosen.placed === undefined ? "" : ` of ${Words.title(chosen.placed.question)}`
      yield* HostLog.inform(`The run ${chosen.runId}${title} is now ${Text.clean(status, 50)}.`)
    }
    return Run.isOver(known.phase)
  }).pipe(Effect.repeat({ until: (over: boolean) => over, schedule: Schedule.spaced("5 seconds") }))
})
