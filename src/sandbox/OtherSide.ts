/**
 * What others do in the API user's clean rooms: a partner who brings data and fills macros, an owner who decides on a
 * destination, an administrator who changes the API user's own rights. Habu has no operation for these.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Connections from "./Connections.js"
import * as Datasets from "./Datasets.js"
import * as Members from "./Members.js"
import { Problem } from "./Problem.js"
import * as Provisions from "./Provisions.js"
import * as QuestionState from "./QuestionState.js"
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

interface Named {
  readonly id: string
  readonly name: string
}

const possible = (rows: ReadonlyArray<Named>) =>
  `possible: ${rows.map(({ id, name }) => `${JSON.stringify(name)} (${id})`).join(", ") || "none"}`

/** One of several, by its id or name. */
const oneOf = <A extends Named>(rows: ReadonlyArray<A>, field: string, value: string) => {
  const found = rows.find(({ id, name }) => id === value || name.trim() === value.trim())
  return found === undefined ? Effect.fail(new Problem({ field, value, why: possible(rows) })) : Effect.succeed(found)
}

const roomOf = (world: World.Service, id: string) => oneOf(world.cleanRooms.all(), "cleanroomId", id)

/**
 * A partner brings data into a clean room: `dataConnection`, or all it has that are complete.
 *
 * @since 0.1.0
 * @category models
 */
export const Provide = Schema.Struct({
  cleanroomId: Schema.String,
  organization: Schema.String,
  dataConnection: Schema.optional(Schema.String),
  partnerCanAssign: Schema.optional(Schema.Boolean)
})

const partnersIn = (world: World.Service, room: Rows.CleanRoom): ReadonlyArray<Named> =>
  Members.stakeholders(world, room)
    .filter(({ organizationId }) => organizationId !== world.organizationId)
    .map(({ organizationId, organizationName }) => ({ id: organizationId, name: organizationName }))

/**
 * Lets a partner make data available in a clean room that it takes part in. What is there already stays as it is, but
 * for who may assign it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const provide = (world: World.Service, asked: typeof Provide.Type) =>
  Effect.gen(function*() {
    const room = yield* roomOf(world, asked.cleanroomId)
    const partner = yield* oneOf(partnersIn(world, room), "organization", asked.organization)
    const now = yield* Clock.currentTimeMillis
    const complete = world.dataConnections.where((row) =>
      row.organizationId === partner.id && Connections.stage(world, row, now) === "CONFIGURATION_COMPLETE"
    )
    const connections = asked.dataConnection === undefined
      ? complete
      : [yield* oneOf(complete, "dataConnection", asked.dataConnection)]
    return connections.map((connection) => {
      const present = world.datasets.find((row) => row.cleanRoomId === room.id && row.connectionId === connection.id)
      const dataset = present ?? Datasets.ofConnection(world, room, connection)
      return world.datasets.put({
        ...dataset,
        partnerCanAssign: asked.partnerCanAssign ?? dataset.partnerCanAssign
      })
    })
  })

/**
 * A partner fills a macro of a question with a dataset of its own.
 *
 * @since 0.1.0
 * @category models
 */
export const Assign = Schema.Struct({
  cleanroomQuestionId: Schema.String,
  macro: Schema.String,
  dataset: Schema.String
})

const title = (world: World.Service, row: Rows.CleanRoomQuestion) => QuestionState.details(world, row).title ?? ""

const foreignBindings = (world: World.Service, question: Rows.CleanRoomQuestion) =>
  question.bindings
    .filter(({ ownerId }) => ownerId !== world.organizationId)
    .map((binding) => ({ ...binding, name: binding.macro }))

/**
 * Lets the partner to whom a macro was handed assign its dataset.
 *
 * @since 0.1.0
 * @category combinators
 */
export const assign = (world: World.Service, asked: typeof Assign.Type) =>
  Effect.gen(function*() {
    const questions = world.cleanRoomQuestions.all().map((row) => ({ ...row, name: title(world, row) }))
    const { name: _, ...question } = yield* oneOf(questions, "cleanroomQuestionId", asked.cleanroomQuestionId)
    const { id, macro, ownerId } = yield* oneOf(foreignBindings(world, question), "macro", asked.macro)
    const kind = QuestionState.details(world, question).dataTypes?.find((type) => type.macro === macro)
    const own = Datasets.ofType(world, question.cleanRoomId, kind?.importDataType ?? "")
      .filter(({ organizationId }) => organizationId === ownerId)
    const dataset = yield* oneOf(own, "dataset", asked.dataset)
    const assignedAt = yield* Clock.currentTimeMillis
    return world.cleanRoomQuestions.put({
      ...question,
      bindings: question.bindings.map((binding) =>
        binding.id === id ? { ...binding, datasetId: dataset.id, columns: {}, assignedAt } : binding
      )
    })
  })

/**
 * The owner of a clean room decides on a destination that the API user asked for.
 *
 * @since 0.1.0
 * @category models
 */
export const Review = Schema.Struct({
  cleanroomId: Schema.String,
  destination: Schema.String,
  decision: Schema.Literal("APPROVE", "REJECT")
})

/**
 * Lets another clean room's owner decide.
 *
 * @since 0.1.0
 * @category combinators
 */
export const review = (world: World.Service, asked: typeof Review.Type) =>
  Effect.gen(function*() {
    const room = yield* roomOf(world, asked.cleanroomId)
    const waiting = Provisions.list(world, room)
      .filter(({ provision }) => provision.review === "PENDING")
      .map(({ destination, provision }) => ({ id: destination.id, name: destination.name, provision }))
    const { provision } = yield* oneOf(waiting, "destination", asked.destination)
    return yield* Effect.orDie(Provisions.review(world, provision, asked.decision))
  })

/**
 * What the API user may do in a clean room: its role there, and the parts that are closed to it whatever its role.
 *
 * @since 0.1.0
 * @category models
 */
export const Rights = Schema.Struct({
  cleanroomId: Schema.String,
  role: Schema.optional(Schema.String),
  denied: Schema.optional(Schema.Array(Schema.Literal("partners", "users", "invitations", "datasets")))
})

/** The role that puts the API user out of the clean room. */
const out = { id: "none", name: "none" }

const setRole = (world: World.Service, room: Rows.CleanRoom, name: string) =>
  Effect.gen(function*() {
    const role = yield* oneOf([...Members.roles(world, room.id, world.organizationId), out], "role", name)
    const now = yield* Clock.currentTimeMillis
    world.cleanRoomUsers.removeWhere((row) => row.cleanRoomId === room.id && row.personId === world.apiUserId)
    if (role !== out) Members.add(world, room.id, world.apiUserId, role.id, now)
  })

/**
 * Lets an administrator of a clean room change what the API user may do in it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const setRights = (world: World.Service, asked: typeof Rights.Type) =>
  Effect.gen(function*() {
    const room = yield* roomOf(world, asked.cleanroomId)
    if (asked.role !== undefined) yield* setRole(world, room, asked.role)
    if (asked.denied !== undefined) world.cleanRooms.put({ ...room, denied: asked.denied })
  })
