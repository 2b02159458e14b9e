/**
 * The seeded export jobs. They have taken up the runs of the history since they were made.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { ExportJobParameter } from "../../habu/api/Exports.js"
import * as Ids from "../Ids.js"
import * as QuestionState from "../QuestionState.js"
import * as Runs from "../Runs.js"
import { date } from "../Wire.js"
import type * as World from "../World.js"
import * as Destinations from "./Destinations.js"
import * as Questions from "./Questions.js"

interface Spec {
  readonly key: string
  readonly question: string
  readonly destination: string
  readonly path?: string
  readonly status?: "PAUSED"
  /** Days ago that it was made. */
  readonly age: number
}

const specs: ReadonlyArray<Spec> = [
  {
    key: "reach",
    question: "hero",
    destination: "s3",
    path: "s3://alder-pine-exports/summer/reach/",
    age: 20
  },
  { key: "buyers", question: "exposed-buyers", destination: "activation", age: 70 },
  {
    key: "frequency",
    question: "frequency",
    destination: "s3",
    path: "s3://legacy-bi-drop/frequency/",
    age: 15
  },
  {
    key: "weekly",
    question: "weekly",
    destination: "s3",
    path: "s3://alder-pine-exports/agency/weekly/",
    status: "PAUSED",
    age: 10
  }
]

/** Runs of the exported list that end oddly: asked again for the same days it holds nobody new, without days nobody. */
const mishaps = [
  { name: "buyers again", ago: 5, dated: true },
  { name: "buyers without dates", ago: 4, dated: false }
]

const day = 86_400_000

/**
 * A seeded job's id.
 *
 * @since 0.1.0
 * @category getters
 */
export const idOf = (world: World.Service, key: string): string => Ids.uuid(world.seed, `exportJob/${key}`)

const plantJob = (world: World.Service, spec: Spec, now: number) => {
  const question = world.cleanRoomQuestions.get(Questions.idOf(world, spec.question))
  const destination = world.destinations.get(Destinations.idOf(world, spec.destination))
  if (question === undefined || destination === undefined) return
  const parameters: ReadonlyArray<ExportJobParameter> = spec.path === undefined
    ? []
    : [{ name: "S3_EXPORT_PATH", value: spec.path }]
  const createdAt = now - spec.age * day
  world.exportJobs.put({
    id: idOf(world, spec.key),
    name: `${QuestionState.details(world, question).title ?? ""} to ${destination.name}`,
    cleanRoomId: question.cleanRoomId,
    source: { _tag: "Question", cleanRoomQuestionId: question.id },
    destinationId: destination.id,
    parameters,
    datasetId: undefined,
    status: spec.status ?? "ACTIVE",
    createdAt,
    updatedAt: createdAt,
    exportedUntil: createdAt
  })
}

const plantMishap = (world: World.Service, mishap: typeof mishaps[number], now: number) =>
  Effect.gen(function*() {
    const question = world.cleanRoomQuestions.get(Questions.idOf(world, "exposed-buyers"))
    const room = question === undefined ? undefined : world.cleanRooms.get(question.cleanRoomId)
    if (question === undefined || room === undefined) return
    const latest = world.runs
      .where((run) => run.cleanRoomQuestionId === question.id && run.outcome.known === "Completed")
      .at(-1)
    const submission = {
      id: Ids.uuid(world.seed, `run/${mishap.name}`),
      name: `${mishap.name} ${date(now - mishap.ago * day)}`,
      parameters: mishap.dated ? latest?.parameters ?? {} : {},
      submittedAt: now - mishap.ago * day
    }
    const input = QuestionState.execution(world, question, room, submission)
    const outcome = yield* world.engine.outcome(input, submission.submittedAt, "Completed")
    yield* Runs.submit(world, question, room, submission, outcome)
  })

/**
 * Plants jobs, and the runs that give them something to report.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service, now: number): Effect.Effect<void> =>
  Effect.gen(function*() {
    for (const spec of specs) plantJob(world, spec, now)
    yield* Effect.forEach(mishaps, (mishap) => plantMishap(world, mishap, now), { discard: true })
  })
