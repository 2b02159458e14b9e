/**
 * The runs of the last 90 days. What they produced is worked out when someone reads it.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Engine from "../Engine.js"
import * as Ids from "../Ids.js"
import * as QuestionState from "../QuestionState.js"
import * as Runs from "../Runs.js"
import { date } from "../Wire.js"
import * as Wording from "../Wording.js"
import type * as World from "../World.js"
import * as Questions from "./Questions.js"

interface Spec {
  readonly question: string
  /** Days between runs. */
  readonly every: number
  /** The last run lies so many days back. */
  readonly latest: number
  readonly parameters?: { readonly [name: string]: string }
  /** Always runs into the time limit. */
  readonly slow?: boolean
  /** Ends as its query does, which executes when someone looks. */
  readonly executes?: boolean
}

const specs: ReadonlyArray<Spec> = [
  { question: "hero", every: 7, latest: 3 },
  {
    question: "attribution",
    every: 14,
    latest: 5,
    parameters: { click_attribution_window: "14", imp_attribution_window: "30" }
  },
  { question: "profile", every: 30, latest: 12, parameters: { CRM_ATTRIBUTE: "EDUCATION" } },
  { question: "overlap", every: 30, latest: 20 },
  { question: "exposed-buyers", every: 28, latest: 6 },
  { question: "interests", every: 21, latest: 9 },
  { question: "global", every: 15, latest: 4 },
  { question: "frequency", every: 10, latest: 2 },
  { question: "weekly", every: 7, latest: 1 },
  { question: "spring-reach", every: 9, latest: 44 },
  { question: "devices", every: 14, latest: 8 },
  { question: "products", every: 18, latest: 7 },
  { question: "zero", every: 40, latest: 10 },
  { question: "campaigns", every: 12, latest: 5 },
  { question: "costs", every: 30, latest: 13 },
  { question: "segment-spend", every: 25, latest: 6 },
  { question: "heavy", every: 28, latest: 4, slow: true },
  { question: "members-loyalty-tier", every: 30, latest: 14 },
  { question: "tier-sales", every: 15, latest: 3 },
  { question: "sales-store-id", every: 30, latest: 9 },
  { question: "sales-brand", every: 30, latest: 9 },
  { question: "agency-reach", every: 30, latest: 9 },
  { question: "spring-sales", every: 15, latest: 45 },
  { question: "marketplace-interests", every: 22, latest: 8 },
  { question: "recent-segments", every: 30, latest: 4 },
  { question: "daily-case", every: 90, latest: 2, executes: true },
  { question: "contacts", every: 90, latest: 3, executes: true },
  { question: "mail-match", every: 90, latest: 6, executes: true },
  { question: "households", every: 90, latest: 2, executes: true },
  { question: "till-stores", every: 90, latest: 5, executes: true },
  { question: "agency-tiers", every: 90, latest: 4, executes: true }
]

const failures: ReadonlyArray<Engine.Failure> = [
  {
    failureReason: "Timed out",
    runMessage: "The query was stopped after 3600 seconds. Narrow its dates or try again.",
    isRetryable: true
  },
  {
    failureReason: "Cluster not available",
    runMessage: "No compute capacity could be reserved within 20 minutes.",
    isRetryable: true
  }
]

const [day, hour] = [86_400_000, 3_600_000]

const plantRun = (world: World.Service, spec: Spec, ago: number, now: number) =>
  Effect.gen(function*() {
    const question = world.cleanRoomQuestions.get(Questions.idOf(world, spec.question))
    const room = question === undefined ? undefined : world.cleanRooms.get(question.cleanRoomId)
    if (question === undefined || room === undefined) return
    const id = Ids.uuid(world.seed, `run/${spec.question}/${ago}`)
    const submittedAt = now - ago * day - Ids.between(world.seed, `hour/${id}`, 1, 20) * hour
    const dates = QuestionState.partitionParameters(world, question).map(({ name }) => [
      name,
      date(submittedAt - (name.endsWith("date_start") ? 31 : 1) * day)
    ])
    const parameters = { ...spec.parameters, ...Object.fromEntries(dates) }
    const run = { id, name: `${spec.question} ${date(submittedAt)}`, parameters, submittedAt }
    const chance = Ids.fraction(world.seed, `fails/${id}`)
    const failure = spec.slow === true ? failures[0] : chance < 0.12 ? failures[chance < 0.08 ? 0 : 1] : undefined
    const outcome = spec.executes === true
      ? undefined
      : failure === undefined
      ? yield* world.engine.outcome(QuestionState.execution(world, question, room, run), submittedAt, "Completed")
      : Engine.hopeless(Wording.vary(world.seed, failure))
    yield* Runs.submit(world, question, room, run, outcome)
  })

/**
 * Plants the history.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service, now: number): Effect.Effect<void> =>
  Effect.forEach(
    specs,
    (spec) => {
      const before = Math.floor((90 - spec.latest) / spec.every)
      const days = Array.from({ length: before + 1 }, (_, index) => spec.latest + (before - index) * spec.every)
      return Effect.forEach(days, (ago) => plantRun(world, spec, ago, now), { discard: true })
    },
    { discard: true }
  )
