/**
 * What depends on a clean room and goes with it: Habu keeps no archive and brings nothing back.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, known, pages } from "../../habu/HabuDirectory.js"
import type { HabuError } from "../../habu/HabuError.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Contents from "./Contents.js"

const named = 5
const runsPage = 100
const flowsPage = 100

const line = (
  one: string,
  many: string,
  outcome: Reading.Outcome<ReadonlyArray<string>>
): string => {
  if (outcome._tag !== "Answered") {
    return `${many}: unknown, since Habu ${outcome._tag === "Denied" ? "denies" : "did not show"} them`
  }
  const { value } = outcome
  const names = value.filter((name) => name !== "")
  return `${Words.count(value.length, one, many)}${
    names.length === 0 ? "" : `: ${names.slice(0, named).join(", ")}${names.length > named ? ", …" : ""}`
  }`
}

const mapped = <A>(
  outcome: Reading.Outcome<ReadonlyArray<A>>,
  name: (item: A) => string
): Reading.Outcome<ReadonlyArray<string>> =>
  outcome._tag === "Answered" ? { _tag: "Answered", value: outcome.value.map(name) } : outcome

const ofQuestions = <A>(
  part: string,
  ids: ReadonlyArray<string>,
  read: (id: string) => Effect.Effect<ReadonlyArray<A>, HabuError>
) =>
  Reading.attempt(
    part,
    Effect.map(Effect.forEach(ids, read, { concurrency: "unbounded" }), (all) => all.flat())
  )

/**
 * What goes with a clean room, a line for each kind; what cannot be seen is said to be unknown (operations
 * `getAllCleanroomQuestionRuns`, `getCleanroomQuestionRunSchedules`, `getAllDataExportJobs`, `listCleanroomFlows`).
 *
 * @since 0.1.0
 * @category constructors
 */
export const of = Effect.fn("Dependents.of")(function*({ id }: Known<CleanRoom>, contents: Contents.Contents) {
  const habu = yield* HabuClient
  const path = { cleanroomId: id }
  const questions = known(Contents.items(contents.questions)).map((question) => question.id)
  const { exports, flows, runs, schedules } = yield* Effect.all({
    runs: ofQuestions("runs", questions, (cleanroomQuestionId) =>
      pages(
        (urlParams) => habu.getAllCleanroomQuestionRuns({ path: { cleanroomQuestionId }, urlParams }),
        runsPage
      )),
    schedules: ofQuestions(
      "schedules",
      questions,
      (cleanroomQuestionId) => habu.getCleanroomQuestionRunSchedules({ path: { cleanroomQuestionId } })
    ),
    exports: Reading.attempt("exports", habu.getAllDataExportJobs({ path })),
    flows: Reading.attempt(
      "flows",
      pages(
        (payload) =>
          Effect.map(habu.listCleanroomFlows({ path, payload }), ({ cleanRoomFlows = [] }) => cleanRoomFlows),
        flowsPage
      )
    )
  }, { concurrency: "unbounded" })
  const unseen = contents.questions
  const beside = <A>(outcome: Reading.Outcome<ReadonlyArray<A>>) => unseen._tag === "Answered" ? outcome : unseen
  return [
    line("question", "questions", mapped(contents.questions, Words.title)),
    line("run with its results", "runs with their results", mapped(beside(runs), () => "")),
    line("schedule", "schedules", mapped(beside(schedules), ({ name }) => Words.said(name) ?? "")),
    line("partner", "partners", mapped(contents.partners, Words.title)),
    line("invitation", "invitations", mapped(contents.invitations, (one) => Words.said(one.partnerAdminEmail) ?? "")),
    line("dataset", "datasets", mapped(contents.datasets, Words.title)),
    line("export job", "export jobs", mapped(exports, ({ name }) => Words.said(name) ?? "")),
    line("flow", "flows", mapped(flows, ({ flow }) => Words.said(flow?.name) ?? "")),
    line("own person", "own people", mapped(contents.users, ({ user }) => Words.said(user?.email) ?? ""))
  ]
})
