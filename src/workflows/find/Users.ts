/**
 * Finding users, of the organisation or in a clean room.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { User } from "../../habu/api/Users.js"
import { HabuClient } from "../../habu/HabuClient.js"
import * as Reading from "../Reading.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"
import * as Answer from "./Answer.js"
import type { Asked } from "./Asked.js"
import { choose } from "./Chosen.js"
import { gather, type Source } from "./Gathered.js"
import * as Places from "./Places.js"

/**
 * A user in the list.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Item = Schema.Struct({
  ...Words.Reference.fields,
  email: Workflow.maybe(Schema.String),
  role: Workflow.maybe(Schema.String),
  api_user: Workflow.maybe(Schema.Boolean)
})

type Item = typeof Item.Type

const item = (user: User | undefined, role: string | undefined, id = user?.id): Item =>
  Workflow.compact({
    id: Words.said(id),
    name: Words.said(user?.name),
    email: Words.said(user?.email),
    role: Words.said(role, 60),
    api_user: Words.isApiUser(user?.email) ? true : undefined
  })

const answer = Effect.fnUntraced(
  function*(asked: Asked, source: Source<Item>, scope: Answer.Scope, next: Workflow.NextStep) {
    const gathered = yield* gather([source])
    const chosen = choose(asked, gathered.items, { names: ({ email, name }) => [name, email], statuses: () => [] })
    return Answer.make(asked, gathered, chosen, { lists: { users: chosen.shown }, scope, nextSteps: [next] })
  }
)

const ofOrganization = Effect.fnUntraced(function*(asked: Asked) {
  const { observed } = yield* HabuClient
  const users = Reading.listed((urlParams) => observed.getAllOrganizationUsers({ urlParams }))
  const read = Reading.mapped(users, (all) => all.map(({ roleName, user }) => item(user, roleName)))
  const next = Answer.thenFind({ kind: "clean_rooms" }, "Then users with clean_room lists who may enter one.")
  return yield* answer(asked, { part: "users", read }, {}, next)
})

const inPlace = (asked: Asked) =>
  Effect.fnUntraced(function*({ cleanRoom }: Places.Place) {
    const { observed } = yield* HabuClient
    const users = Reading.whole(observed.getCleanroomUsers({ path: { cleanroomId: cleanRoom.id }, urlParams: {} }))
    const read = Reading.mapped(users, (all) => all.map(({ id, role, user }) => item(user, role?.name, id)))
    const next = Places.alsoHere("partners", cleanRoom, "See the partners and their people.")
    return yield* answer(asked, { part: "users", cleanRoom, read }, Answer.within(cleanRoom), next)
  })

/**
 * Finds users (operations `getAllOrganizationUsers`, `getCleanroomUsers`).
 *
 * @since 0.1.0
 * @category workflows
 */
export const find = Effect.fnUntraced(function*(asked: Asked) {
  return yield* Words.given(asked.clean_room) === undefined
    ? ofOrganization(asked)
    : Places.inCleanRoom(asked, inPlace(asked))
})
