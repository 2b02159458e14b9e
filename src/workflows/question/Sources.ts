/**
 * The questions that can be brought into a clean room, by what people call them. Habu lists neither an organisation's
 * questions nor its library, so they are found by their copies in clean rooms, in a clean room's assets, or by id.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Either from "effect/Either"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { HabuDirectory, type Known, type Named, pick, type Placed } from "../../habu/HabuDirectory.js"
import { type HabuError, type ReferenceError, ReferenceUnknown } from "../../habu/HabuError.js"
import * as Text from "../../habu/Text.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * A question, and its copy in the clean room that it is wanted in.
 *
 * @since 0.1.0
 * @category models
 */
export interface Source {
  readonly questionId: string
  readonly title: string
  readonly here: Placed | undefined
}

interface Candidate extends Named {
  readonly questionId: string
  readonly title: string
  readonly cleanRoomId: string | undefined
  readonly where: string
  readonly placed: Placed | undefined
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const copies = (placed: ReadonlyArray<Placed>): ReadonlyArray<Candidate> =>
  placed.flatMap((one) => {
    const { cleanRoom, question } = one
    if (question.questionId === undefined) return []
    return [{
      ...Workflow.compact({ id: question.id, displayId: question.displayId, name: question.name }),
      questionId: question.questionId,
      title: Words.title(question),
      cleanRoomId: cleanRoom.id,
      where: Words.title(cleanRoom),
      placed: one
    }]
  })

const assetsOf = Effect.fnUntraced(function*(room: Known<CleanRoom>) {
  const habu = yield* HabuClient
  const { questions = [] } = yield* habu.getCleanroomAssetDetails({ path: { cleanroomId: room.id } }).pipe(
    Effect.catchTag("Forbidden", () => Effect.succeed({ questions: [] }))
  )
  return questions.flatMap(({ ID, displayID, title }): ReadonlyArray<Candidate> =>
    ID === undefined ? [] : [{
      ...Workflow.compact({ id: ID, displayId: displayID, name: title }),
      questionId: ID,
      title: Words.title(Workflow.compact({ name: title, displayId: displayID })),
      cleanRoomId: undefined,
      where: `the assets of ${Words.title(room)}`,
      placed: undefined
    }]
  )
})

const described = ({ title, where }: Candidate) => `${title} in ${where}`

// The same question in several clean rooms is one question: its copy in the wanted clean room stands for it.
const distinct = (candidates: ReadonlyArray<Candidate>, room: Known<CleanRoom> | undefined) => {
  const ordered = [...candidates].sort((a, b) =>
    Number(b.cleanRoomId === room?.id) - Number(a.cleanRoomId === room?.id)
  )
  return ordered.filter(({ questionId }, index) =>
    ordered.findIndex((other) => other.questionId === questionId) === index
  )
}

const byQuestionId = Effect.fnUntraced(function*(id: string) {
  const habu = yield* HabuClient
  const { questionDetails } = yield* habu.getQuestionDetails({ path: { questionID: id }, urlParams: {} }).pipe(
    Effect.catchTag(
      "NotFound",
      () => Effect.fail(new ReferenceUnknown({ kind: "question", reference: id, options: [] }))
    )
  )
  return { id, title: Words.said(questionDetails?.title) ?? id }
})

/**
 * Finds questions by name, display id or id: those in any clean room that can be seen, in `room`'s assets, or any that
 * the organisation has by its id (operation `getQuestionDetails`).
 *
 * @since 0.1.0
 * @category getters
 */
export const find = Effect.fn("Sources.find")(function*(
  references: ReadonlyArray<string>,
  room: Known<CleanRoom> | undefined
) {
  if (references.length === 0) return []
  const directory = yield* HabuDirectory
  const [survey, assets] = yield* Effect.all([
    directory.allQuestions,
    room === undefined ? Effect.succeed([]) : assetsOf(room)
  ], { concurrency: "unbounded" })
  const all = [...copies(survey.questions), ...assets]
  const unique = distinct(all, room)
  const here = (questionId: string) =>
    copies(survey.questions).find((one) => one.cleanRoomId === room?.id && one.questionId === questionId)?.placed

  const one = Effect.fnUntraced(function*(
    reference: string
  ): Effect.fn.Return<Source, HabuError | ReferenceError, HabuClient> {
    const wanted = reference.trim()
    const exact = all.find(({ displayId, id, questionId }) =>
      [displayId, id, questionId].some((own) => own !== undefined && Text.folded(own) === Text.folded(wanted))
    )
    const picked = exact === undefined ? pick("question", wanted, unique, described) : Either.right(exact)
    // While a clean room fails to answer, a name may stand there too.
    const [failure] = uuid.test(wanted) || exact !== undefined ? [] : survey.failed
    if (failure !== undefined) return yield* Effect.fail(failure.error)
    if (Either.isRight(picked)) {
      const { questionId, title } = picked.right
      return { questionId, title, here: here(questionId) }
    }
    if (!uuid.test(wanted)) return yield* Effect.fail(picked.left)
    const { id, title } = yield* byQuestionId(wanted)
    return { questionId: id, title, here: here(id) }
  })

  const found = yield* Effect.forEach(references.filter((text) => text.trim() !== ""), one, {
    concurrency: "unbounded"
  })
  return found.filter(({ questionId }, index) => found.findIndex((other) => other.questionId === questionId) === index)
})
