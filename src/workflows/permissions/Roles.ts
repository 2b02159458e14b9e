/**
 * The people of a clean room and their roles, on the own side and on the partners'.
 *
 * @since 0.1.0
 */
import * as Effect from "effect/Effect"
import { ChangeNote } from "../../audit/ChangeNote.js"
import type { CleanRoom } from "../../habu/api/CleanRooms.js"
import type { CleanRoomPartnerResponse } from "../../habu/api/Partners.js"
import type { CleanRoomRole, CleanRoomUser } from "../../habu/api/Users.js"
import { HabuClient } from "../../habu/HabuClient.js"
import { type Known, resolve } from "../../habu/HabuDirectory.js"
import * as Text from "../../habu/Text.js"
import * as Plan from "../Plan.js"
import * as Words from "../Words.js"
import * as Workflow from "../Workflow.js"

/**
 * Somebody in a clean room, and the partner that they belong to; undefined for the own side.
 *
 * @since 0.1.0
 * @category models
 */
export interface Member {
  readonly user: CleanRoomUser
  readonly partner: CleanRoomPartnerResponse | undefined
}

const reads = (text: string | undefined, wanted: string) => Text.folded(text ?? "") === Text.folded(wanted)

/**
 * Whether a member is who is meant: by mail address, name or id.
 *
 * @since 0.1.0
 * @category guards
 */
export const is = (wanted: string) => ({ user: { id, user } }: Member): boolean =>
  [user?.email, user?.name, user?.id, id].some((text) => reads(text, wanted))

/**
 * Whether a role administers.
 *
 * @since 0.1.0
 * @category guards
 */
export const isAdministrator = (role: string | undefined): boolean => /admin/i.test(role ?? "")

/**
 * What to call a member.
 *
 * @since 0.1.0
 * @category formatting
 */
export const title = ({ user: { user } }: Member): string => Words.said(user?.email) ?? Words.said(user?.name) ?? "?"

const membersNow = (cleanRoom: Known<CleanRoom>, partner: CleanRoomPartnerResponse | undefined) =>
  Effect.flatMap(HabuClient, (habu) =>
    partner === undefined
      ? habu.getCleanroomUsers({ path: { cleanroomId: cleanRoom.id }, urlParams: {} })
      : Effect.map(
        habu.getCleanroomPartnerById({
          path: { cleanroomId: cleanRoom.id, cleanroomPartnerId: partner.id ?? "" }
        }),
        ({ cleanRoomUsers = [] }) => cleanRoomUsers
      ))

const rolesFor = (cleanRoom: Known<CleanRoom>, partner: CleanRoomPartnerResponse | undefined) =>
  Effect.flatMap(HabuClient, (habu) =>
    partner === undefined
      ? habu.getCleanroomRoles({ path: { cleanroomId: cleanRoom.id } })
      : habu.getCleanroomPartnerRoles({ path: { cleanroomId: cleanRoom.id, cleanroomPartnerId: partner.id ?? "" } }))

const gradeOf = (role: CleanRoomRole) => isAdministrator(role.name) ? "privacy_lowering" as const : "ordinary" as const

/**
 * The change that gives somebody a role; undefined where they have it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const giving = Effect.fnUntraced(function*(cleanRoom: Known<CleanRoom>, member: Member, wanted: string) {
  const { partner, user } = member
  const role = yield* resolve("role", wanted, yield* rolesFor(cleanRoom, partner))
  if (user.role?.id === role.id) return undefined
  if (partner !== undefined && [role.name, user.role?.name].some(isAdministrator)) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "role",
        problem: `is ${JSON.stringify(Words.said(role.name) ?? "")}, from ${
          JSON.stringify(Words.said(user.role?.name) ?? "none")
        }`,
        advice:
          "Habu does not let a partner's administrators be made or unmade from outside; the partner does that in " +
          "Habu's UI. Nothing was changed."
      })
    )
  }
  const step = `role of ${title(member)}`
  const id = user.id ?? ""
  const path = { cleanroomId: cleanRoom.id, cleanroomUserId: id, cleanRoomRoleId: role.id ?? "" }
  return {
    step,
    grade: gradeOf(role),
    preview: `${step} in ${Words.title(cleanRoom)}: from ${Words.said(user.role?.name) ?? "none"} to ${
      Words.said(role.name) ?? ""
    }`,
    shown: Effect.map(
      membersNow(cleanRoom, partner),
      (now) => now.some((one) => one.id === id && one.role?.id === role.id)
    ),
    write: Effect.gen(function*() {
      const habu = yield* HabuClient
      yield* Effect.provideService(
        partner === undefined
          ? habu.updateCleanroomUserRole({ path })
          : habu.updateCleanroomPartnerUserRole({ path: { ...path, cleanroomPartnerId: partner.id ?? "" } }),
        ChangeNote,
        { before: user.role?.name, after: role.name }
      )
    })
  } satisfies Plan.Change<HabuClient>
})

/**
 * The change that lets somebody of the own organisation in. Fails where Habu does not list them as a user of it.
 *
 * @since 0.1.0
 * @category constructors
 */
