/**
 * Bringing questions into a clean room until they can run: added or written, given their datasets, permissions and
 * capacity, and checked.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CleanroomQuestionComputeCapacity, type QuestionPermission } from "../habu/api/CleanRoomQuestions.js"
import type { CleanRoom, CleanRoomStakeholder } from "../habu/api/CleanRooms.js"
import { HabuClient } from "../habu/HabuClient.js"
import { type Known, known } from "../habu/HabuDirectory.js"
import { ReferenceUnknown } from "../habu/HabuError.js"
import * as Adding from "./cleanroom/Adding.js"
import * as Contents from "./cleanroom/Contents.js"
import * as Confirmation from "./Confirmation.js"
import * as Plan from "./Plan.js"
import * as Authoring from "./question/Authoring.js"
import * as Deployment from "./question/Deployment.js"
import * as Matching from "./question/Matching.js"
import * as Sources from "./question/Sources.js"
import * as Reading from "./Reading.js"
import type { WatchList } from "./WatchList.js"
import * as Where from "./Where.js"
import * as Words from "./Words.js"
import * as Workflow from "./Workflow.js"

const tool = "deploy_analytics_question"
const told = 5
const shown = 20

const permissionNames = ["VIEW_CODE", "EDIT", "CLONE", "RUN", "VIEW_RESULTS", "DELETE"] as const

const accesses = { owner: "QUESTION_OWNER_ONLY", partners: "ALL_CLEAN_ROOM_PARTNERS" } as const

/**
 * What `deploy_analytics_question` takes.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Input = Schema.Struct({
  clean_room: Workflow.maybe(Schema.String.annotations({ description: "Name, display id (CR-…) or id" })),
  questions: Workflow.maybe(
    Schema.Array(Schema.String).annotations({ description: "Existing questions by name, CRQ-… or id" })
  ),
  new_question: Workflow.maybe(Authoring.Input.annotations({ jsonSchema: Authoring.outline })),
  datasets: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Schema.String }).annotations({
      description: "Dataset by macro, where it must not be chosen by fit"
    })
  ),
  partner_macros: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Schema.String }).annotations({
      description: "Partner by macro that it must fill"
    })
  ),
  permissions: Workflow.maybe(
    Schema.Record({ key: Schema.String, value: Schema.Literal("owner", "partners") }).annotations({
      description: `Who may: ${permissionNames.join(", ")}`
    })
  ),
  compute_capacity: Workflow.maybe(
    CleanroomQuestionComputeCapacity.annotations({ description: "Machine size", identifier: "" })
  ),
  dry_run: Workflow.maybe(Schema.Boolean.annotations({ description: "Only plan" })),
  ...Confirmation.inputField
})

export type Input = typeof Input.Type

const QuestionView = Schema.Struct({
  ...Words.Reference.fields,
  status: Workflow.maybe(Schema.String),
  datasets: Workflow.maybe(Schema.Array(Schema.String)),
  whose_turn: Workflow.maybe(Schema.Array(Schema.String))
})

/**
 * What `deploy_analytics_question` answers.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Output = Schema.Struct({
  ...Workflow.answerFields,
  clean_room: Workflow.maybe(Words.Reference),
  questions: Workflow.maybe(Schema.Array(QuestionView)),
  ...Plan.fields,
  ...Workflow.closingFields
})

export type Output = typeof Output.Type

type Room = Known<CleanRoom>

type Changes = ReadonlyArray<Plan.Change<HabuClient | WatchList>>

interface Wanted {
  readonly target: Deployment.Target
  readonly changes: Changes
  readonly settled: ReadonlyArray<Plan.Step>
  /** Its id where it is in the clean room already. */
  readonly here: string | undefined
  readonly questionId: string | undefined
}

const idIn = (
  room: Room,
  is: (question: { readonly questionId?: string; readonly name?: string }) => boolean,
  title: string
) =>
  Effect.flatMap(Contents.part(room.id, "questions"), (questions) => {
    const found = known(questions).find(is)
    return found === undefined
      ? Effect.fail(new ReferenceUnknown({ kind: "question", reference: title, options: [] }))
      : Effect.succeed(found.id)
  })

