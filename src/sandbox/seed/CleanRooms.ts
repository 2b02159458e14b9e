/**
 * The seeded clean rooms, who is in them, and who was asked in.
 *
 * @since 0.1.0
 */
import * as Ids from "../Ids.js"
import * as Members from "../Members.js"
import type * as Rows from "../Rows.js"
import { date } from "../Wire.js"
import type * as World from "../World.js"
import * as Organizations from "./Organizations.js"

/**
 * The clean rooms by the names that the seed uses.
 *
 * @since 0.1.0
 * @category models
 */
export type Key = "summer" | "publisher" | "loyalty" | "spring" | "holiday" | "agency" | "marketplace" | "foreign"

interface Spec {
  readonly key: Key
  readonly name: string
  readonly description: string
  readonly owner?: Organizations.Party
  readonly type?: string
  /** Days from now. */
  readonly startsAt: number
  readonly endsAt?: number
  readonly partners: ReadonlyArray<Organizations.Party>
  readonly colleagues: ReadonlyArray<readonly [name: string, role: string]>
  readonly denied?: ReadonlyArray<Rows.CleanRoomPart>
  readonly granted?: ReadonlyArray<string>
  readonly settings?: { readonly [name: string]: string }
}

const aws = {
  REGION: "REGION_US",
  SUB_REGION: "SUB_REGION_EAST1",
  CLOUD: "CLOUD_AWS",
  ENABLE_EXPORT: "true",
  ENABLE_VIEW_QUERY: "true",
  ENABLE_HABU_INTELLIGENCE: "false",
  ENABLE_PAIR: "false",
  ENABLE_OPJA: "false",
  DATA_DECIBEL: "1",
  CROWD_SIZE: "10"
}

const specs: ReadonlyArray<Spec> = [
  {
    key: "summer",
    name: "Fizzwell Summer Campaign",
    description: "Reach and sales of the summer campaign, with Fizzwell's and Lumen Street's data",
    startsAt: -160,
    partners: ["brand", "publisher"],
    colleagues: [["Maren Holt", "Administrator"], ["Priya Nair", "Viewer"], ["Jonas Beck", "Viewer"]]
  },
  {
    key: "publisher",
    name: "Lumen Street Measurement",
    description: "Audience overlap and frequency on Lumen Street's inventory",
    startsAt: -120,
    partners: ["publisher"],
    colleagues: [["Tobias Lind", "Administrator"]],
    granted: ["VIEW_CODE", "CLONE"],
    settings: { ...aws, CLOUD: "CLOUD_GCP", CROWD_SIZE: "50" }
  },
  {
    key: "loyalty",
    name: "Loyalty Insights (Snowflake)",
    description: "Basket and tier analyses inside the retailer's own Snowflake account",
    type: "Snowflake",
    startsAt: -90,
    partners: ["brand"],
    colleagues: [["Tobias Lind", "Administrator"], ["Elena Duarte", "Viewer"]],
    settings: { ...aws, ENABLE_EXPORT: "false", CROWD_SIZE: "25" }
  },
  {
    key: "spring",
    name: "Spring Launch ",
    description: "The spring launch; over since the end of the season",
    startsAt: -175,
    endsAt: -41,
    partners: ["brand", "publisher"],
    colleagues: [["Maren Holt", "Administrator"]]
  },
  {
    key: "holiday",
    name: "Holiday Planning",
    description: "Set up for the coming season; nothing in it yet",
    startsAt: -3,
    partners: [],
    colleagues: []
  },
  {
    key: "agency",
    name: "Kestrel Reporting",
    description: "Monthly reporting with the agency",
    startsAt: -70,
    partners: ["agency", "publisher"],
    colleagues: [["Maren Holt", "Administrator"]],
    denied: ["partners"]
  },
  {
    key: "marketplace",
    name: "Lumen Street Audience Marketplace",
    description: "The publisher's own clean room, with retailers as its partners",
    owner: "publisher",
    startsAt: -110,
    partners: ["retailer"],
    colleagues: []
  },
  {
    key: "foreign",
    name: "Northwind Shopper Panel",
    description: "Another retailer's clean room",
    owner: "outsider",
    startsAt: -60,
    partners: ["brand"],
    colleagues: []
  }
]

