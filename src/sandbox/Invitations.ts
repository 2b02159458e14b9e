/**
 * Invitations, and the partner's side of them.
 *
 * @since 0.1.0
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Api from "../habu/api/Partners.js"
import * as Members from "./Members.js"
import type * as Rows from "./Rows.js"
import { given, timeAudit } from "./Wire.js"
import type * as World from "./World.js"

/**
 * An invitation as the contract's `InvitationDetail`, `Status` and `InvitorEmail` with their capitals.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toWire = (row: Rows.Invitation): Api.InvitationDetail =>
  given({
    id: row.id,
    organizationId: row.organizationId,
    partnerOrganizationId: row.partnerOrganizationId,
    cleanRoomId: row.cleanRoomId,
    invitationNote: row.note,
    partnerAdminEmail: row.email,
    InvitorEmail: row.invitorEmail,
    Status: row.status,
    timeAudit: timeAudit(row)
  })

/**
 * There is no pending invitation to act on.
 *
 * @since 0.1.0
 * @category errors
 */
export class NoInvitation extends Data.TaggedError("NoInvitation")<{ readonly email: string }> {
  override get message() {
    return `${this.email} has no pending invitation in the sandbox`
  }
}

const pending = (world: World.Service, email: string) => {
  const found = world.invitations.find((row) =>
    row.email.toLowerCase() === email.toLowerCase() && row.status === "PENDING"
  )
  return found === undefined ? Effect.fail(new NoInvitation({ email })) : Effect.succeed(found)
}

/** A person nobody knows yet brings an organisation named after the mail domain. */
const guest = (world: World.Service, email: string): Rows.Person => {
  const known = world.people.find((person) => person.email.toLowerCase() === email.toLowerCase())
  if (known !== undefined) return known
  const [name = email, domain = "example.com"] = email.split("@")
  const organization = world.organizations.put({ id: world.ids.uuid("organization"), name: domain, party: undefined })
  return world.people.put({
    id: world.ids.uuid("person"),
    organizationId: organization.id,
    name,
    email,
    roleName: "Organization Admin"
  })
}

/**
 * Plays the partner who accepts the pending invitation to an address.
 *
 * @since 0.1.0
 * @category combinators
 */
export const accept = (world: World.Service, email: string) =>
  Effect.gen(function*() {
    const invitation = yield* pending(world, email)
    const now = yield* Clock.currentTimeMillis
    const person = guest(world, email)
    world.invitations.put({
      ...invitation,
      status: "ACCEPTED",
      partnerOrganizationId: person.organizationId,
      updatedAt: now
    })
    Members.join(world, invitation.cleanRoomId, person, now)
  })

/**
 * Plays the partner who declines.
 *
 * @since 0.1.0
 * @category combinators
 */
export const decline = (world: World.Service, email: string) =>
  Effect.gen(function*() {
    const invitation = yield* pending(world, email)
    world.invitations.put({ ...invitation, status: "DECLINED", updatedAt: yield* Clock.currentTimeMillis })
  })
