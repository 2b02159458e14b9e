/**
 * What the trouble is with, found by its names, and looked into.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type { QuestionRunMetadata } from "../../habu/api/QuestionRuns.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, type Known, known, type Named, type Placed, resolve } from "../../habu/HabuDirectory.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Text from "../../habu/Text.js"
import { RunLedger } from "../../runs/RunLedger.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import type { Area } from "./Catalogue.js"
import * as Catalogue from "./Catalogue.js"
import * as CleanRoomEvidence from "./CleanRoom.js"
import * as Connection from "./Connection.js"
import * as Export from "./Export.js"
import type { Investigation, Pointers } from "./Finding.js"
import * as Flow from "./Flow.js"
import * as Organization from "./Organization.js"
import * as Question from "./Question.js"
import * as QuestionReport from "./QuestionReport.js"
import * as Schedule from "./Schedule.js"

/**
 * What was named in the call.
 *
 * @since 0.1.0
 * @category models
 */
export interface Asked {
  readonly clean_room?: string
  readonly question?: string
  readonly run?: string
  readonly data_connection?: string
  readonly partner?: string
  readonly flow?: string
  readonly flow_run?: string
  readonly export?: string
  readonly destination?: string
  readonly schedule?: string
  readonly value?: string
}

/**
 * A thing that was looked into.
 *
 * @since 0.1.0
 * @category models
 */