const day = 86_400_000

/**
 * How many days ago clean rooms came to give partners more than usual.
 *
 * @since 0.1.0
 * @category models
 */
export const defaultsAge = 85

/**
 * A seeded clean room's id.
 *
 * @since 0.1.0
 * @category getters
 */
export const idOf = (world: World.Service, key: Key): string => Ids.uuid(world.seed, `cleanRoom/${key}`)

const leaders: { readonly [party in Organizations.Party]: string } = {
  retailer: "Maren Holt",
  brand: "Dana Whitfield",
  publisher: "Lucia Ferreira",
  agency: "Owen Marsh",
  outsider: "Grace Odum"
}

const leaderOf = (world: World.Service, party: Organizations.Party) =>
  party === "retailer" ? world.apiUserId : Organizations.personId(world, leaders[party])

const plantRoom = (world: World.Service, spec: Spec, now: number) => {
  const createdAt = now + spec.startsAt * day
  const owner = spec.owner ?? "retailer"
  return world.cleanRooms.put({
    id: idOf(world, spec.key),
    displayId: world.ids.displayId("CR"),
    name: spec.name,
    description: spec.description,
    ownerId: Organizations.idOf(world, owner),
    type: spec.type ?? "Hybrid",
    startAt: date(createdAt),
    endAt: spec.endsAt === undefined ? undefined : date(now + spec.endsAt * day),
    parameters: spec.settings ?? aws,
    denied: spec.denied ?? [],
    granted: spec.granted ?? [],
    createdAt,
    updatedAt: createdAt
  })
}

const plantMembers = (world: World.Service, spec: Spec, room: Rows.CleanRoom) => {
  Members.open(world, room, leaderOf(world, spec.owner ?? "retailer"), room.createdAt)
  for (const [name, role] of spec.colleagues) {
    const found = Members.roles(world, room.id, room.ownerId).find((item) => item.name === role)
    if (found !== undefined) {
      Members.add(world, room.id, Organizations.personId(world, name), found.id, room.createdAt + day)
    }
  }
  for (const party of spec.partners) {
    const person = world.people.get(leaderOf(world, party))
    if (person !== undefined) Members.join(world, room.id, person, room.createdAt + 2 * day)
  }
}

const invitations: ReadonlyArray<readonly [Key, string, Rows.Invitation["status"], number]> = [
  ["summer", "dana.whitfield@fizzwell.example", "ACCEPTED", -159],
  ["summer", "lucia.ferreira@lumenstreet.example", "ACCEPTED", -158],
  ["summer", "owen.marsh@kestrel.example", "DECLINED", -150],
  ["holiday", "noah.kim@fizzwell.example", "PENDING", -2],
  ["agency", "owen.marsh@kestrel.example", "ACCEPTED", -69],
  ["loyalty", "ines.roth@harborfoods.example", "ACCEPTED", -5]
]

const plantInvitation = (
  world: World.Service,
  [key, email, status, at]: typeof invitations[number],
  now: number
) => {
  const person = world.people.find((item) => item.email === email)
  world.invitations.put({
    id: Ids.uuid(world.seed, `invitation/${key}/${email}`),
    cleanRoomId: idOf(world, key),
    organizationId: world.organizationId,
    partnerOrganizationId: status === "ACCEPTED" ? person?.organizationId : undefined,
    email,
    note: "Please join us in this clean room.",
    invitorEmail: "maren.holt@alderpine.example",
    status,
    createdAt: now + at * day,
    updatedAt: now + at * day + (status === "PENDING" ? 0 : day / 2)
  })
}

/**
 * Plants clean rooms, members and invitations.
 *
 * @since 0.1.0
 * @category constructors
 */
export const plant = (world: World.Service, now: number): void => {
  for (const spec of specs) plantMembers(world, spec, plantRoom(world, spec, now))
  for (const invitation of invitations) plantInvitation(world, invitation, now)
}
