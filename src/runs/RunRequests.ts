/**
 * How Habu is asked for each kind of run: to start it, to list it, to read it.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { Observed } from "../habu/HabuCache.js"
import type * as HabuClient from "../habu/HabuClient.js"
import { type HabuError, RequestInvalid } from "../habu/HabuError.js"
import * as Run from "./Run.js"
import * as RunKey from "./RunKey.js"
import { type Place, placeOf, type Subject } from "./RunSubject.js"

/**
 * Runs of one place.
 *
 * @since 0.1.0
 * @category models
 */
export interface Listing {
  readonly runs: ReadonlyArray<Run.Metadata>
  /** Whether no run can have been missed. */
  readonly isWhole: boolean
}

/**
 * What a start made, as far as can be seen.
 *
 * @since 0.1.0
 * @category models
 */
export interface Found {
  readonly run: Run.Metadata | undefined
  /** Whether everything was seen that could show it. */
  readonly isWhole: boolean
}

type Resume = Extract<Subject, { readonly _tag: "Resume" }>

const pageSize = 100

const flowPath = ({ cleanRoomId, runId }: { readonly cleanRoomId: string; readonly runId: string }) => ({
  cleanroomId: cleanRoomId,
  cleanroomFlowRunId: runId
})

// Some of Habu's answers with status 200 say that nothing was done.
const unlessRefused = <A extends { readonly success?: boolean }>(
  operation: string,
  call: Effect.Effect<A, HabuError>
): Effect.Effect<A, HabuError> =>
  Effect.filterOrFail(
    call,
    ({ success }) => success !== false,
    () => new RequestInvalid({ operation, status: 200, problem: "Habu answered that it did not do it" })
  )

/**
 * Sends a start, once (operations `createCleanroomQuestionRun`, `createOrUpdateCleanroomFlowRun`,
 * `replayCleanroomFlowRun`, `resumeCleanroomFlowRun`). An answer without an id leaves open which run it made.
 *
 * @since 0.1.0
 * @category requests
 */
export const start = (
  habu: HabuClient.Service,
  subject: Subject,
  name: string
): Effect.Effect<Run.Metadata, HabuError> => {
  switch (subject._tag) {
    case "Question":
      return habu.createCleanroomQuestionRun({
        path: { cleanroomQuestionId: subject.questionId },
        payload: { name, parameters: subject.parameters }
      })
    case "Flow":
      return habu.createOrUpdateCleanroomFlowRun({
        path: { cleanroomId: subject.cleanRoomId, cleanroomFlowId: subject.flowId },
        payload: { ...subject.request, name }
      })
    case "Replay": {
      const call = habu.replayCleanroomFlowRun({ path: flowPath(subject), payload: { ...subject.request, name } })
      return Effect.map(
        unlessRefused("replayCleanroomFlowRun", call),
        ({ cleanRoomFlowRunID }) => cleanRoomFlowRunID === undefined ? {} : { id: cleanRoomFlowRunID, name }
      )
    }
    case "Resume": {
      const call = habu.resumeCleanroomFlowRun({ path: flowPath(subject), payload: subject.request })
      return Effect.as(unlessRefused("resumeCleanroomFlowRun", call), { id: subject.runId })
    }
  }
}

const page = (
  habu: HabuClient.Service,
  place: Place,
  urlParams: { readonly limit: number; readonly offset: number }
): Effect.Effect<Observed<ReadonlyArray<Run.Metadata>>, HabuError> =>
  place._tag === "QuestionPlace"
    ? habu.observed.getAllCleanroomQuestionRuns({ path: { cleanroomQuestionId: place.questionId }, urlParams })
    : Effect.map(
      habu.observed.listCleanroomFlowRuns({
        path: { cleanroomId: place.cleanRoomId, cleanroomFlowId: place.flowId },
        urlParams
      }),
      (answer) => ({ ...answer, value: answer.value.cleanRoomFlowRuns ?? [] })
    )

/**
 * Lists the runs of a place, all of them unless the one looked for is found (operations `getAllCleanroomQuestionRuns`,
 * `listCleanroomFlowRuns`).
 *
 * Each page begins with the last run of the page before, so that what is added or deleted meanwhile cannot hide one; the
 * list ends where a page brings nothing new.
 *
 * @since 0.1.0
 * @category requests
 */
