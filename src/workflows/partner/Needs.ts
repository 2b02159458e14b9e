/**
 * What the questions of a clean room need of its partners: the macros that a partner must fill, and whether it did.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import type { CleanRoomQuestionDataset } from "../../habu/api/CleanRoomQuestions.js"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, type Known, type Placed } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as Reading from "../Reading.js"

/**
 * A macro of a question that somebody else must fill. `organization` is empty where Habu does not say who.
 *
 * @since 0.1.0
 * @category models
 */
export interface Need {
  readonly placed: Placed
  readonly macro: string
  readonly dataType: string
  readonly organization: string
  readonly isMet: boolean
}

const isPartners = ({ organizationName, ownership }: CleanRoomQuestionDataset, owner: string) =>
  /partner/i.test(ownership ?? "") ||
  (Text.folded(organizationName ?? "") !== "" && Text.folded(organizationName ?? "") !== Text.folded(owner))

const needOf = (placed: Placed, dataset: CleanRoomQuestionDataset): Need => ({
  placed,
  macro: dataset.macro ?? "",
  dataType: dataset.dataTypeDisplayName ?? dataset.dataTypeName ?? "",
  organization: dataset.organizationName ?? "",
  isMet: (dataset.datasetId ?? "") !== ""
})

/**
 * Reads the needs of all questions of a clean room at once (operation `getAllCleanroomQuestionDatasets`); what Habu
 * denies or does not answer is told, not taken for met.
 *
 * @since 0.1.0
 * @category constructors
 */
export const read = Effect.fn("Needs.read")(function*(cleanRoom: Known<CleanRoom>) {
  const habu = yield* HabuClient
  const directory = yield* HabuDirectory
  const questions = yield* directory.questions(cleanRoom)
  const outcomes = yield* Effect.forEach(
    questions,
    (placed) =>
      Effect.map(
        Reading.attempt(
          "question datasets",
          habu.getAllCleanroomQuestionDatasets({ path: { cleanroomQuestionId: placed.question.id } })
        ),
        (outcome) => ({ placed, outcome })
      ),
    { concurrency: "unbounded" }
  )
  return {
    questions: questions.length,
    needs: outcomes.flatMap(({ outcome, placed }) =>
      outcome._tag === "Answered"
        ? outcome.value.filter((dataset) => isPartners(dataset, cleanRoom.ownerOrganization ?? ""))
          .map((dataset) => needOf(placed, dataset))
        : []
    ),
    unseen: outcomes.flatMap(({ outcome, placed }) => outcome._tag === "Answered" ? [] : [placed])
  }
})

/**
 * Whether a need is a partner's: Habu names its organisation, or leaves open whose it is.
 *
 * @since 0.1.0
 * @category guards
 */
export const concerns = (partner: string) => ({ organization }: Need): boolean =>
  organization === "" || Text.folded(organization) === Text.folded(partner)
