/**
 * People of a clean room as Habu shows them.
 *
 * @since 0.1.0
 */
import type * as Api from "../habu/api/Users.js"
import type * as Rows from "./Rows.js"
import { given, timeAudit, user } from "./Wire.js"
import type * as World from "./World.js"

/**
 * A role as the contract's `CleanRoomRole`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const roleToWire = (role: Rows.CleanRoomRole): Api.CleanRoomRole => ({
  id: role.id,
  name: role.name,
  cleanRoomId: role.cleanRoomId,
  organizationId: role.organizationId
})

/**
 * A person's place in a clean room as the contract's `CleanRoomUser`.
 *
 * @since 0.1.0
 * @category combinators
 */
export const toWire = (world: World.Service, row: Rows.CleanRoomUser): Api.CleanRoomUser => {
  const person = world.people.get(row.personId)
  const role = world.roles.get(row.roleId)
  return given({
    id: row.id,
    cleanRoomId: row.cleanRoomId,
    user: person === undefined ? undefined : user(person),
    timeAudit: timeAudit(row),
    userAudit: { createdBy: world.apiUserId, updatedBy: world.apiUserId },
    role: role === undefined ? undefined : roleToWire(role)
  })
}