const placeOf = (room: Room, contents: Contents.Contents): Adding.Place => ({
  title: Words.title(room),
  key: room.id,
  id: Effect.succeed(room.id),
  contents,
  needs: [],
  isNew: false
})

const existing = Effect.fnUntraced(function*(room: Room, contents: Contents.Contents, source: Sources.Source) {
  const habu = yield* HabuClient
  const { changes, settled } = yield* Adding.questions(placeOf(room, contents), [source])
  const { here, questionId, title } = source
  const hereId = here?.question.id
  const macros = hereId !== undefined
    ? yield* Deployment.macrosHere(hereId)
    : Deployment.macrosOf(
      yield* habu.getQuestionDataTypes({ path: { questionID: questionId } }).pipe(
        Effect.catchTag("Forbidden", () => Effect.succeed([]))
      )
    )
  return {
    changes,
    settled,
    here: hereId,
    questionId,
    target: {
      title,
      macros,
      needs: changes.map(({ step }) => step),
      id: hereId !== undefined
        ? Effect.succeed(hereId)
        : idIn(room, (question) => question.questionId === questionId, title)
    }
  } satisfies Wanted
})

const written = Effect.fnUntraced(function*(room: Room, contents: Contents.Contents, input: Authoring.Input) {
  const details = yield* Authoring.details(input)
  const title = JSON.stringify(Words.said(input.title) ?? "")
  const step = `write the question ${title}`
  const isIt = ({ name }: { readonly name?: string }) => Contents.same(name, input.title)
  const here = known(Contents.items(contents.questions)).find(isIt)
  const unprotected = Authoring.unprotected(input)
  const blocked = here === undefined ? Contents.blocked(step, [contents.questions]) : []
  const change: Plan.Change<HabuClient> = {
    step,
    grade: unprotected.length === 0 ? "ordinary" : "privacy_lowering",
    preview: `${step} in ${Words.title(room)}${
      unprotected.length === 0
        ? ""
        : `, with measures that crowd size or noise does not protect: ${unprotected.join(", ")}`
    }`,
    makes: `new question/${room.id}/${(Words.said(input.title) ?? "").toLowerCase()}`,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      const answer = yield* habu.createQuestion({
        urlParams: { cleanRoomID: room.id },
        payload: { cleanRoomID: room.id, questionDetails: details, settings: { queryValidation: true } }
      })
      yield* Plan.confirmed("createQuestion")(answer)
      return "Habu found its query valid."
    }),
    shown: Effect.map(Contents.part(room.id, "questions"), (questions) => questions.some(isIt))
  }
  return {
    changes: here === undefined && blocked.length === 0 ? [change] : [],
    settled: here === undefined
      ? blocked
      : [Plan.already(step, `A question of that title is there as ${Words.title(here)}; it was not changed.`)],
    here: here?.id,
    questionId: here?.questionId,
    target: {
      title,
      macros: here === undefined ? Deployment.macrosOf(details.dataTypes ?? []) : yield* Deployment.macrosHere(here.id),
      needs: here === undefined ? [step] : [],
      id: here === undefined ? idIn(room, isIt, input.title) : Effect.succeed(here.id)
    }
  } satisfies Wanted
})

const isPermission = (name: string): name is typeof permissionNames[number] =>
  permissionNames.some((known) => known === name)

const permissionsWanted = (given: Input["permissions"] = {}) =>
  Effect.forEach(Object.entries(given), ([name, access]) => {
    const permission = name.trim().toUpperCase()
    return isPermission(permission)
      ? Effect.succeed({ permission: permission satisfies QuestionPermission, access: accesses[access] })
      : Effect.fail(
        new Workflow.InputInvalid({
          field: "permissions",
          problem: `names ${JSON.stringify(Words.said(name, 40) ?? "")}, which is no permission`,
          options: permissionNames,
          advice: "Use these names."
        })
      )
  })

type Permissions = Effect.Effect.Success<ReturnType<typeof permissionsWanted>>

