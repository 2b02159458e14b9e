/**
 * The life of a run: queued, running, ended, all derived from when it was submitted.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Engine from "./Engine.js"
import * as Ids from "./Ids.js"
import * as QuestionState from "./QuestionState.js"
import type * as Rows from "./Rows.js"
import * as Wording from "./Wording.js"
import type * as World from "./World.js"

/**
 * How long a run waits and works: 15 to 30 minutes in all, those of one question about the same.
 *
 * @since 0.1.0
 * @category getters
 */
export const pace = (world: World.Service, questionId: string, runId: string) => {
  const jitter = Ids.between(world.seed, `pace/jitter/${runId}`, -20, 20)
  return {
    queued: Ids.between(world.seed, `pace/queued/${questionId}`, 60, 180) * 1000,
    running: (Ids.between(world.seed, `pace/running/${questionId}`, 15 * 60, 26 * 60) + jitter) * 1000
  }
}

/**
 * What makes a run.
 *
 * @since 0.1.0
 * @category models
 */
export interface Submission {
  readonly id: string
  readonly name: string
  readonly parameters: { readonly [name: string]: string }
  readonly submittedAt: number
}

/**
 * Puts a run on record. Its query executes when its end is first looked for; `outcome` says otherwise.
 *
 * @since 0.1.0
 * @category constructors
 */
export const submit = (
  world: World.Service,
  question: Rows.CleanRoomQuestion,
  room: Rows.CleanRoom,
  submission: Submission,
  outcome?: Engine.Outcome
): Effect.Effect<Rows.Run> =>
  Effect.gen(function*() {
    const { queued, running } = pace(world, question.questionId, submission.id)
    const executedAt = submission.submittedAt + queued
    const input = QuestionState.execution(world, question, room, submission)
    const failure = QuestionState.readingFailure(world, question, room)
    const ahead = outcome ?? (failure === undefined ? undefined : Engine.hopeless(Wording.vary(world.seed, failure)))
    return world.runs.put({
      ...submission,
      cleanRoomQuestionId: question.id,
      questionVersion: QuestionState.version(world, question),
      executedAt,
      completedAt: executedAt + running,
      outcome: ahead ?? (yield* world.engine.outcome(input, executedAt)),
      reported: undefined
    })
  })

const ended = (outcome: Engine.Ending["_tag"]) => outcome === "Completed" ? "COMPLETED" : "FAILED"

/**
 * A run's status at a time that needs no execution of its query; undefined if it is due and nobody has looked yet.
 *
 * @since 0.1.0
 * @category getters
 */
export const phase = (run: Rows.Run, now: number): string | undefined => {
  if (run.reported !== undefined) return run.reported.status
  if (now < run.executedAt) return "QUEUED"
  if (now < run.completedAt) return "RUNNING"
  return run.outcome.known === undefined ? undefined : ended(run.outcome.known)
}

/**
 * A run's status now. The query of a run that is due executes when this is first asked.
 *
 * @since 0.1.0
 * @category getters
 */
export const status = (run: Rows.Run): Effect.Effect<string> =>
  Effect.flatMap(Clock.currentTimeMillis, (now) => {
    const known = phase(run, now)
    return known === undefined ? Effect.map(run.outcome.ending, ({ _tag }) => ended(_tag)) : Effect.succeed(known)
  })

/**
 * How a run ended, once it has: undefined while it is on its way, and where someone reported another end.
 *
 * @since 0.1.0
 * @category getters
 */
export const ending = (run: Rows.Run): Effect.Effect<Engine.Ending | undefined> =>
  Effect.flatMap(status(run), (status): Effect.Effect<Engine.Ending | undefined> => {
    if (status === "COMPLETED") return run.outcome.ending
    return status === "FAILED" && run.reported === undefined ? run.outcome.ending : Effect.succeed(undefined)
  })
