/**
 * Finding the datasets of a clean room.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CleanRoomDataset } from "../../habu/api/Datasets.js"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose, present } from "./Chosen.js"
import { gather } from "./Gathered.js"
import * as Places from "./Places.js"

/**
 * A dataset in the list.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  ...Words.Reference.fields,
  owner: Workflow.maybe(Schema.String),
  type: Workflow.maybe(Schema.String),
  stage: Workflow.maybe(Schema.String),
  status: Workflow.maybe(Schema.String),
  partition_fields: Workflow.maybe(Schema.Array(Schema.String)),
  partner_can_assign: Workflow.maybe(Schema.Boolean),
  is_view: Workflow.maybe(Schema.Boolean)
})

const item = (dataset: CleanRoomDataset): typeof Item.Type =>
  Workflow.compact({
    ...Words.reference(dataset),
    owner: Words.said(dataset.organizationName),
    type: Words.said(dataset.dataConnectionType, 60),
    stage: Words.said(dataset.stage, 50),
    status: Words.said(dataset.configurationStatus, 50),
    partition_fields: present(
      (dataset.partitionParameters?.partitionGroups ?? []).flatMap(({ partitionFields = [] }) =>
        partitionFields.map(({ fieldName }) => Words.said(fieldName, 60))
      )
    ),
    partner_can_assign: dataset.partnerCanAssign,
    is_view: dataset.isView === true ? true : undefined
  })

const inPlace = (asked: Asked) =>
  Effect.fnUntraced(function*({ cleanRoom, taken }: Places.Place) {
    const { observed } = yield* HabuClient
    const path = { cleanroomId: cleanRoom.id }
    const gathered = yield* gather([
      { part: "datasets", cleanRoom, read: Reading.whole(observed.getCleanroomDatasets({ path })) }
    ])
    const chosen = choose(asked, gathered.items, {
      names: ({ name }) => [name],
      statuses: ({ configurationStatus, stage }) => [stage, configurationStatus]
    })
    return Answer.make(asked, gathered, chosen, {
      lists: { datasets: chosen.shown.map(item) },
      scope: Answer.within(cleanRoom),
      warnings: taken,
      nextSteps: [Places.alsoHere("questions", cleanRoom, "See what can be asked with them.")]
    })
  })

/**
 * Finds datasets (operation `getCleanroomDatasets`).
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = (asked: Asked) => Places.inCleanRoom(asked, inPlace(asked))
