/**
 * What can be started: a run of a question, a run of a flow, a replay of a flow run, and the resumption of a paused one.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import {
  CreateCleanroomFlowRunInput,
  ReplayCleanroomFlowRunInput,
  ResumeCleanroomFlowRunInput
} from "../habu/api/FlowRuns.js"

/**
 * Where Habu lists a run: with its question, or with its flow.
 *
 * @since 0.1.0
 * @category models
 */
export type Place =
  | { readonly _tag: "QuestionPlace"; readonly questionId: string }
  | { readonly _tag: "FlowPlace"; readonly cleanRoomId: string; readonly flowId: string }

const flow = { cleanRoomId: Schema.String, flowId: Schema.String }

/**
 * What to start. The `request` of a flow carries no name: the ledger gives each attempt its own.
 *
 * A resumption makes no run. It ends the pause of run `runId` at `level`, and each such pause ends once.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Subject = Schema.Union(
  Schema.TaggedStruct("Question", {
    questionId: Schema.String,
    parameters: Schema.Record({ key: Schema.String, value: Schema.String })
  }),
  Schema.TaggedStruct("Flow", { ...flow, request: CreateCleanroomFlowRunInput }),
  Schema.TaggedStruct("Replay", { ...flow, runId: Schema.String, request: ReplayCleanroomFlowRunInput }),
  Schema.TaggedStruct("Resume", {
    ...flow,
    runId: Schema.String,
    level: Schema.Number,
    request: ResumeCleanroomFlowRunInput
  })
)

export type Subject = typeof Subject.Type

/**
 * Where the run of a subject is listed.
 *
 * @since 0.1.0
 * @category getters
 */
export const placeOf = (subject: Subject): Place =>
  subject._tag === "Question"
    ? { _tag: "QuestionPlace", questionId: subject.questionId }
    : { _tag: "FlowPlace", cleanRoomId: subject.cleanRoomId, flowId: subject.flowId }

/**
 * What makes two subjects the same. How far a resumed run goes on is no part of it: a pause ends only once.
 *
 * @since 0.1.0
 * @category getters
 */
export const identity = (subject: Subject): ReadonlyArray<unknown> => {
  switch (subject._tag) {
    case "Question":
      return [subject.questionId, subject.parameters]
    case "Flow":
      return ["Flow", subject.cleanRoomId, subject.flowId, subject.request]
    case "Replay":
      return ["Replay", subject.runId, subject.request]
    case "Resume":
      return ["Resume", subject.runId, subject.level]
  }
}
