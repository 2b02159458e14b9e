/**
 * What can be watched, and what is kept of it between two looks.
 *
 * @since 0.1.0
 */
import * as Schema from "effect/Schema"
import * as Workflow from "../Workflow.js"

const common = {
  id: Schema.String,
  name: Workflow.maybe(Schema.String)
}

/**
 * Something to watch, by its id at Habu and where Habu lists it. `name` is for people to read.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Thing = Schema.Union(
  Schema.Struct({ kind: Schema.Literal("clean_room"), ...common }),
  Schema.Struct({ kind: Schema.Literal("invitation"), ...common, cleanRoomId: Schema.String }),
  Schema.Struct({ kind: Schema.Literal("run"), ...common, cleanRoomId: Workflow.maybe(Schema.String) }),
  Schema.Struct({
    kind: Schema.Literal("schedule"),
    ...common,
    questionId: Schema.String,
    cleanRoomId: Workflow.maybe(Schema.String)
  }),
  Schema.Struct({ kind: Schema.Literal("data_connection"), ...common })
)

export type Thing = typeof Thing.Type

export type Kind = Thing["kind"]

/**
 * What was seen of a thing, in groups that are read each for itself: a group that could not be read stays as it was.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Facts = Schema.Record({
  key: Schema.String,
  value: Schema.Record({ key: Schema.String, value: Schema.String })
})

export type Facts = typeof Facts.Type

/**
 * One thing that became different. `from` is missing for what is new, `to` for what is there no more. Times are in
 * milliseconds since the epoch: it happened between `since` and `noticedAt`.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Difference = Schema.Struct({
  what: Schema.String,
  from: Workflow.maybe(Schema.String),
  to: Workflow.maybe(Schema.String),
  since: Schema.Number,
  noticedAt: Schema.Number
})

export interface Difference extends Schema.Schema.Type<typeof Difference> {}

/**
 * A watched thing as it is kept. `over`: nothing will change any more, so it is dropped once that is told.
 *
 * @since 0.1.0
 * @category schemas
 */
export const Watched = Schema.Struct({
  thing: Thing,
  facts: Facts,
  seenAt: Schema.Number,
  over: Schema.Boolean,
  untold: Schema.Array(Difference)
})

export interface Watched extends Schema.Schema.Type<typeof Watched> {}
