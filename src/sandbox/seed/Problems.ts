/**
 * The problems planted in the seeded organisation, by the entry of the troubleshooting catalogue that they stand for.
 *
 * @since 0.1.0
 */
import type * as World from "../World.js"
import * as CleanRooms from "./CleanRooms.js"
import * as Connections from "./Connections.js"
import * as Destinations from "./Destinations.js"
import * as Exports from "./Exports.js"
import * as Questions from "./Questions.js"
import * as Schedules from "./Schedules.js"

/**
 * What kind of object a problem sits in; a question is one in a clean room.
 *
 * @since 0.1.0
 * @category models
 */
export type Kind = "room" | "question" | "connection" | "destination" | "exportJob" | "flow" | "schedule"

/**
 * A planted problem. `where` is the object that has it, by its id; `shows` says how the API shows it.
 *
 * @since 0.1.0
 * @category models
 */
export interface Problem {
  readonly id: string
  readonly where: { readonly kind: Kind; readonly id: string }
  readonly shows: string
}

const planted: ReadonlyArray<readonly [id: string, kind: Kind, key: string, shows: string]> = [
  ["T-04", "room", "agency", "its partners answer 403, everything else is readable"],
  ["T-09", "question", "unfilled", "create-run answers 412: our own macro has no dataset"],
  ["T-10", "question", "global-copy", "MISSING_DATASETS though our own macro is assigned; the partner's is not"],
  [
    "T-11",
    "question",
    "daily-case",
    "a run fails with a table that is not found: a macro is spelled with another case"
  ],
  ["T-12", "question", "contacts", "a run fails because an output column comes from a field labelled as PII"],
  [
    "T-13",
    "question",
    "global-copy",
    "assigning the partner's dataset ourselves is refused with 403 by its owner's rule"
  ],
  [
    "T-14",
    "question",
    "interests",
    "a run completes without the interests that fewer people than the crowd size share"
  ],
  ["T-15", "question", "overlap", "two equal runs give different numbers"],
  ["T-16", "question", "zero", "a run completes with no rows: its filter matches nothing"],
  ["T-17", "question", "mail-match", "a run finds no shared customer: it compares plain with hashed addresses"],
  ["T-18", "connection", "legacy", "stands at configuration failed: its bucket is not ours"],
  [
    "T-19",
    "connection",
    "archive",
    "has been verifying access for hours: its job is RUNNING, and goes on once retried"
  ],
  ["T-20", "connection", "store-sales", "stands at mapping required"],
  ["T-21", "connection", "coupons", "stands at waiting for file: its folder is empty"],
  ["T-22", "connection", "members-sheet", "failed; the name of its first field begins with a byte order mark"],
  [
    "T-23",
    "connection",
    "web-orders",
    "failed; the names of its fields have blanks, special characters or more than 50"
  ],
  ["T-24", "connection", "regions", "failed; one of its fields is there twice, with two data types"],
  ["T-25", "connection", "spark-parts", "failed; its sample file has no extension"],
  ["T-26", "connection", "preferences", "has a field of type UNKNOWN, left out: its source gives lists"],
  ["T-27", "question", "households", "a run fails: its dataset lacks a field that came after the schema was read"],
  ["T-28", "connection", "warehouse-members", "failed; its source signs in with a key pair, and the key is encrypted"],
  [
    "T-29",
    "question",
    "till-stores",
    "a run fails though its Snowflake connection is complete: the warehouse is closed to it"
  ],
  [
    "T-30",
    "question",
    "agency-tiers",
    "a run fails in a Hybrid clean room: its Snowflake connection is for the other type"
  ],
  ["T-31", "connection", "analytics-view", "failed; an authorised view of a project without the rights for it"],
  ["T-32", "connection", "vault", "failed, while other connections read the same bucket"],
  ["T-33", "question", "devices", "its datasets ask each run for a range of partition dates"],
  ["T-34", "question", "heavy", "its runs end at the time limit, retryable"],
  ["T-35", "question", "baskets", "MEDIUM as compute capacity is refused with 400: the clean room is a Snowflake one"],
  ["T-36", "question", "spring-reach", "create-run answers 412: the clean room has ended"],
  ["T-37", "room", "loyalty", "an invitation is accepted, yet names no partner organization"],
  ["T-38", "room", "holiday", "an invitation has been pending since two days ago"],
  ["T-39", "question", "marketplace-private", "create-run answers 403: its owner withholds RUN"],
  ["T-40", "question", "segment-spend", "partners lack VIEW_CODE and CLONE that questions added later give them"],
  ["T-41", "room", "summer", "adding Priya Nair answers 409: she is in it already"],
  ["T-42", "room", "publisher", "adding someone who is no user of the organization answers 404"],
  ["T-43", "question", "baskets", "an export job is refused: its clean room is of a type without exports"],
  ["T-44", "destination", "brand-ads", "its channel stays PENDING_CHANNEL until the owner approves"],
  ["T-47", "exportJob", "buyers", "has a run that ended as NO_NEW_USERS"],
  ["T-48", "exportJob", "buyers", "has a run that ended as THRESHOLD_WARNING"],
  ["T-49", "flow", "Exposed Buyer Profile - Draft", "a flow run is refused with 412: its datasets are not assigned"],
  ["T-50", "flow", "Exposed Buyer Profile", "the report of a node by its label or title answers 404, by its UUID not"],
  ["T-51", "flow", "Audience Refresh", "its newest run has been PAUSED since its first level ended"],
  ["T-52", "question", "contacts", "the explain plan of its run says success false and why"],
  ["T-56", "schedule", "sales-store-id", "reads back a start in UTC: a schedule has no time zone"]
]

const rooms: ReadonlyArray<CleanRooms.Key> = ["summer", "publisher", "loyalty", "holiday", "agency"]

const roomId = (world: World.Service, key: string) => {
  const found = rooms.find((room) => room === key)
  return found === undefined ? "" : CleanRooms.idOf(world, found)
}

const idOf: { readonly [kind in Kind]: (world: World.Service, key: string) => string } = {
  room: roomId,
  question: Questions.idOf,
  connection: Connections.idOf,
  destination: Destinations.idOf,
  exportJob: Exports.idOf,
  flow: (world, name) => world.flows.find((flow) => flow.name === name)?.id ?? "",
  schedule: Schedules.idOf
}

/**
 * All planted problems of a world.
 *
 * @since 0.1.0
 * @category getters
 */
export const all = (world: World.Service): ReadonlyArray<Problem> =>
  planted.map(([id, kind, key, shows]) => ({ id, where: { kind, id: idOf[kind](world, key) }, shows }))

/**
 * The problem planted for an entry of the catalogue, such as `T-12`.
 *
 * @since 0.1.0
 * @category getters
 */
export const problem = (world: World.Service, id: string): Problem | undefined =>
  all(world).find((item) => item.id === id)