const permitting = Effect.fnUntraced(function*({ here, target }: Wanted, wanted: Permissions) {
  if (wanted.length === 0) return []
  const habu = yield* HabuClient
  const read = (cleanroomQuestionId: string) => habu.getCleanroomQuestionPermissions({ path: { cleanroomQuestionId } })
  const current = here === undefined ? [] : yield* read(here)
  const before = (permission: string) => current.find((one) => one.permission === permission)?.access
  const open = wanted.filter(({ access, permission }) => before(permission) !== access)
  const step = `set permissions of ${target.title}`
  if (open.length === 0) return [Plan.already(step)]
  const widens = open.some(({ access }) => access === accesses.partners)
  return [{
    step,
    grade: widens ? "privacy_lowering" as const : "ordinary" as const,
    preview: `${step}: ${
      open.map(({ access, permission }) => `${permission}: ${before(permission) ?? "unknown"} → ${access}`).join(", ")
    }`,
    needs: target.needs,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* habu.configureCleanRoomQuestionPermissions({
        path: { cleanroomQuestionId: yield* target.id },
        urlParams: { cleanroomQuestionPermissions: open }
      })
    }),
    shown: Effect.map(
      Effect.flatMap(target.id, read),
      (now) =>
        open.every(({ access, permission }) =>
          now.some((one) => one.permission === permission && one.access === access)
        )
    )
  }]
})

const sizing = Effect.fnUntraced(
  function*(room: Room, { questionId, target }: Wanted, capacity: Input["compute_capacity"]) {
    if (capacity === undefined) return []
    const habu = yield* HabuClient
    const { computeCapacityOptions = [], questions = [] } = yield* habu.getCleanroomAssetDetails({
      path: { cleanroomId: room.id }
    })
    const options = computeCapacityOptions.flatMap(({ name }) => Words.said(name, 40) ?? [])
    if (options.length > 0 && !options.includes(capacity)) {
      return yield* Effect.fail(
        new Workflow.InputInvalid({
          field: "compute_capacity",
          problem: `is ${capacity}, which this clean room does not offer`,
          options,
          advice: "Give one of the possible sizes."
        })
      )
    }
    const step = `set the compute capacity of ${target.title} to ${capacity}`
    const isSo = questionId !== undefined &&
      questions.some(({ ID, defaultComputeCapacity }) => ID === questionId && defaultComputeCapacity === capacity)
    return [
      isSo ? Plan.already(step) : {
        step,
        grade: "ordinary" as const,
        needs: target.needs,
        write: Effect.gen(function*() {
          const habu = yield* HabuClient
          const answer = yield* habu.updateCleanroomQuestionComputeCapacity({
            path: { cleanroomQuestionId: yield* target.id },
            payload: { computeCapacity: capacity }
          })
          yield* Plan.confirmed("updateCleanroomQuestionComputeCapacity")(answer)
        })
      }
    ]
  }
)

const stakeholdersOf = Effect.fnUntraced(function*({ id }: Room) {
  const habu = yield* HabuClient
  return Contents.items(
    yield* Reading.attempt("stakeholders", habu.getCleanroomStakeholders({ path: { cleanroomId: id } }))
  )
})

const settingOf = (
  room: Room,
  contents: Contents.Contents,
  stakeholders: ReadonlyArray<CleanRoomStakeholder>
): Deployment.Setting => {
  const ids = [...Contents.items(contents.roles), ...Contents.items(contents.users).map(({ role }) => role)]
    .flatMap((role) => role?.organizationId ?? [])
  return {
    room,
    stakeholders,
    choices: {
      datasets: known(Contents.items(contents.datasets)),
      own: stakeholders.find(({ organizationId }) => organizationId !== undefined && ids.includes(organizationId))
        ?.organizationName
    }
  }
}

interface Doubt {
  readonly title: string
  readonly decision: Deployment.Decision
}