export const admitting = Effect.fnUntraced(function*(cleanRoom: Known<CleanRoom>, wanted: string, wantedRole: string) {
  const habu = yield* HabuClient
  const people = yield* habu.getAllOrganizationUsers({ urlParams: { limit: 500 } })
  const person = people.find(({ user }) => [user?.email, user?.name, user?.id].some((text) => reads(text, wanted)))
  const email = person?.user?.email
  if (email === undefined) {
    return yield* Effect.fail(
      new Workflow.InputInvalid({
        field: "user",
        problem: `is ${JSON.stringify(Text.clean(wanted, 80))}, who is neither in the clean room nor a user of the ` +
          "organisation",
        options: people.slice(0, 15).flatMap(({ user }) => Words.said(user?.email) ?? []),
        advice: "Organisation users are made in Habu's UI only (Admin > Users). Nothing was changed."
      })
    )
  }
  const role = yield* resolve("role", wantedRole, yield* rolesFor(cleanRoom, undefined))
  const step = `let ${Words.said(email)} in`
  return {
    step,
    grade: gradeOf(role),
    preview: `let ${Words.said(email)} into ${Words.title(cleanRoom)} as ${Words.said(role.name) ?? ""}`,
    makes: `user/${cleanRoom.id}/${Text.folded(email)}`,
    shown: Effect.map(membersNow(cleanRoom, undefined), (now) => now.some(({ user }) => reads(user?.email, email))),
    write: Effect.asVoid(
      Effect.provideService(
        habu.addCleanroomUser({ path: { cleanroomId: cleanRoom.id }, payload: { email, role: role.name ?? "" } }),
        ChangeNote,
        { before: "not in the clean room", after: role.name }
      )
    )
  } satisfies Plan.Change<HabuClient>
})

/**
 * The change that takes somebody out. One of a partner's people cannot be let in again from outside.
 *
 * @since 0.1.0
 * @category constructors
 */
export const removing = (cleanRoom: Known<CleanRoom>, member: Member): Plan.Change<HabuClient> => {
  const { partner, user } = member
  const step = `take ${title(member)} out`
  const id = user.id ?? ""
  const path = { cleanroomId: cleanRoom.id, cleanroomUserId: id }
  return {
    step,
    grade: partner === undefined ? "ordinary" : "destructive",
    preview: `take ${title(member)} (${Words.said(user.role?.name) ?? "no role"}) out of ${Words.title(cleanRoom)}${
      partner === undefined ? "" : "; only the partner can let them in again"
    }`,
    shown: Effect.map(membersNow(cleanRoom, partner), (now) => !now.some((one) => one.id === id)),
    write: Effect.flatMap(HabuClient, (habu) =>
      Effect.provideService(
        partner === undefined
          ? habu.deleteCleanroomUser({ path })
          : habu.deleteCleanroomPartnerUser({ path: { ...path, cleanroomPartnerId: partner.id ?? "" } }),
        ChangeNote,
        { before: user.role?.name, after: "not in the clean room" }
      )).pipe(
        Effect.flatMap(Plan.confirmed(partner === undefined ? "deleteCleanroomUser" : "deleteCleanroomPartnerUser")),
        Effect.asVoid
      )
  }
}
