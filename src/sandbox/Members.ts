/**
 * Who is in a clean room: organisations, their roles and their people.
 *
 * @since 0.1.0
 */
import type * as Rows from "./Rows.js"
import type * as World from "./World.js"

const ownerRoles = ["Administrator", "Viewer"]
const partnerRoles = ["Partner Admin", "Partner Viewer"]

/**
 * The roles that only a partner's own side may give.
 *
 * @since 0.1.0
 * @category models
 */
export const administratorRoles: ReadonlyArray<string> = ["Administrator", "Partner Admin"]

const addRoles = (world: World.Service, cleanRoomId: string, organizationId: string, names: ReadonlyArray<string>) => {
  for (const name of names) {
    world.roles.put({ id: world.ids.uuid("role"), cleanRoomId, organizationId, name })
  }
}

/**
 * The roles that an organisation can give in a clean room.
 *
 * @since 0.1.0
 * @category getters
 */
export const roles = (
  world: World.Service,
  cleanRoomId: string,
  organizationId: string
): ReadonlyArray<Rows.CleanRoomRole> =>
  world.roles.where((role) => role.cleanRoomId === cleanRoomId && role.organizationId === organizationId)

/**
 * The users of an organisation in a clean room.
 *
 * @since 0.1.0
 * @category getters
 */
export const users = (
  world: World.Service,
  cleanRoomId: string,
  organizationId: string
): ReadonlyArray<Rows.CleanRoomUser> =>
  world.cleanRoomUsers.where((user) =>
    user.cleanRoomId === cleanRoomId && world.people.get(user.personId)?.organizationId === organizationId
  )

/**
 * Puts a person into a clean room under the first role whose name is asked for.
 *
 * @since 0.1.0
 * @category constructors
 */
export const add = (
  world: World.Service,
  cleanRoomId: string,
  personId: string,
  roleId: string,
  now: number
): Rows.CleanRoomUser =>
  world.cleanRoomUsers.put({
    id: world.ids.uuid("cleanRoomUser"),
    cleanRoomId,
    personId,
    roleId,
    createdAt: now,
    updatedAt: now
  })

/**
 * Gives a new clean room its owner's roles and its first administrator.
 *
 * @since 0.1.0
 * @category constructors
 */
export const open = (world: World.Service, room: Rows.CleanRoom, personId: string, now: number): void => {
  addRoles(world, room.id, room.ownerId, ownerRoles)
  const administrator = roles(world, room.id, room.ownerId)[0]
  if (administrator !== undefined) add(world, room.id, personId, administrator.id, now)
}

/**
 * Lets an organisation into a clean room, with one of its people as Partner Admin.
 *
 * @since 0.1.0
 * @category constructors
 */
export const join = (
  world: World.Service,
  cleanRoomId: string,
  person: Rows.Person,
  now: number
): Rows.CleanRoomPartner => {
  const { organizationId } = person
  const partner = world.partners.put({ id: world.ids.uuid("partner"), cleanRoomId, organizationId, createdAt: now })
  addRoles(world, cleanRoomId, organizationId, partnerRoles)
  const administrator = roles(world, cleanRoomId, organizationId)[0]
  if (administrator !== undefined) add(world, cleanRoomId, person.id, administrator.id, now)
  return partner
}

/**
 * Takes an organisation out of a clean room: its people, roles and datasets go with it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const leave = (world: World.Service, partner: Rows.CleanRoomPartner): void => {
  const here = (row: { readonly cleanRoomId: string; readonly organizationId: string }) =>
    row.cleanRoomId === partner.cleanRoomId && row.organizationId === partner.organizationId
  for (const user of users(world, partner.cleanRoomId, partner.organizationId)) world.cleanRoomUsers.remove(user.id)
  world.roles.removeWhere(here)
  world.datasets.removeWhere(here)
  world.partners.remove(partner.id)
}

const removeExports = (world: World.Service, is: (job: Rows.ExportJob) => boolean) => {
  for (const { id } of world.exportJobs.removeWhere(is)) world.exportRuns.removeWhere(({ jobId }) => jobId === id)
}

/**
 * Removes a question from its clean room, with its runs, schedules and exports.
 *
 * @since 0.1.0
 * @category combinators
 */
export const removeQuestion = (world: World.Service, id: string): void => {
  world.runs.removeWhere((run) => run.cleanRoomQuestionId === id)
  world.schedules.removeWhere((schedule) => schedule.cleanRoomQuestionId === id)
  removeExports(world, ({ source }) => source._tag === "Question" && source.cleanRoomQuestionId === id)
  world.cleanRoomQuestions.remove(id)
}

/**
 * Removes a clean room and everything in it.
 *
 * @since 0.1.0
 * @category combinators
 */
export const close = (world: World.Service, id: string): void => {
  const inside = (row: { readonly cleanRoomId: string }) => row.cleanRoomId === id
  for (const question of world.cleanRoomQuestions.where(inside)) removeQuestion(world, question.id)
  for (const flow of world.flows.removeWhere(inside)) {
    world.flowRuns.removeWhere(({ flowRowId }) => flowRowId === flow.id)
  }
  removeExports(world, inside)
  world.partners.removeWhere(inside)
  world.roles.removeWhere(inside)
  world.cleanRoomUsers.removeWhere(inside)
  world.invitations.removeWhere(inside)
  world.datasets.removeWhere(inside)
  world.provisions.removeWhere(inside)
  world.executionTemplates.removeWhere(inside)
  world.executions.removeWhere(inside)
  world.cleanRooms.remove(id)
}

/**
 * The organisations that take part: the owner first.
 *
 * @since 0.1.0
 * @category getters
 */
export const stakeholders = (world: World.Service, room: Rows.CleanRoom) => {
  const partners = world.partners.where((partner) => partner.cleanRoomId === room.id)
  return [room.ownerId, ...partners.map((partner) => partner.organizationId)].map((organizationId, index) => ({
    organizationId,
    organizationName: world.organizations.get(organizationId)?.name ?? "",
    ownership: index === 0 ? "OWNER" : "PARTNER"
  }))
}
