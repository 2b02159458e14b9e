/**
 * Finding the organisation's destinations for exports.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { PartnerAccount } from "../../habu/api/Destinations.js"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose } from "./Chosen.js"
import { gather } from "./Gathered.js"

/**
 * A destination in the list.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  ...Words.Reference.fields,
  partner: Workflow.maybe(Schema.String),
  status: Workflow.maybe(Schema.String),
  problem: Workflow.maybe(Schema.String)
})

const item = ({ ID, configStatus, errorMessage, name, partner }: PartnerAccount): typeof Item.Type =>
  Workflow.compact({
    id: Words.said(ID),
    name: Words.said(name),
    partner: Words.said(partner?.displayName ?? partner?.name, 80),
    status: Words.said(configStatus, 50),
    problem: Words.said(errorMessage, 200)
  })

// Habu gives no more at once.
const pageSize = 100

/**
 * Finds destinations (operation `listDestinations`).
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  const { observed } = yield* HabuClient
  const read = Reading.listed(
    (urlParams) =>
      Effect.map(observed.listDestinations({ urlParams }), (answer) => ({
        ...answer,
        value: answer.value.partnerAccounts ?? []
      })),
    pageSize
  )
  const gathered = yield* gather([{ part: "destinations", read }])
  const chosen = choose(asked, gathered.items, {
    names: ({ name, partner }) => [name, partner?.displayName],
    statuses: ({ configStatus }) => [configStatus]
  })
  return Answer.make(asked, gathered, chosen, {
    lists: { destinations: chosen.shown.map(item) },
    nextSteps: [Answer.thenFind({ kind: "clean_rooms" }, "Exports to a destination belong to a clean room.")]
  })
})