export interface Looked {
  readonly kind: string
  readonly named: Named
  /** Arguments of this tool that name it again. */
  readonly again: { readonly [argument: string]: string }
  /** What came of it. */
  readonly investigation: Investigation
  /** The question that can be run again, where the trouble is with one. */
  readonly question?: Placed
  /** The failed run that Habu says may be repeated. */
  readonly retryable?: QuestionRunMetadata
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const roomsOf = Effect.fnUntraced(function*(reference: string | undefined) {
  const directory = yield* HabuDirectory
  return reference === undefined ? yield* directory.cleanRooms : [yield* directory.cleanRoom(reference)]
})

// Something that is listed by clean room: looked for in the one named, or in all; those that deny it do not hide the rest.
const inRooms = Effect.fnUntraced(function*<A extends Named, R>(
  kind: string,
  reference: string,
  rooms: ReadonlyArray<Known<CleanRoom>>,
  read: (cleanRoom: Known<CleanRoom>) => Effect.Effect<ReadonlyArray<A>, HabuError, R>
) {
  const heard = yield* Effect.forEach(rooms, (room) => Reading.attempt(kind, read(room)), { concurrency: "unbounded" })
  const items = heard.flatMap((one) => one._tag === "Answered" ? one.value : [])
  const failed = heard.find((one) => one._tag === "Failed")
  const picked = yield* Effect.either(resolve(kind, reference, items))
  // What was not read may be the one that is meant.
  if (picked._tag === "Left" && failed?._tag === "Failed") return yield* Effect.fail(failed.error)
  return yield* picked
})

// A failure or results that are odd: which of a question's runs is meant when none is named.
const whichRun = (pointers: Pointers): Question.Which => {
  const best = Math.max(0, ...pointers.values())
  const areas = new Set<Area>(Catalogue.all.filter(({ id }) => pointers.get(id) === best).map(({ area }) => area))
  return areas.has("results") || areas.has("identity") ? { _tag: "Completed" } : { _tag: "Latest" }
}

const runOf = Effect.fnUntraced(function*(reference: string, placed: Placed) {
  const habu = yield* HabuClient
  const runs = yield* habu.getAllCleanroomQuestionRuns({
    path: { cleanroomQuestionId: placed.question.id },
    urlParams: { limit: 100 }
  })
  return yield* resolve<QuestionRunMetadata>("run", reference, runs)
})

const lookIntoQuestion = Effect.fnUntraced(function*(
  placed: Placed,
  which: Question.Which,
  given: string | undefined,
  pointers: Pointers
) {
  const evidence = yield* Question.gather(placed, which, given, pointers.has("T-40"))
  const run = evidence.run
  return Workflow.compact({
    kind: "question",
    named: placed.question as Named,
    again: Workflow.compact({
      question: Words.handle(placed.question),
      run: which._tag === "This" ? run?.run.id : undefined
    }) as Looked["again"],
    investigation: QuestionReport.make(evidence),
    question: placed,
    retryable: run?.phase === "failed" && run.run.isRetryable === true ? run.run : undefined
  }) as Looked
})

const question = Effect.fnUntraced(function*(asked: Asked, reference: string, pointers: Pointers) {
  const directory = yield* HabuDirectory
  const room = asked.clean_room === undefined ? undefined : yield* directory.cleanRoom(asked.clean_room)
  const placed = yield* directory.question(reference, room)
  const which = asked.run === undefined
    ? whichRun(pointers)
    : { _tag: "This" as const, run: yield* runOf(asked.run, placed) }
  return yield* lookIntoQuestion(placed, which, asked.value, pointers)
})

const notARun = (reference: string) =>
  new Workflow.InputInvalid({
    field: "run",
    problem: `is ${JSON.stringify(Text.clean(reference, 80))}, which is not a run's id`,
    advice: "Give the run's id, or its name together with `question`, `flow` or `export`."
  })

// The ledger knows the question of a run that was started here; Habu's own record does not name it.
const run = Effect.fnUntraced(function*(asked: Asked, reference: string, pointers: Pointers) {
  if (!uuid.test(reference.trim())) return yield* Effect.fail(notARun(reference))
  const habu = yield* HabuClient
  const ledger = yield* RunLedger
  const directory = yield* HabuDirectory
  const id = reference.trim()
  const subject = Option.getOrUndefined(yield* ledger.find(id))?.subject
  const { placed, record } = yield* Effect.all({
    placed: subject?._tag === "Question"
      ? Effect.orElseSucceed(directory.question(subject.questionId), () => undefined)
      : Effect.succeed(undefined),
    record: habu.getCleanroomQuestionRunById({ path: { cleanroomQuestionRunId: id } })
  }, { concurrency: "unbounded" })
  const found: QuestionRunMetadata = { ...record, id }
  if (placed !== undefined) return yield* lookIntoQuestion(placed, { _tag: "This", run: found }, asked.value, pointers)
  const investigation = QuestionReport.make(yield* Question.gatherRun(found, asked.value))
  return { kind: "run", named: found, again: { run: id }, investigation } satisfies Looked
})

const connection = Effect.fnUntraced(function*(reference: string) {
  const habu = yield* HabuClient
  const all = known(yield* habu.getAllDataConnections({}))
  const found = yield* resolve("data connection", reference, all)
  const investigation = yield* Connection.investigate(found, all)
  return { kind: "data connection", named: found, again: { data_connection: found.id }, investigation } satisfies Looked
})

interface FlowItem extends Flow.PlacedFlow, Named {}

const flowsIn = Effect.fnUntraced(function*(cleanRoom: Known<CleanRoom>) {
  const habu = yield* HabuClient
  const { cleanRoomFlows } = yield* habu.listCleanroomFlows({
    path: { cleanroomId: cleanRoom.id },
    payload: { limit: 500 }
  })
  return (cleanRoomFlows ?? []).map((flow): FlowItem => ({
    ...Workflow.compact({ id: flow.ID, displayId: flow.displayID, name: flow.flow?.name }),
    flow,
    cleanRoom
  }))
})

// A flow run by itself: looked for among the runs of every flow, as no operation reads it without its clean room.
const flowOfRun = Effect.fnUntraced(function*(reference: string, rooms: ReadonlyArray<Known<CleanRoom>>) {
  const habu = yield* HabuClient
  const heard = yield* Effect.forEach(rooms, (room) => Reading.attempt("flows", flowsIn(room)), {
    concurrency: "unbounded"
  })
  const flows = heard.flatMap((one) => one._tag === "Answered" ? one.value : [])
  const runs = yield* Effect.forEach(flows, (placed) =>
    Reading.attempt(
      "flow runs",
      Effect.map(
        habu.listCleanroomFlowRuns({
          path: { cleanroomId: placed.cleanRoom.id, cleanroomFlowId: placed.flow.ID ?? "" },
          urlParams: { limit: 100 }
        }),
        ({ cleanRoomFlowRuns }) => (cleanRoomFlowRuns ?? []).map((run) => ({ ...run, placed }))
      )
    ), { concurrency: "unbounded" })
  const { placed } = yield* resolve(
    "flow run",
    reference,
    runs.flatMap((one) => one._tag === "Answered" ? one.value : [])
  )
  return placed
})

const flow = Effect.fnUntraced(function*(asked: Asked) {
  const rooms = yield* roomsOf(asked.clean_room)
  const runReference = asked.flow_run ?? asked.run
  const placed = asked.flow !== undefined
    ? yield* inRooms<FlowItem, HabuClient>("flow", asked.flow, rooms, flowsIn)
    : yield* flowOfRun(asked.flow_run ?? "", rooms)
  return {
    kind: "flow",
    named: placed,
    again: Workflow.compact({
      flow: placed.id ?? asked.flow ?? "",
      flow_run: runReference,
      clean_room: Words.handle(placed.cleanRoom)
    }) as Looked["again"],
    investigation: yield* Flow.investigate(placed, runReference, asked.value)
  } satisfies Looked
})

const exporting = Effect.fnUntraced(function*(asked: Asked, reference: string) {
  const habu = yield* HabuClient
  const placed = yield* inRooms(
    "export job",
    reference,
    yield* roomsOf(asked.clean_room),
    (cleanRoom) =>
      Effect.map(
        habu.getAllDataExportJobs({ path: { cleanroomId: cleanRoom.id } }),
        (jobs) => jobs.map((job) => ({ ...Workflow.compact({ id: job.ID, name: job.name }), job, cleanRoom }))
      )
  )
  return {
    kind: "export job",
    named: placed,
    again: { export: placed.id ?? reference, clean_room: Words.handle(placed.cleanRoom) },
    investigation: yield* Export.investigateJob(placed, asked.run)
  } satisfies Looked
})

const destination = Effect.fnUntraced(function*(asked: Asked, reference: string) {
  const habu = yield* HabuClient
  const rooms = yield* roomsOf(asked.clean_room)
  const heard = yield* Effect.forEach(rooms, (cleanRoom) =>
    Reading.attempt(
      "destinations",
      Effect.map(
        habu.listCleanroomDestinations({ path: { cleanroomId: cleanRoom.id }, urlParams: { limit: 100 } }),
        ({ partnerAccounts }) => (partnerAccounts ?? []).map((destination) => ({ destination, cleanRoom }))
      )
    ), { concurrency: "unbounded" })
  const all = heard.flatMap((one): ReadonlyArray<Export.PlacedDestination> => one._tag === "Answered" ? one.value : [])
  // One destination may stand in several clean rooms.
  const accounts = new Map(all.map(({ destination: { partnerAccount } }) => [
    partnerAccount?.ID,
    Workflow.compact({ id: partnerAccount?.ID, name: partnerAccount?.name })
  ]))
  const picked = yield* resolve<Named>("destination", reference, [...accounts.values()])
  const places = all.filter(({ destination: { partnerAccount } }) => partnerAccount?.ID === picked.id)
  return {
    kind: "destination",
    named: picked,
    again: { destination: picked.id ?? reference },
    investigation: Export.investigateDestination(places, yield* Clock.currentTimeMillis)
  } satisfies Looked
})

const mostQuestions = 200

const schedule = Effect.fnUntraced(function*(asked: Asked, reference: string, pointers: Pointers) {
  const habu = yield* HabuClient
  const directory = yield* HabuDirectory
  const room = asked.clean_room === undefined ? undefined : yield* directory.cleanRoom(asked.clean_room)
  const questions = asked.question !== undefined
    ? [yield* directory.question(asked.question, room)]
    : room !== undefined
    ? yield* directory.questions(room)
    : (yield* directory.allQuestions).questions
  if (questions.length > mostQuestions) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "schedule",
        problem: `would have to be looked for in ${questions.length} questions`,
        advice: "Give the question, or at least the clean room, with it."
      })
    )
  }
  const heard = yield* Effect.forEach(questions, (placed) =>
    Reading.attempt(
      "schedules",
      Effect.map(
        habu.getCleanroomQuestionRunSchedules({ path: { cleanroomQuestionId: placed.question.id } }),
        (all) => all.map((schedule) => ({ ...schedule, placed }))
      )
    ), { concurrency: "unbounded" })
  const all = heard.flatMap((one) => one._tag === "Answered" ? one.value : [])
  const { placed, ...found } = yield* resolve("schedule", reference, all)
  return [
    {
      kind: "schedule",
      named: Workflow.compact({ id: found.id, displayId: found.displayId, name: found.name }),
      again: Workflow.compact({ schedule: found.id ?? reference, question: Words.handle(placed.question) }),
      investigation: Schedule.investigate(found, yield* Clock.currentTimeMillis)
    } satisfies Looked,
    yield* lookIntoQuestion(placed, { _tag: "Latest" }, asked.value, pointers)
  ]
})

