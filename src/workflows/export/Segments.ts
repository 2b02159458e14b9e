/**
 * Segmentation: a user list question's people as segments that can be activated.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Plan from "../Plan.js"
import * as Words from "../Words.js"
import { Asking } from "./Asking.js"
import type * as Destinations from "./Destinations.js"
import * as Jobs from "./Jobs.js"
import * as Situation from "./Situation.js"

interface Call {
  readonly questions?: ReadonlyArray<string>
  readonly segment_name?: string
  readonly identifier?: string
  readonly [field: string]: unknown
}

/**
 * Plans how the segments of one user list question appear (operations `enableCleanroomQuestionSegmentation`,
 * `updateCleanroomQuestionSegmentation`).
 *
 * Habu shows nowhere whether a question has segments. So they are changed, which is repeated without harm, and only
 * made where Habu answers that there are none: a second making could make a second asset.
 *
 * @since 0.1.0
 * @category constructors
 */
export const segmenting = Effect.fn("Segments.segmenting")(function*(
  tool: string,
  input: Call,
  situation: Situation.Situation
) {
  const [placed, other] = yield* Jobs.questions(tool, input, situation, Jobs.isList)
  const assetDisplayName = Words.given(input.segment_name)?.trim()
  const rampID = Words.given(input.identifier)?.trim()
  if (placed === undefined || other !== undefined || assetDisplayName === undefined || rampID === undefined) {
    return yield* Effect.fail(
      new Asking({
        summary: other !== undefined
          ? "Segments are set for one question at a time."
          : "How are the segments to appear? Give `segment_name`, the name of their asset, and `identifier`, the kind of " +
            "identifier that they are keyed by in Habu's words (such as NAME), not an identifier itself."
      })
    )
  }
  const title = JSON.stringify(Words.title(placed.question))
  const step = `make segments of ${title} as ${JSON.stringify(Words.said(assetDisplayName))}`
  if (!Jobs.isList(placed)) {
    const detail = `It is ${Words.said(placed.question.questionType, 40) ?? "of no known type"}: only questions that ` +
      "make user lists have segments."
    return { changes: [], settled: [Plan.unmet(step, detail)] } satisfies Destinations.Planned
  }
  const closed = Jobs.blockers(Situation.roomChecks(situation).filter(({ check }) => check === "clean room open"))
  if (closed !== "") return { changes: [], settled: [Plan.unmet(step, closed)] } satisfies Destinations.Planned
  const request = {
    path: { cleanroomQuestionId: placed.question.id },
    payload: { assetDisplayName, rampID }
  }
  const change: Plan.Change<HabuClient> = {
    step,
    grade: "outward",
    preview: `${step}, keyed by ${Words.said(rampID, 60)}: the people that its runs list can be activated under that ` +
      "name; segments that it has already are renamed",
    makes: `segments/${placed.question.id}`,
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      const changed = yield* Effect.either(habu.updateCleanroomQuestionSegmentation(request))
      const isNone = changed._tag === "Left" &&
        (changed.left._tag === "NotFound" || changed.left._tag === "RequestInvalid" ||
          changed.left._tag === "PreconditionFailed")
      const answer = changed._tag === "Right"
        ? changed.right
        : isNone
        ? yield* habu.enableCleanroomQuestionSegmentation(request)
        : yield* Effect.fail(changed.left)
      yield* Plan.confirmed("enableCleanroomQuestionSegmentation")(answer)
      return `${isNone ? "Made" : "Changed"}${
        answer.assetId === undefined ? "" : ` as asset ${Words.said(answer.assetId)}`
      }. Habu does not let one read it back.`
    })
  }
  return {
    changes: [change],
    settled: [],
    warnings: [
      "Activation through LiveRamp is in limited availability, needs output keyed by RampID, and expects a schedule on the " +
      "question (manage_question_schedules)."
    ]
  } satisfies Destinations.Planned
})