export const list = (
  habu: HabuClient.Service,
  place: Place,
  isWanted: (run: Run.Metadata) => boolean
): Effect.Effect<Listing, HabuError> => {
  const from = (before: Listing): Effect.Effect<Listing, HabuError> => {
    const last = before.runs[before.runs.length - 1]
    const offset = Math.max(0, before.runs.length - 1)
    return Effect.flatMap(page(habu, place, { limit: pageSize, offset }), ({ live, value }) => {
      const known = new Set(before.runs.map(({ id }) => id))
      const more = value.filter(({ id }) => !known.has(id))
      const isJoined = last === undefined || value.some(({ id }) => id === last.id)
      const listing = { runs: [...before.runs, ...more], isWhole: before.isWhole && live && isJoined }
      return more.length === 0 || more.some(isWanted) ? Effect.succeed(listing) : from(listing)
    })
  }
  return from({ runs: [], isWhole: true })
}

const only = (habu: HabuClient.Service, place: Place, isWanted: (run: Run.Metadata) => boolean) =>
  Effect.map(list(habu, place, isWanted), ({ isWhole, runs }): Found => ({ run: runs.find(isWanted), isWhole }))

/**
 * Finds one run by its id in the list, which can be read at any time.
 *
 * @since 0.1.0
 * @category requests
 */
export const listed = (habu: HabuClient.Service, place: Place, runId: string): Effect.Effect<Found, HabuError> =>
  only(habu, place, ({ id }) => id === runId)

/**
 * The level before which a paused flow run stands: the first that has nodes yet to run (operation
 * `getCleanroomFlowRunOutputNodes`). Undefined where Habu does not tell the levels.
 *
 * @since 0.1.0
 * @category requests
 */
export const pausedAt = (
  habu: HabuClient.Service,
  run: { readonly cleanRoomId: string; readonly runId: string }
): Effect.Effect<Observed<number | undefined>, HabuError> =>
  Effect.map(habu.observed.getCleanroomFlowRunOutputNodes({ path: flowPath(run) }), (answer) => {
    const levels = answer.value.filter(({ runStatus }) => !Run.isOver(Run.phaseOf(runStatus)))
      .map(({ node }) => node?.level ?? Number.NaN)
    const level = Math.min(...levels)
    return { ...answer, value: Number.isFinite(level) ? level : undefined }
  })

// The pause has ended if the run goes on, is over, or is paused at another level by now.
const resumed = Effect.fnUntraced(function*(habu: HabuClient.Service, subject: Resume) {
  const found = yield* listed(habu, placeOf(subject), subject.runId)
  if (Run.phaseOf(found.run?.status) !== "paused") return found
  const { live, value } = yield* pausedAt(habu, subject)
  return value === undefined || value === subject.level
    ? { run: undefined, isWhole: found.isWhole && live && value !== undefined }
    : found
})

/**
 * Looks for what a start made: the run that bears its name, or the end of the pause that it was to end.
 *
 * @since 0.1.0
 * @category requests
 */
export const find = (habu: HabuClient.Service, subject: Subject, name: string): Effect.Effect<Found, HabuError> =>
  subject._tag === "Resume" ? resumed(habu, subject) : only(habu, placeOf(subject), RunKey.isNamed(name))

/**
 * Reads one run, or its last known copy while Habu may not be asked (operations `getCleanroomQuestionRunById`,
 * `getCleanroomFlowRunByID`). Without a place it is a question's.
 *
 * @since 0.1.0
 * @category requests
 */
export const read = (
  habu: HabuClient.Service,
  place: Place | undefined,
  runId: string
): Effect.Effect<Observed<Run.Metadata>, HabuError> =>
  place?._tag === "FlowPlace"
    ? habu.observed.getCleanroomFlowRunByID({ path: flowPath({ cleanRoomId: place.cleanRoomId, runId }) })
    : habu.observed.getCleanroomQuestionRunById({ path: { cleanroomQuestionRunId: runId } })

/**
 * How long the latest completed runs of a place took, in Habu's milliseconds.
 *
 * @since 0.1.0
 * @category requests
 */
export const durations = (habu: HabuClient.Service, place: Place): Effect.Effect<ReadonlyArray<number>, HabuError> => {
  const urlParams = { limit: 30 }
  const runs: Effect.Effect<ReadonlyArray<Run.Metadata>, HabuError> = place._tag === "QuestionPlace"
    ? habu.getAllCleanroomQuestionRuns({
      path: { cleanroomQuestionId: place.questionId },
      urlParams: { ...urlParams, status: "COMPLETED" }
    })
    : Effect.map(
      habu.listCleanroomFlowRuns({
        path: { cleanroomId: place.cleanRoomId, cleanroomFlowId: place.flowId },
        urlParams
      }),
      ({ cleanRoomFlowRuns = [] }) => cleanRoomFlowRuns.filter(({ status }) => Run.phaseOf(status) === "completed")
    )
  return Effect.map(runs, (all) => all.map(Run.durationOf).filter((millis) => millis !== undefined))
}