const cleanRoom = Effect.fnUntraced(function*(reference: string, given: string | undefined) {
  const directory = yield* HabuDirectory
  const found = yield* directory.cleanRoom(reference)
  return {
    kind: "clean room",
    named: found,
    again: { clean_room: Words.handle(found) },
    investigation: yield* CleanRoomEvidence.investigate(found, given)
  } satisfies Looked
})

const organizationAreas: ReadonlyArray<Area> = ["signing in", "limits"]

/**
 * Whether a description or error is about the organisation's access as a whole.
 *
 * @since 0.1.0
 * @category guards
 */
export const isOfOrganization = (pointers: Pointers): boolean =>
  Catalogue.all.some(({ area, id }) => organizationAreas.includes(area) && pointers.has(id))

const one = <E, R>(looked: Effect.Effect<Looked, E, R>) => Effect.map(looked, (only): ReadonlyArray<Looked> => [only])

/**
 * Looks into everything that was named, at the same time; `pointers` tell which run of a question is meant.
 *
 * @since 0.1.0
 * @category constructors
 */
export const lookInto = Effect.fn("Troubleshoot.lookInto")(function*(asked: Asked, pointers: Pointers) {
  const given = asked.value ?? asked.partner
  const isRunOfQuestion = asked.flow === undefined && asked.flow_run === undefined && asked.export === undefined
  const looks = [
    asked.schedule !== undefined
      ? schedule(asked, asked.schedule, pointers)
      : asked.question !== undefined
      ? one(question(asked, asked.question, pointers))
      : asked.run !== undefined && isRunOfQuestion
      ? one(run(asked, asked.run, pointers))
      : undefined,
    asked.data_connection === undefined ? undefined : one(connection(asked.data_connection)),
    asked.flow === undefined && asked.flow_run === undefined ? undefined : one(flow(asked)),
    asked.export === undefined ? undefined : one(exporting(asked, asked.export)),
    asked.destination === undefined ? undefined : one(destination(asked, asked.destination))
  ].filter((look) => look !== undefined)
  // A clean room only says where to look, once something in it is named.
  const all = looks.length > 0 || asked.clean_room === undefined
    ? looks
    : [one(cleanRoom(asked.clean_room, given))]
  const named: ReadonlyArray<Looked> = (yield* Effect.all(all, { concurrency: "unbounded" })).flat()
  const organization = isOfOrganization(pointers) ? [yield* Organization.investigate] : []
  return { named, organization }
})