const asking = (input: Input, doubts: ReadonlyArray<Doubt>): Output => {
  const names = (options: ReadonlyArray<Matching.Choices["datasets"][number]>) =>
    options.slice(0, 8).map((dataset) => Words.said(dataset.name) ?? dataset.id)
  const open = doubts.flatMap(({ decision: { macro, match }, title }) =>
    match._tag === "Ambiguous" ? [{ macro: macro.macro, title, options: names(match.options) }] : []
  )
  return {
    status: "needs_input",
    summary: `Nothing was sent. Several datasets fit, or none has all columns: ${
      open.map(({ macro, options, title }) => `@${Words.said(macro, 60)} of ${title}: ${options.join(", ")}`).join("; ")
    }. Which?`,
    next_steps: [{
      tool,
      arguments: {
        ...input,
        datasets: {
          ...input.datasets,
          ...Object.fromEntries(open.map(({ macro, options }) => [macro, `<${options.join(" | ")}>`]))
        }
      },
      why: "The same call with the dataset of each macro."
    }]
  }
}

const viewOf = Effect.fnUntraced(function*(own: string | undefined, { target }: Wanted) {
  const found = yield* Effect.option(target.id)
  if (found._tag === "None") return undefined
  const habu = yield* HabuClient
  const path = { cleanroomQuestionId: found.value }
  const [question, rows] = yield* Effect.all([
    Reading.attempt("question", habu.getCleanroomQuestionById({ path })),
    Reading.attempt("question datasets", Deployment.readBack(found.value))
  ], { concurrency: "unbounded" })
  const shown = question._tag === "Answered" ? question.value : { id: found.value }
  return Workflow.compact({
    ...Words.reference(shown),
    status: "status" in shown ? Words.said(shown.status, 50) : undefined,
    datasets: Contents.items(rows).filter(({ datasetId = "" }) => datasetId !== "").map(({ datasetName, macro }) =>
      `@${Words.said(macro, 60) ?? "?"} = ${Words.said(datasetName, 80) ?? "?"}`
    ),
    whose_turn: rows._tag === "Answered"
      ? Deployment.turns(rows.value, own)
      : [`Habu does not show the datasets: ${rows.error.message}`]
  }) satisfies typeof QuestionView.Type
})

const isReady = ({ status }: typeof QuestionView.Type) => status?.toUpperCase() === "READY"

const nextSteps = (room: Room, views: ReadonlyArray<typeof QuestionView.Type>): ReadonlyArray<Workflow.NextStep> => [
  ...views.filter(isReady).slice(0, 3).map((view) => ({
    tool: "execute_question_workflow",
    arguments: { question: view.display_id ?? view.id ?? "", dry_run: true },
    why: "It is READY: see which values a run needs; nothing is started."
  })),
  ...(views.every(isReady) ? [] : [{
    tool: "monitor_cleanroom_status",
    arguments: { clean_room: Words.handle(room) },
    why: "See later whether the partners have assigned their datasets.",
    after_seconds: 3600
  }])
]

// A misspelt macro that is ignored would leave a choice to the fit that the caller has made otherwise.
const macrosKnown = (input: Input, wanted: ReadonlyArray<Wanted>) => {
  const macros = wanted.flatMap(({ target }) => target.macros.map(({ macro }) => macro))
  const stranger =
    (["datasets", "partner_macros"] as const).flatMap((field) =>
      Object.keys(input[field] ?? {}).filter((name) => !macros.includes(name.replace(/^@/, ""))).map((name) => ({
        field,
        name
      }))
    )[0]
  return stranger === undefined ? Effect.void : Effect.fail(
    new Workflow.InputInvalid({
      field: stranger.field,
      problem: `names @${Words.said(stranger.name.replace(/^@/, ""), 60)}, which none of these questions has`,
      options: [...new Set(macros)].flatMap((macro) => Words.said(macro, 60) ?? []),
      advice: "Use the macros exactly as spelt."
    })
  )
}

const deployed = Effect.fnUntraced(function*(input: Input, room: Room, taken: ReadonlyArray<string>) {
  const permissions = yield* permissionsWanted(input.permissions)
  const { contents, sources, stakeholders } = yield* Effect.all({
    contents: Contents.read(room.id),
    stakeholders: stakeholdersOf(room),
    sources: Sources.find(input.questions ?? [], room)
  }, { concurrency: "unbounded" })
  const setting = settingOf(room, contents, stakeholders)
  const wanted: ReadonlyArray<Wanted> = [
    ...(yield* Effect.forEach(sources, (source) => existing(room, contents, source), { concurrency: "unbounded" })),
    ...(input.new_question === undefined ? [] : [yield* written(room, contents, input.new_question)])
  ]
  yield* macrosKnown(input, wanted)
  const said = { datasets: input.datasets ?? {}, partners: input.partner_macros ?? {} }
  const decided = yield* Effect.forEach(
    wanted,
    (one) => Effect.map(Deployment.decide(one.target, setting, said), (decisions) => ({ one, decisions }))
  )
  const doubts = decided.flatMap(({ decisions, one }) =>
    decisions.filter(({ match }) => match._tag === "Ambiguous").map((decision) => ({
      title: one.target.title,
      decision
    }))
  )
  if (doubts.length > 0) return asking(input, doubts)
  const parts = yield* Effect.forEach(decided, ({ decisions, one }) =>
    Effect.map(
      Effect.all([permitting(one, permissions), sizing(room, one, input.compute_capacity)], {
        concurrency: "unbounded"
      }),
      (
        [rights, sizes]
      ) => [...one.changes, ...one.settled, ...Deployment.datasets(one.target, setting, decisions), ...rights, ...sizes]
    ), { concurrency: "unbounded" })
  const items = parts.flat()
  const ending = yield* Plan.run(items.filter((item) => "write" in item), {
    tool,
    input,
    settled: items.filter((item) => "result" in item),
    subject: { cleanRoom: room.id }
  })
  const head = { clean_room: Words.reference(room) }
  if (ending._tag === "Waiting") {
    return Workflow.compact({ ...ending.answer, ...head, steps: ending.steps, warnings: taken })
  }
  if (ending._tag === "Planned") {
    const { dry_run: _, ...again } = input
    return Workflow.compact({
      status: "done" as const,
      summary: `Nothing was sent. ${Words.count(ending.steps.length, "step")} as planned.`,
      ...head,
      steps: ending.steps,
      warnings: taken,
      next_steps: [{ tool, arguments: again, why: "Carry it out." }]
    })
  }
  const views = (yield* Effect.forEach(wanted, (one) => viewOf(setting.choices.own, one), {
    concurrency: "unbounded"
  })).flatMap((view) => view ?? [])
  const ready = views.filter(isReady)
  const waiting = views.filter((view) => !isReady(view))
  return Workflow.compact({
    status: Plan.statusOf(ending.steps),
    summary: [
      `${ready.length} of ${Words.count(wanted.length, "question")} in ${Words.title(room)} READY.`,
      ...waiting.slice(0, told).map((view) =>
        `${view.name ?? view.id}: ${view.whose_turn?.join(", ") ?? `status ${view.status ?? "unknown"}`}.`
      ),
      Plan.remaining(ending.steps)
    ].filter((part) => part !== "").join(" "),
    ...head,
    questions: views.slice(0, shown),
    steps: ending.steps,
    warnings: taken,
    next_steps: [...(yield* Plan.again(tool, input, ending.steps)), ...nextSteps(room, views)]
  }) satisfies Output
}, Plan.telling(tool))

/**
 * Deploys questions (operations `addCleanroomQuestion`, `createQuestion`, `configureCleanroomQuestionDatasets`,
 * `assignCleanroomQuestionDatasetsOwnership`, `configureCleanRoomQuestionPermissions`,
 * `updateCleanroomQuestionComputeCapacity`) and tells whether each is READY, or whose turn it is.
 *
 * @since 0.1.0
 * @category constructors
 */
export const run = Effect.fn("DeployAnalyticsQuestion.run")(function*(input: Input) {
  const where = yield* Where.cleanRoom(tool, input, input.clean_room)
  if (where._tag === "Asking") return where.answer satisfies Output
  if ((input.questions ?? []).length === 0 && input.new_question === undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "questions",
        problem: "and new_question are missing",
        advice: "Name existing questions (find_resources lists those of all clean rooms), or write a new one."
      })
    )
  }
  return yield* deployed(input, where.value, where.taken)
}, Reading.forWriting)
